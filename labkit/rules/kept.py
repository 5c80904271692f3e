"""Things that are kept for a time, in the order in which they came."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """A line of things that grows at its end and lets go at its front; nothing costs more when it is long.

    `at` is the instant of a thing, which never goes back along the line.
    """

    def __init__(self, at: Callable[[Thing], int]) -> None:
        self._at = at
        self._things: list[Thing] = []
        self._first = 0  # the front is cut in halves, so that letting go is amortised

    def __len__(self) -> int:
        return len(self._things) - self._first

    def append(self, thing: Thing) -> None:
        """Keep one more."""
        self._things.append(thing)

    def let_go(self, before: int) -> None:
        """Let go of what came before an instant."""
        self._first = bisect_left(self._things, before, lo=self._first, key=self._at)
        if self._first > len(self._things) // 2:
            del self._things[: self._first]
            self._first = 0

    def since(self, value: int, key: Callable[[Thing], int] | None = None) -> Iterator[Thing]:
        """What there is from a value of `key` on, by default an instant; `key` grows along the line as instants do."""
        for place in range(self._place(value, key), len(self._things)):
            yield self._things[place]

    def between(self, start: int, end: int | None) -> list[Thing]:
        """What came from `start` on and before `end`, all that followed where there is none."""
        last = len(self._things) if end is None else self._place(end)
        return self._things[self._place(start) : last]

    @property
    def last(self) -> Thing | None:
        """The newest; None when nothing is kept."""
        return self._things[-1] if len(self) else None

    def _place(self, value: int, key: Callable[[Thing], int] | None = None) -> int:
        return bisect_left(self._things, value, lo=self._first, key=key or self._at)
