"""Where a run of an answer takes place, and what the judge gets from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from labkit.aws.lab import Lab
from labkit.interleavings.machine import separate
from labkit.rules import StandardQueue
from labkit.study.record import Record, watch

if TYPE_CHECKING:
    from labkit.study.exercise import Function, Run


class Performed(NamedTuple):
    """What was recorded and what `play` returned, or the failure that ended it; `run` is the one of several it was."""

    record: Record
    played: Any = None
    failure: BaseException | None = None
    run: Run | None = None


Perform = Callable[["Run", Sequence["Function"], type[StandardQueue] | None], Performed]


def in_a_lab(run: Run, functions: Sequence[Function], rules: type[StandardQueue] | None) -> Performed:
    """Play a run in a lab of its own, with AWS's rules or a myth's. Raises `LabError` when its history was changed."""
    with Lab(run.seed, faults=run.faults, rules={"sqs": rules} if rules else None) as lab:
        record_of = watch(lab)
        failure, played = None, None
        try:
            played = run.play(lab, *map(separate, functions))
        except KeyboardInterrupt:
            raise
        except BaseException as raised:
            failure = raised
        lab.settle()
        return Performed(record_of(), played, failure)


def in_real_time(run: Run, functions: Sequence[Function], rules: type[StandardQueue] | None) -> Performed:
    """Play a run outside every lab, where `play(*functions)` gives the answer processes of its own."""
    try:
        return Performed(Record(0, []), run.play(*functions))
    except ReportedCrash as raised:
        return Performed(Record(0, []), failure=raised)


class ReportedCrash(Exception):
    """An answer's failure in another process, where it was told as `told`, from `number`, a line of the code."""

    def __init__(self, told: str, line: str, number: int, code: str, is_not_attempted: bool) -> None:
        super().__init__(told)
        self.told, self.line, self.number, self.code = told, line, number, code
        self.is_not_attempted = is_not_attempted
