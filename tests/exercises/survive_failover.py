"""Answers of 22-survive-failover; each runs on real brokers."""

from labkit.study.crash import Stopped
from labkit.words.survive_failover import Mistake
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "22-survive-failover",
    read="own_memory",
    text="""
Not yet: survive three failovers
In the run “a day on which the serving broker is killed three times and the consumer's machine loses power at one step after another”:
What was called:
  - producer: send(order-7)
  - producer: wait_for_receipt(order-7)
  - consumer, started again: received(order-7)
  - consumer, started again: books.add(order-7), it was written, and then the machine lost power
  - consumer, started again: received(order-7)
  - consumer, started again: books.add(order-7)
  - consumer, started again: ack(order-7)
What came back:
  - 'a map of the harbour': ordered 1, in the books 2
What was expected:
  - Each order once in the books, and an empty queue.
Why:
  - The consumer knew in its own memory what it had written, and that was gone with the machine. The books are there for every machine: `message.id in books`.
`hint('22-survive-failover')` helps in steps.
""",
    unprotected={"try": "`ConnectionError` ends only this start, and a supervisor starts the program again"},
)
SEND, WAIT = "line.send(body, id, persistent=True)", "if line.wait_for_receipt(id):"
CAUGHT, UNSURE = "pass  # what was not acknowledged comes again", "pass  # the order may be there or not, so it goes again, as it was"
NEW_LINE = f"{UNSURE}\n            line = connect()"
KNOWN, ADD, ACK = "if message.id not in books:", "books.add(message.id, message.body)", "line.ack(message)"
KEY = "import time\n" + SEND.replace("id,", 'key := f"{id} {time.time()}",')
CONSUME = "def consume(connect, books):"

ANSWERS.edits(
    ("returns_when_empty", {"continue": "return"}, None),
    ("ack_first", {ACK: "", KNOWN: f"{ACK}\n{KNOWN}"}, Mistake.ACK_FIRST),
    ("acks_the_new_ones_only", {ACK: "", ADD: f"{ADD}\n{ACK}"}, Mistake.NO_ACK),
    ("books_twice", {KNOWN: "if True:"}, Mistake.TWICE),
    ("by_body", {KNOWN: "if message.body not in books:", ADD: "books.add(message.body, message.body)"}, Mistake.SAME_BODY),
    ("exits", {ACK: f"{ACK}\nimport os\nos._exit(0)"}, Mistake.GONE),
    ("forgot_ack", {ACK: ""}, Mistake.NO_ACK),
    ("ignores_the_receipt", {WAIT: "if line.wait_for_receipt(id) or True:"}, Mistake.NOT_AGAIN),
    ("new_id", {SEND: KEY, WAIT: "if line.wait_for_receipt(key):"}, Mistake.OTHER_ID),
    ("no_message", {"if message is None:": "if False:"}, Stopped.ATTRIBUTE),
    ("no_receipt", {WAIT: "if True:"}, Mistake.NO_RECEIPT),
    ("not_persistent", {", persistent=True": ""}, Mistake.NOT_PERSISTENT),
    ("not_the_last", {"in orders:": "in orders[:-1]:"}, Mistake.NEVER_SENT),
    ("own_memory", {CONSUME: f"{CONSUME}\n    seen = set()", KNOWN: "if message.id not in seen:", ADD: f"{ADD}\nseen.add(message.id)"}, Mistake.MEMORY),
    ("same_line", {NEW_LINE: "pass"}, Mistake.SILENT),
    ("swaps_in_the_books", {ADD: "books.add(message.body, message.id)"}, Mistake.NOT_ORDERED),
    ("swaps_on_the_line", {SEND: "line.send(id, body, persistent=True)"}, Mistake.OTHER_RECEIPT),
    ("typo", {"line.receive()": "line.recieve()"}, Stopped.ATTRIBUTE),
    ("uncaught", {UNSURE: "raise"}, None),
    ("another_error", {UNSURE: "raise ValueError(id)"}, Stopped.OTHER),
    ("wrong_signature", {CONSUME: "def consume(connect):"}, Stopped.CALLED_AS),
)


@ANSWERS.right
class all_at_once:
    """All orders on one line, then their receipts; what has none goes again. The consumer ends with its line."""

    def produce(connect, orders):
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
        line = connect()
        try:
            while message := line.receive():
                if message.id not in books:
                    books.add(message.id, message.body)
                line.ack(message)
        except ConnectionError:
            return
