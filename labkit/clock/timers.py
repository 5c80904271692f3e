"""What happens at an instant of lab time without any actor: an alarm is evaluated, an instance has started."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush


class Timers:
    """Functions by the instant at which they are called; at the same instant, in the order in which they were added.

    A recurring one, such as the evaluation of alarms each minute, is no reason for a run without an end to go on.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, bool, Callable[[], None]]] = []
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
