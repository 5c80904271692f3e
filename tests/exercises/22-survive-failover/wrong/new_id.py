def produce(connect, orders):
    line = connect()
    for id, body in orders:
        attempt = 1
        while True:
            try:
                line.send(body, f"{id}, try {attempt}", persistent=True)
                if line.wait_for_receipt(f"{id}, try {attempt}"):
                    break
            except ConnectionError:
                pass
            attempt += 1
            line = connect()


def consume(connect, books):
    while True:
        line = connect()
        try:
            while True:
                message = line.receive()
                if message is None:
                    continue
                if message.id not in books:
                    books.add(message.id, message.body)
                line.ack(message)
        except ConnectionError:
            continue
