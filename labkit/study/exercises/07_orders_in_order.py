"""Exercise 07-orders-in-order: batches of a FIFO queue worked through in order, once, though payments fail."""

from __future__ import annotations

from labkit.rules import Faults
from labkit.study.exercise import Exercise, Run
from labkit.study.office import judging, playing, telling
from labkit.study.office.playing import Day
from labkit.words import orders_in_order as words
from labkit.words import say

BUDGET = 55
ORDINARY = Day(orders=10, refused="order-4 placed")
SLOW = Day(orders=3, seconds=14)
DIES_BEFORE = Day(orders=2, dies_at="order-1 paid")
DIES_AFTER = Day(orders=2, dies_at="order-2 paid", dies_after=True)
NIGHT = Day(orders=8, refused="order-2 placed")

EXERCISE = Exercise(
    id="07-orders-in-order",
    title=words.TITLE,
    signatures=["worker(sqs, queue_url, apply, is_applied)"],
    runs=[
        Run(words.DAY, playing.day(ORDINARY), judging.day(BUDGET), telling.day(words.TOLD_DAY)),
        Run(words.SLOW, playing.day(SLOW, forgiving=True), judging.day(), telling.day(words.TOLD_SLOW)),
        Run(words.CRASH_BEFORE, playing.day(DIES_BEFORE), judging.day(), telling.day(words.TOLD_CRASH)),
        Run(words.CRASH_AFTER, playing.day(DIES_AFTER), judging.day(), telling.day(words.TOLD_CRASH)),
        Run(words.EVERY_ORDER, playing.every_crash(["order-1 placed", "order-1 paid"]), judging.every_crash,
            telling.every_crash),
        Run(words.FAULTS, playing.day(NIGHT, 3600, forgiving=True), judging.day(), telling.day(words.TOLD_FAULTS),
            faults=Faults.documented(), seed=7),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["fifo-6", "fifo-7", "fifo-group-batch", "fifo-resume-head", "fifo-late-delete", "sqsord-2"],
    myths=["fifo-exactly-once", "one-of-a-group-at-once", "late-delete-on-fifo"],
    source="solutions/07_fifo.py",
)  # fmt: skip
