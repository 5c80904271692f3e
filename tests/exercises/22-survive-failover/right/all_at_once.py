def produce(connect, orders):
    """All orders on one line, then their receipts; what has none goes again."""
    waiting = dict(orders)
    while waiting:
        line = connect()
        try:
            for id, body in waiting.items():
                line.send(body, id, True)
        except ConnectionError:
            pass
        waiting = {id: body for id, body in waiting.items() if not line.wait_for_receipt(id)}


def consume(connect, books):
    """Ends when there is nothing or the line is over, and is started again."""
    line = connect()
    try:
        while message := line.receive():
            if message.id not in books:
                books.add(message.id, message.body)
            line.ack(message)
    except ConnectionError:
        return
