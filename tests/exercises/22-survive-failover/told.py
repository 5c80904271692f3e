"""Wrong answer -> (outcome, belief, what its message must say)."""

ORDINARY = "an ordinary day: 12 orders"
OUTAGES = "a day on which the serving broker is killed three times"

TOLD = {
    "no_receipt": (
        "wrong",
        None,
        [OUTAGES, "send(order-3), and the broker was killed before it arrived", "nobody asked for its receipt"],
    ),
    "not_persistent": ("wrong", None, [OUTAGES, "'a print of 30 x 40': ordered 1, in the books 0", "in its memory alone"]),
    "new_id": ("wrong", None, [OUTAGES, "received(order-12, try 2)", "sent under another id"]),
    "books_twice": ("wrong", None, [OUTAGES, "ordered 1, in the books 2", "The second time must change nothing"]),
    "own_memory": (
        "wrong",
        None,
        [OUTAGES, "ack(order-8), but the machine lost power before it left", "that was gone with the machine"],
    ),
    "ack_first": ("wrong", None, [OUTAGES, "ack(order-4), and then the machine lost power", "write first"]),
    "acks_the_new_ones_only": ("wrong", None, [OUTAGES, "messages are still in the queue", "also one that was a repetition"]),
    "by_body": ("wrong", None, [ORDINARY, "'a frame of oak': ordered 2, in the books 1", "because the bodies are equal"]),
    "forgot_ack": ("wrong", None, [ORDINARY, "12 messages are still in the queue", "until it is acknowledged"]),
    "same_line": ("wrong", None, [OUTAGES, "the producer made no call for 15 s", "runs in a circle"]),
    "uncaught": ("crashed", None, [OUTAGES, "line.send(body, id, persistent=True)", "connect() gives a new one"]),
    "no_message": ("crashed", None, [ORDINARY, "if message.id not in books:", "There is no `id` in this NoneType"]),
    "typo": ("crashed", None, [ORDINARY, "line.recieve()", "Did you mean `receive`?"]),
    "wrong_signature": ("crashed", None, [ORDINARY, "The check calls `consume(connect, books)`"]),
    "half_written": ("not attempted", None, ["raise NotImplementedError()"]),
    "nothing": ("not attempted", None, ["raise NotImplementedError()"]),
}
