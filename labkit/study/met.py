"""Exceptions that an answer met on its way and that did not end its run: what it caught, and what AWS refused it.

They are looked for only when a run was not right, in the same run once more: a lab is deterministic, so what is met
there was met before. Then the answer's own code, and nobody else's, is traced for exceptions.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from labkit.jupyter import is_own
from labkit.study.crash import Crash, Stopped, crash
from labkit.words.shift import Mistake

if TYPE_CHECKING:
    from labkit.aws.lab import Lab
    from labkit.study.exercise import Exercise, Function, Run

MOST = 3
ORDINARY = (StopIteration, StopAsyncIteration)
NAMES_OF_ALL = {"Exception", "BaseException", "object"}
# Work that is missing, or done in vain, may be explained also by what an answer caught knowingly; a delete that is
# missing only by a slip of its own, not by the failures that the story is about.
SLIPS = {
    Stopped.NAME,
    Stopped.ATTRIBUTE,
    Stopped.KEY,
    Stopped.NOT_ASKED_FOR,
    Stopped.PARAMETERS,
    Stopped.REFUSED,
    Stopped.NO_RECEIPT,
}
EXPLAINED = {
    Mistake.NOT_HANDLED,
    Mistake.NOBODY,
    Mistake.DELETED_UNDONE,
    Mistake.DELETED_FIRST,
    Mistake.DELETED_FAILED,
    Mistake.DELETE_REFUSED,
    Mistake.REFUSED,
    Mistake.ENDLESS,
}


class Met(NamedTuple):
    """An exception in an answer's code: when (seconds), on which machine, where and what it means.

    `was_caught` by the answer, else it ended this start of it. `knowingly`: the catching code names its class or a
    base of it other than Exception.
    """

    at: float
    by: str
    crash: Crash
    was_caught: bool
    knowingly: bool


def met(exercise: Exercise, run: Run, functions: Sequence[Function], mistake: object) -> list[Met]:
    """Perform a run once more and return what the answer met there, what it caught unknowingly first."""
    found: list[Met] = []

    def play(lab: Lab, *given: Function) -> Any:
        with _Tracer(lab) as tracer:
            played = run.play(lab, *given)
        found.extend(tracer.met(exercise.signatures[0]))
        return played

    run.perform(replace(run, play=play), functions, None)
    telling = {(one.crash.number, one.crash.told): one for one in reversed(found) if _explains(one, mistake)}
    return sorted(telling.values(), key=lambda one: (one.knowingly, one.at))[:MOST]


def _explains(one: Met, mistake: object) -> bool:
    is_slip = mistake is Mistake.NO_DELETE and one.crash.code in SLIPS
    return not one.knowingly or mistake in EXPLAINED or is_slip


class _Tracer:
    """Within the `with`, keeps the first exception of each kind at each line of the answer's own code."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._own: dict[CodeType, bool] = {}
        self._first: dict[tuple[type, CodeType, int], tuple[int, str, Exception]] = {}
        self._seen: set[int] = set()

    def __enter__(self) -> _Tracer:
        self._before = sys.gettrace()
        sys.settrace(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _called(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        code = frame.f_code
        if code not in self._own:
            self._own[code] = is_own(frame)
        if not self._own[code]:
            return None
        frame.f_trace_lines = False
        return self._happened

    def _happened(self, frame: FrameType, event: str, about: Any) -> Callable[..., Any]:
        # The frame where it came into the answer's code is the first that tells of it; it may be caught further out.
        if event == "exception" and id(about[1]) not in self._seen and _is_told(about[1]):
            key = (type(about[1]), frame.f_code, frame.f_lineno)
            if key not in self._first:
                actor = self._lab.scheduler.current()
                self._first[key] = (self._lab.scheduler.now, actor.name if actor else "you", about[1])
                self._seen.add(id(about[1]))  # kept in `_first`, so its id stays its own
        return self._happened

    def met(self, signature: str) -> Iterator[Met]:
        """What was caught by the answer, and what AWS refused it and it did not catch."""
        raised = [error for _, _, error in self._first.values() if not _is_caught(error)]
        passed_on = {id(error) for last in raised for error in _before(last)}
        for at, by, error in self._first.values():
            caught = _is_caught(error)
            if id(error) not in passed_on and (caught or isinstance(error, ClientError)):
                seconds = (at - self._lab.history.start) / 1_000_000
                yield Met(seconds, by, crash(error, signature), caught, caught and _is_named(error))


def _is_told(error: object) -> bool:
    return isinstance(error, Exception) and not isinstance(error, ORDINARY)


def _is_caught(error: Exception) -> bool:
    """A traceback begins where its exception was caught: in the answer's code, or in what had called it."""
    return error.__traceback__ is not None and is_own(error.__traceback__.tb_frame)


def _is_named(error: Exception) -> bool:
    assert error.__traceback__ is not None
    names = {base.__name__ for base in type(error).__mro__} - NAMES_OF_ALL
    return not names.isdisjoint(error.__traceback__.tb_frame.f_code.co_names)


def _before(error: BaseException) -> Iterator[BaseException]:
    """What an exception was raised from, or while handling."""
    last = error.__cause__ or error.__context__
    while last is not None:
        yield last
        last = last.__cause__ or last.__context__
