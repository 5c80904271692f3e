"""An answer of several functions, as machines run it: each start is a process with copies of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labkit.study.exercise import Function
from labkit.study.shift.machines import processes
from labkit.study.shift.playing import start_workers
from labkit.study.shift.shift import Moment, Shift

if TYPE_CHECKING:
    from labkit.aws.lab import Lab


class Several:
    """The answer's functions as one: what a machine runs is the story's `page`, which calls them."""

    def __init__(self, functions: Iterable[Function]) -> None:
        self.functions = tuple(functions)

    def __call__(self, *given: Any) -> None:
        """Nobody calls it: each machine makes processes of them."""
        raise AssertionError("a machine runs its own copies")


@dataclass(frozen=True)
class Pages(Shift):
    """A shift whose machines run the story's `page(*functions)`, again and again if it returns."""

    def start(self, story: Any, function: Function, names: Iterable[str]) -> None:
        """Start the page on machines; each start is a process that knows nothing of the one before."""
        assert isinstance(function, Several)
        for name in names:
            starts = [processes(one, name) for one in function.functions]
            start_workers(story.lab, lambda starts=starts: story.page(*(one() for one in starts)), (), [name])


def played(shift: Pages) -> Callable[..., Any]:
    """The shift as a run plays it, with as many functions as the answer has."""

    def play(lab: Lab, *functions: Function, moment: Moment | None = None) -> Any:
        return shift(lab, Several(functions), moment)

    return play
