"""What was reached in a depot's days, in one sentence each."""

from __future__ import annotations

from collections.abc import Callable

from labkit.study.depot.judging import instance_minutes, most, waits
from labkit.study.depot.playing import MINUTE, Depot
from labkit.study.record import Record
from labkit.words import say


def day(sentence: str, budget: int = 0) -> Callable[[Record, Depot], str]:
    """Say how long the slowest parcel waited and what it took."""

    def tell(record: Record, depot: Depot) -> str:
        longest = max(waits(record, depot).values()) / MINUTE
        spent = instance_minutes(record, depot)
        return say(sentence, longest=longest, most=most(record), spent=spent, budget=budget)

    return tell
