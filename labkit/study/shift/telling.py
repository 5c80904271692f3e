"""What was reached in a shift, in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from labkit.study.shift.jobs import Jobs
from labkit.words import say

if TYPE_CHECKING:
    from labkit.study.record import Record


def night(sentence: str) -> Callable[[Record, Jobs], str]:
    """Say how many jobs AWS's faults let be done again."""

    def tell(record: Record, shift: Jobs) -> str:
        again = len(shift.jobs) - len({job.name for job in shift.jobs})
        return say(sentence, again=again, jobs=len(shift.names))

    return tell
