"""What was reached on the office's days, in one sentence each."""

from __future__ import annotations

from collections.abc import Callable

from labkit.interleavings import Checked
from labkit.study.office.playing import Office
from labkit.study.record import Record
from labkit.study.shift.judging import count_calls
from labkit.words import orders_in_order as words
from labkit.words import say


def day(sentence: str) -> Callable[[Record, Office], str]:
    """Say how many events were applied and with how many calls."""

    def tell(record: Record, office: Office) -> str:
        return say(sentence, events=len(office.names), calls=sum(count_calls(record).values()))

    return tell


def every_crash(record: Record, checked: Checked) -> str:
    """Say how many orders of events were tried."""
    return say(words.TOLD_EVERY_ORDER, schedules=checked.schedules)
