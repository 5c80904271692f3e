"""What an exercise is: a story, runs that judge an answer by what happened, hints, and the beliefs behind mistakes."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from labkit.rules import Faults
from labkit.study.performing import Perform, in_a_lab
from labkit.words import Told, error, say
from labkit.words import study as words

if TYPE_CHECKING:
    from labkit.aws.lab import Lab
    from labkit.history import Call
    from labkit.study.record import Record

Function = Callable[..., Any]


@dataclass(frozen=True)
class Problem:
    """Why an answer is wrong: what it called, what came back, what was expected, and why; `mistake` is the why's code.

    `belief` is False where no misconception about the service can be behind it, such as too many calls. `replay` opens
    a lab in which the schedule that was told has just run through boto3.
    """

    called: Sequence[Call | Told | str]
    came_back: Sequence[Told | str]
    expected: Told | str
    why: Told | str
    belief: bool = True
    replay: Callable[[], Lab] | None = None
    mistake: Enum | None = None


def broken(
    called: Sequence[Call | Told | str],
    came_back: Sequence[Told | str],
    expected: Told | str,
    mistake: Enum,
    *,
    belief: bool = True,
    **numbers: object,
) -> Problem:
    """A broken promise: the calls that explain it, and the mistake, whose value is the sentence that these fill in."""
    return Problem(called, came_back, expected, Told(mistake.value, numbers), belief, mistake=mistake)


@dataclass(frozen=True)
class Run:
    """One run of an answer, performed in a lab of its own unless `perform` says where.

    There `play(lab, *functions)` sets up, starts the answer and lets time pass; what it returns reaches
    `judge(record, played)`, which returns the first `Problem`, or None when the outcome is reached; then
    `tell(record, played)` says in one sentence what was reached. An answer that fails only in a run that the story
    doesn't speak of is *right, but*: `rests` is what it rests on.
    """

    name: str
    play: Callable[..., Any]
    judge: Callable[[Record, Any], Problem | None]
    tell: Callable[[Record, Any], str]
    faults: Faults = field(default_factory=Faults.none)
    seed: int = 7
    perform: Perform = in_a_lab
    rests: Enum | None = None


@dataclass(frozen=True)
class Exercise:
    """One exercise. `signatures` are how the check calls the answer's functions; `source` is the solution's file.

    That file tells the story, with every one of the `limits` that can fail an answer, as it is written there.
    `myths` are the ids of the beliefs that may explain a wrong answer; `claims` are ids of the ledger.
    """

    id: str
    title: str
    signatures: Sequence[str]
    runs: Sequence[Run]
    right: str
    hints: Sequence[str]
    claims: Sequence[str]
    myths: Sequence[str]
    source: str
    limits: Sequence[str] = ()

    @property
    def names(self) -> list[str]:
        """What the answer's functions are called, in the order in which the check wants them."""
        return [signature.partition("(")[0] for signature in self.signatures]


@cache
def exercises() -> dict[str, Exercise]:
    """Return every exercise by its id; each is the EXERCISE of a module in labkit/study/exercises."""
    package = import_module("labkit.study.exercises")
    modules = [import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__)]
    found = sorted((module.EXERCISE for module in modules), key=lambda one: one.id)
    return {one.id: one for one in found}


def exercise(id: str) -> Exercise:
    """Return the exercise with this id. Raises `LabError` for an unknown one, with close matches."""
    known = exercises()
    if isinstance(id, str) and id in known:
        return known[id]
    near = difflib.get_close_matches(str(id).lower(), known, 3, 0.4)
    close = say(words.CLOSE_MATCH, names=", ".join(near)) if near else ""
    raise error(words.UNKNOWN_EXERCISE, given=id, close=close, names=", ".join(known))
