"""`check(id, function)`: what the learner reads about an answer, and what the journal keeps of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

from labkit.aws.options import runs_when_called
from labkit.history import Call
from labkit.study.course.journal import journal
from labkit.study.evidence import call_line
from labkit.study.exercise import Exercise, Function, exercise
from labkit.study.fingerprint import fingerprint
from labkit.study.judge import CRASHED, NOT_ATTEMPTED, RIGHT, RIGHT_BUT, WRONG, Outcome, judge
from labkit.study.met import Met
from labkit.study.page import Code, Items, Page, Part, Title
from labkit.study.shift.trail import SET, worker_calls
from labkit.words import check as words
from labkit.words import error, say
from labkit.words.shift import NO_CALLS

if TYPE_CHECKING:
    from labkit.aws.lab import Lab
    from labkit.study.record import Record

MOST_LINES = 10
TITLES = {
    NOT_ATTEMPTED: words.NOT_ATTEMPTED,
    WRONG: words.WRONG,
    CRASHED: words.CRASHED,
    RIGHT_BUT: words.RIGHT_BUT,
    RIGHT: words.RIGHT,
}


class Result(Page):
    """The result of one check: `outcome` is "not attempted", "wrong", "crashed", "right, but" or "right".

    `mistake` is the code of what is wrong, `myth` the id of the belief behind it; None where there is none.
    """

    def __init__(self, exercise: Exercise, found: Outcome) -> None:
        self.exercise = exercise
        self.outcome = found.state
        self.myth = found.myth.id if found.myth else None
        self.mistake = _mistake(found)
        self._replay = found.problem.replay if found.problem else None
        parts: list[Part] = [Title(say(TITLES[found.state], title=say(exercise.title))), *_body(exercise, found)]
        super().__init__([*parts, *_printed(found.printed)])

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.outcome == RIGHT

    def replay(self) -> Lab:
        """Run the schedule that was told through boto3, in a lab that stays open. Raises `LabError` without one."""
        if self._replay is None:
            raise error(words.NO_REPLAY)
        return self._replay()


def check(id: str = "", *functions: Function) -> Result:
    """Judge an answer by what it makes happen, and say what to look at if it is not right yet.

    Raises `LabError` for an unknown exercise, for other than its functions, or when labkit itself was changed.
    """
    chosen = exercise(id)
    _check_functions(chosen, functions)
    found = judge(chosen, *functions)
    entry: dict[str, Any] = {"kind": "check", "id": chosen.id, "outcome": found.state}
    if found.state != NOT_ATTEMPTED:
        entry["code"] = fingerprint(*functions)
    if found.myth:
        entry["myth"] = found.myth.id
    if mistake := _mistake(found):
        entry["mistake"] = mistake.name
    problem = journal().append(entry)
    result = Result(chosen, found)
    if problem:
        result.parts.append(problem)
    return result


def _check_functions(chosen: Exercise, functions: Sequence[Function]) -> None:
    are_functions = all(callable(one) and not isinstance(one, type) for one in functions)
    if len(functions) != len(chosen.names) or not are_functions:
        raise error(words.NOT_A_FUNCTION, id=chosen.id, names=", ".join(chosen.names))
    for one in functions:
        if not runs_when_called(one):
            raise error(words.NOT_PLAIN, name=getattr(one, "__name__", type(one).__name__))


def _mistake(found: Outcome) -> Enum | None:
    """The mistake's code; of an answer that is right, but: what it rests on."""
    if found.crash is not None:
        return found.crash.code
    if found.rests is not None:
        return found.rests
    return found.problem.mistake if found.problem else None


def _body(exercise: Exercise, found: Outcome) -> list[Part]:
    if found.state == NOT_ATTEMPTED:
        return [say(words.HOW_TO_START)]
    if found.state == RIGHT:
        return [say(exercise.right), Items(list(found.told)), say(words.SEE, claims=", ".join(exercise.claims))]
    assert found.run is not None
    parts: list[Part] = [say(words.RAN_IN, run=say(found.run.name))]
    parts += _crashed(found) if found.state == CRASHED else _wrong(found, exercise.id)
    return [*parts, say(words.NEXT, id=exercise.id)]


def _wrong(found: Outcome, id: str) -> list[Part]:
    problem = found.problem
    assert problem is not None
    assert found.record is not None
    called = [call_line(found.record, one) if isinstance(one, Call) else str(one) for one in problem.called]
    came_back = [str(one) for one in problem.came_back]
    parts: list[Part] = [say(words.CALLED), Items(called or [say(NO_CALLS)]), say(words.CAME_BACK), Items(came_back)]
    parts += [say(words.EXPECTED), Items([str(problem.expected)]), say(words.WHY), Items([str(problem.why)])]
    if settings := list(_settings(found.record))[:MOST_LINES]:
        parts += [say(words.SETTINGS), Items(settings)]
    if found.met:
        parts += [say(words.MET), Items([_met(one) for one in found.met])]
    if found.rests is not None:
        parts += [say(words.RESTS), Items([say(found.rests.value)])]
    if found.myth is not None:
        parts.append(say(words.MYTH, belief=say(found.myth.belief), truth=say(found.myth.truth)))
    if problem.replay is not None:
        parts.append(say(words.REPLAY, id=id))
    return parts


def _settings(record: Record) -> Iterator[str]:
    """The queue's settings that the answer changed: they hold for every call after it, and no call shows them."""
    for call in worker_calls(record, SET):
        if call.error is None:
            # A policy is long, and where it matters the story itself shows it.
            given = {name: value for name, value in call.parameters.get("Attributes", {}).items() if name != "Policy"}
            for name, value in given.items():
                yield say(words.SETTING, at=record.seconds(call.at), by=call.by, name=name, value=value)


def _met(one: Met) -> str:
    sentence = words.CAUGHT if one.was_caught else words.ENDED
    crash = one.crash
    return say(sentence, at=one.at, by=one.by, number=crash.number, line=crash.line, told=crash.told)


def _crashed(found: Outcome) -> list[Part]:
    crash, record = found.crash, found.record
    assert crash is not None
    assert record is not None
    parts: list[Part] = [say(words.LINE, number=crash.number), Code(crash.line)] if crash.line else []
    if not record.calls:
        return [*parts, crash.told]
    calls = worker_calls(record)
    last = say(words.LAST_CALL, call=call_line(record, calls[-1])) if calls else say(words.NO_CALL)
    return [*parts, crash.told, last]


def _printed(text: str) -> list[Part]:
    lines = text.rstrip().splitlines()
    if not lines:
        return []
    more = [say(words.MORE_LINES, count=len(lines) - MOST_LINES)] if len(lines) > MOST_LINES else []
    return [say(words.PRINTED), Code("\n".join(lines[:MOST_LINES] + more))]
