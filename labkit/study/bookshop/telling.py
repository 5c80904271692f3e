"""What was reached in the bookshop's days, in one sentence each."""

from __future__ import annotations

from labkit.study.bookshop.playing import POISON, Bookshop
from labkit.study.record import Record
from labkit.study.shift import SECOND
from labkit.words import dead_letters as words
from labkit.words import say


def day(record: Record, shop: Bookshop) -> str:
    """Say when the broken order was set aside."""
    moved = next(change for change in record.changes if change.body == POISON and change.queue == "dead-orders")
    return say(words.TOLD_DAY, orders=len(shop.good), order=POISON, at=record.seconds(moved.at))


def repaired(record: Record, shop: Bookshop) -> str:
    """Say how soon the broken order was sent after the repair."""
    sent = next(job for job in shop.sent() if job.name == POISON)
    seconds = ((sent.finished or 0) - (shop.repaired_at or 0)) / SECOND
    return say(words.TOLD_REPAIRED, order=POISON, seconds=seconds)


def outage(record: Record, shop: Bookshop) -> str:
    """Say how many orders the outage cost."""
    return say(words.TOLD_OUTAGE, orders=len(shop.good))


def night(record: Record, shop: Bookshop) -> str:
    """Say how many orders AWS's faults let be sent again."""
    sent = [job.name for job in shop.sent()]
    return say(words.TOLD_FAULTS, again=len(sent) - len(set(sent)), orders=len(shop.good))
