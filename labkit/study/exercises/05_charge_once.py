"""Exercise 05-charge-once: one payment for each order under every order of events."""

from __future__ import annotations

from labkit.rules import Faults
from labkit.study.checkout import judging, playing, telling
from labkit.study.exercise import Exercise, Run
from labkit.words import charge_once as words

EXERCISE = Exercise(
    id="05-charge-once",
    title=words.TITLE,
    signatures=["worker(sqs, queue_url, dynamodb)"],
    runs=[
        Run(words.ORDINARY, playing.morning(["order-1", "order-2", "order-3"]), judging.payments, telling.morning),
        Run(words.EVERY_ORDER, playing.every(["order-1", "order-2"]), judging.schedules, telling.every),
        Run(words.SENT_TWICE, playing.every(["order-1", "order-1"]), judging.schedules, telling.sent_twice),
        Run(
            words.FAULTS,
            playing.night([f"order-{number}" for number in range(1, 13)]),
            judging.payments,
            telling.night,
            faults=Faults.documented(),
            seed=22,
        ),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=[
        "delivery-exactly-once",
        "delivery-conditional-put",
        "delivery-crash-repeats",
        "delivery-delete-first",
        "delivery-check-then-act",
        "delivery-message-id",
        "delivery-memory",
    ],
    myths=["receive-removes", "hidden-until-deleted", "crash-returns-message", "deleted-for-good"],
    source="solutions/05_delivery_guarantees.py",
)
