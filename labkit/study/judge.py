"""Plays an answer in fresh labs and finds its outcome; only when it is wrong, looks for the belief behind it."""

from __future__ import annotations

import dis
from collections.abc import Sequence
from contextlib import redirect_stdout
from enum import Enum
from io import StringIO
from typing import NamedTuple

from labkit.rules import StandardQueue
from labkit.rules.myths import Myth, myth
from labkit.study.crash import Crash, crash, is_not_attempted
from labkit.study.evidence import contradicts
from labkit.study.exercise import Exercise, Function, Problem, Run
from labkit.study.met import Met, met
from labkit.study.performing import in_real_time
from labkit.study.record import Record, changed_labkit
from labkit.words import check as words
from labkit.words import error
from labkit.words.shift import Mistake, Rests

NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
NOT_ATTEMPTED, WRONG, CRASHED, RIGHT = "not attempted", "wrong", "crashed", "right"
RIGHT_BUT = "right, but"
DELETED_EARLY = {Mistake.DELETED_UNDONE, Mistake.DELETED_FIRST, Mistake.DELETED_FAILED}


class Outcome(NamedTuple):
    """How an answer ended: one of the five states, in which run, with what explains it and what it printed."""

    state: str
    run: Run | None = None
    problem: Problem | None = None
    crash: Crash | None = None
    myth: Myth | None = None
    record: Record | None = None
    printed: str = ""
    told: tuple[str, ...] = ()
    rests: Enum | None = None
    met: tuple[Met, ...] = ()


def judge(exercise: Exercise, *functions: Function) -> Outcome:
    """Play every run until one is wrong; what an answer merely rests on never hides that a later run is wrong.

    Raises `LabError` when labkit or a lab's history was tampered with.
    """
    _check_labkit()
    if all(map(is_empty, functions)):
        return Outcome(NOT_ATTEMPTED)
    printed = ""
    told: tuple[str, ...] = ()
    worst = Outcome(RIGHT)
    for run in exercise.runs:
        outcome = play(exercise, run, functions)
        _check_labkit()
        printed = printed or outcome.printed
        told += outcome.told
        if outcome.state not in (RIGHT, RIGHT_BUT):
            worst = outcome
            break
        if worst.state == RIGHT:
            worst = outcome
    if worst.state == RIGHT:
        return Outcome(RIGHT, printed=printed, told=told)
    found, on_its_way = belief(exercise, worst, functions), exceptions(exercise, worst, functions)
    _check_labkit()
    return worst._replace(myth=found, met=on_its_way, told=told)


def is_empty(function: Function) -> bool:
    """Whether a function does nothing at all: `pass`, `...`, a docstring, or the line that says so."""
    if not hasattr(function, "__code__"):
        return False
    if function.__code__.co_names == ("NotImplementedError",):
        return True
    steps = list(dis.get_instructions(function))
    returned = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return {step.opname for step in steps} <= NOTHING and returned == [None]


def play(
    exercise: Exercise, run: Run, functions: Sequence[Function], rules: type[StandardQueue] | None = None
) -> Outcome:
    """Play one run, with AWS's rules or a myth's."""
    printed = StringIO()
    with redirect_stdout(printed):
        performed = run.perform(run, functions, rules)
    about = Outcome(RIGHT, performed.run or run, record=performed.record, printed=printed.getvalue())
    if performed.failure is not None:
        return _failed(about, performed.failure, exercise)
    problem = run.judge(performed.record, performed.played)
    if problem is not None:
        if run.rests is None:
            return about._replace(state=WRONG, problem=problem)
        rests = Rests.DELETES_FIRST if problem.mistake in DELETED_EARLY else run.rests
        return about._replace(state=RIGHT_BUT, problem=problem, rests=rests)
    return about._replace(told=(run.tell(performed.record, performed.played),))


def belief(exercise: Exercise, outcome: Outcome, functions: Sequence[Function]) -> Myth | None:
    """Return the one myth under which a wrong run comes out right; None when there is none or more than one.

    A myth that the answer's own calls contradict is nobody's belief.
    """
    problem, run, record = outcome.problem, outcome.run, outcome.record
    if outcome.state != WRONG or problem is None or run is None or record is None or not problem.belief:
        return None
    considered = [myth(id) for id in exercise.myths]
    fitting = [one for one in considered if play(exercise, run, functions, one.rules).state == RIGHT]
    return fitting[0] if len(fitting) == 1 and not contradicts(record, fitting[0].id) else None


def exceptions(exercise: Exercise, outcome: Outcome, functions: Sequence[Function]) -> tuple[Met, ...]:
    """Return what a wrong answer met on its way; nothing of a schedule, which is shown, or of other processes."""
    problem, run = outcome.problem, outcome.run
    if problem is None or problem.replay is not None or run is None or run.perform is in_real_time:
        return ()
    with redirect_stdout(StringIO()):
        return tuple(met(exercise, run, functions, problem.mistake))


def _failed(about: Outcome, failure: BaseException, exercise: Exercise) -> Outcome:
    if is_not_attempted(failure):
        return about._replace(state=NOT_ATTEMPTED)
    return about._replace(state=CRASHED, crash=crash(failure, exercise.signatures[0]))


def _check_labkit() -> None:
    changed = changed_labkit()
    if changed:
        raise error(words.CHANGED_LABKIT, names=", ".join(changed[:3]))
