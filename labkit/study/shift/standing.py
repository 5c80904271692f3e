"""Standing runs, the same for every exercise: what real life does to an answer, whatever its story is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any

from labkit.rules import Faults, StandardQueue
from labkit.study.exercise import Function, Run
from labkit.study.performing import Performed, in_a_lab
from labkit.study.shift.promises import Judge
from labkit.study.shift.shift import DIES, JOINS, STOPS, TAKEN_OVER, Moment, Shift, moments
from labkit.words import say
from labkit.words import shift as words
from labkit.words.shift import Rests

if TYPE_CHECKING:
    from labkit.study.record import Record

MOST_DEATHS, MOST_DAYS = 10, 4
NEWCOMER = Moment(3.0, "", JOINS)
TOGETHER = Faults(duplicate=0.35, undelete=0.2, reorder=0.5)


class Standing(Enum):
    """What each exercise's answer is put through unless its story excludes it."""

    STOP = words.RUN_STOP
    DEATH = words.RUN_DEATH
    NEXT_DAY = words.RUN_NEXT_DAY
    FAILING = words.RUN_FAILING
    IDLE = words.RUN_IDLE
    TOGETHER = words.RUN_TOGETHER


def standing(
    shift: Callable[..., Shift],
    judge: Judge,
    *,
    fails: Mapping[str, type[Exception]],
    without: Mapping[Standing, str],
    rests: Mapping[Standing, Enum | None] | None = None,
    deaths: int = MOST_DEATHS,
    late: float = 45.0,
) -> list[Run]:
    """Return the standing runs of a story: `shift(**changed)` plays a small day of it, and `judge` is what must hold.

    `fails` are the effects that fail once on each machine; `late` is for how many seconds there is nothing to do.
    `without` gives the reason for each run that the story excludes; `rests` what an answer rests on that fails in one
    of which the story doesn't speak.
    """
    rested: dict[Standing, Enum | None] = {Standing.NEXT_DAY: Rests.ONE_DAY, Standing.TOGETHER: Rests.QUIET_NIGHT}
    rested |= rests or {}

    def run(kind: Standing, play: Callable[..., Any], **more: Any) -> Run:
        return Run(kind.value, play, judge, tell(kind), rests=rested.get(kind), **more)

    runs = {
        Standing.DEATH: [run(Standing.DEATH, shift(), perform=partial(in_turn, DIES, deaths))],
        Standing.FAILING: [
            run(Standing.FAILING, partial(shift(fails_once={kind: fails[kind]}), moment=NEWCOMER)) for kind in fails
        ],
        Standing.IDLE: [run(Standing.IDLE, shift(late=late))],
        Standing.NEXT_DAY: [run(Standing.NEXT_DAY, shift(), perform=partial(in_turn, TAKEN_OVER, MOST_DAYS))],
        Standing.TOGETHER: [run(Standing.TOGETHER, shift(), faults=TOGETHER, seed=5)],
    }
    return [one for kind, found in runs.items() if kind not in without for one in found]


def stops(play: Shift, judge: Judge) -> Run:
    """Return the standing run of a story whose workers are told to stop; `play` is a day of it."""
    return Run(Standing.STOP.value, play, judge, tell(Standing.STOP), perform=partial(in_turn, STOPS, MOST_DEATHS))


def tell(kind: Standing) -> Callable[[Record, Any], str]:
    """Say that nothing came of it."""
    return lambda record, story: say(words.TOLD_STANDING, run=say(kind.value))


def in_turn(
    what: str, most: int, run: Run, functions: Sequence[Function], rules: type[StandardQueue] | None
) -> Performed:
    """Play a run undisturbed, then again for each moment; what is wrong first is what was performed."""
    performed = in_a_lab(run, functions, rules)
    if is_wrong(run, performed):
        return performed
    for moment in moments(performed.record, performed.played, most, what, run.seed):
        once = replace(run, play=partial(run.play, moment=moment), perform=in_a_lab)
        performed = in_a_lab(once, functions, rules)._replace(run=once)
        if is_wrong(once, performed):
            return performed
    return performed


def is_wrong(run: Run, performed: Performed) -> bool:
    """Whether what was performed failed or breaks a promise."""
    return performed.failure is not None or run.judge(performed.record, performed.played) is not None
