def produce(connect, orders):
    line = connect()
    for id, body in orders:
        line.send(body, id, persistent=True)
        line.wait_for_receipt(id)


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
