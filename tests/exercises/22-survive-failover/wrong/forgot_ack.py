def produce(connect, orders):
    line = connect()
    for id, body in orders:
        while True:
            try:
                line.send(body, id, persistent=True)
                if line.wait_for_receipt(id):
                    break
            except ConnectionError:
                pass
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
        except ConnectionError:
            continue
