"""What every clock of a lab offers, virtual or real, and the timers that it keeps."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from heapq import heappop, heappush
from typing import Any, Protocol

# Called when an actor begins to sleep, with its name, the present instant and the intended end; what it returns is
# called with the instant at which the sleep was really over.
Sleeping = Callable[[str, int, int], Callable[[int], None]]


def nobody_asks(_by: str, _now: int, _until: int) -> Callable[[int], None]:
    """Note no sleep: a time without a lab."""
    return lambda _ended: None


class Timers:
    """Functions by the instant at which they are called; at the same instant, in the order in which they were added.

    A recurring one, such as the evaluation of alarms each minute, is no reason for a run without an end to go on.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, bool, Callable[[], None]]] = []
        # Two timers of one instant are told apart by it, and functions are never compared.
        self._added = 0
        self._once = 0

    def add(self, at: int, happen: Callable[[], None], *, recurring: bool = False) -> None:
        """Call `happen` when lab time reaches `at` (microseconds since 1970)."""
        self._added += 1
        self._once += not recurring
        heappush(self._waiting, (at, self._added, recurring, happen))

    @property
    def next(self) -> int | None:
        """The instant of the next one; None when there is none."""
        return self._waiting[0][0] if self._waiting else None

    @property
    def next_once(self) -> bool:
        """Whether one waits that does not recur."""
        return self._once > 0

    def pop(self) -> Callable[[], None]:
        """Take out the next one."""
        _, _, recurring, happen = heappop(self._waiting)
        self._once -= not recurring
        return happen


class Time(Protocol):
    """A lab's time and who waits in it: `now` is microseconds since 1970, `changed` counts what happened so far."""

    changed: int
    timers: Timers
    is_due: Callable[[], bool]
    sleeping: Sleeping

    @property
    def now(self) -> int:
        """The present instant; it never goes back."""

    @property
    def actors(self) -> Sequence[Any]:
        """What was started and is not done."""

    @property
    def is_real(self) -> bool:
        """Whether time passes by itself and every thread sees it."""

    @property
    def is_over(self) -> bool:
        """Whether nobody waits any more, because the lab is closing."""

    def is_seen_here(self) -> bool:
        """Whether the calling thread sees this time, apart from the thread that opened the lab."""

    def current(self) -> Any:
        """The actor that calls, or None for you."""

    def start(self, function: Callable[..., Any], args: tuple[Any, ...], name: str) -> Any:
        """Make an actor of a function; it runs with the next run."""

    def sleep(self, micros: int) -> None:
        """Let time pass for the caller."""

    def wait(self, topic: Hashable, until: int) -> None:
        """Let time pass for the caller until `until` or until somebody notifies the topic."""

    def notify(self, topic: Hashable) -> None:
        """Wake all who wait for the topic."""

    def run(self, until: int | None, done: Callable[[], bool] | None = None) -> None:
        """Run the actors up to `until`, or until `done()`, or until none has anything left to do."""

    def count_call(self, actor: Any) -> None:
        """Count an API call of an actor."""

    def check_alive(self) -> None:
        """End the calling actor here if its lab is closing."""

    def stop(self, actor: Any) -> None:
        """End one actor at once if it waits, else at its next call or wait."""

    def end(self) -> None:
        """End all actors and everybody's waiting."""
