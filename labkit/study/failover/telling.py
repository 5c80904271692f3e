"""What was reached on a day of the print shop, in one sentence."""

from __future__ import annotations

from collections.abc import Callable

from labkit.study.failover.playing import ORDERS, Day
from labkit.study.record import Record
from labkit.words import say


def day(sentence: str) -> Callable[[Record, Day], str]:
    """Say how many orders there were, how many brokers died, and what is in the books."""

    def tell(record: Record, day: Day) -> str:
        return say(sentence, orders=len(ORDERS), rows=len(day.rows), kills=day.kills)

    return tell
