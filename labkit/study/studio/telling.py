"""What was reached in the studio's evenings, in one sentence each."""

from __future__ import annotations

from collections.abc import Callable

from labkit.study.record import Record
from labkit.study.shift import SECOND
from labkit.study.shift.judging import count_calls
from labkit.study.studio.playing import Studio
from labkit.words import heartbeat as words
from labkit.words import say

Teller = Callable[[Record, Studio], str]


def evening(budget: int) -> Teller:
    """Say how many calls it took."""

    def tell(record: Record, studio: Studio) -> str:
        calls = sum(count_calls(record).values())
        return say(words.TOLD_EVENING, videos=len(studio.lengths), calls=calls, budget=budget)

    return tell


def death() -> Teller:
    """Say how soon the dead machine's video was begun again."""

    def tell(record: Record, studio: Studio) -> str:
        died = next(take.died for take in studio.jobs if take.died is not None)
        again = next(take.began for take in studio.jobs if take.began >= died)
        return say(words.TOLD_DEATH, seconds=(again - died) / SECOND)

    return tell
