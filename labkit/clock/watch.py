"""A watch on real time: an actor that computes on and on while lab time stands still is stopped."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from labkit.clock.guard import guard

if TYPE_CHECKING:
    from labkit.clock.actor import Actor

Stuck = Callable[["Actor", float], BaseException]


class Watch:
    """Within the `with`, an actor that keeps the processor for `limit` real seconds gets the exception of `stuck`.

    Uses the interval timer of the main thread; where there is none (Windows, other threads) nobody watches.
    """

    limit: ClassVar[float] = 5.0
    _actor: ClassVar[Actor | None] = None
    _since: ClassVar[float] = 0.0
    _depth: ClassVar[int] = 0

    def __init__(self, stuck: Stuck) -> None:
        self._stuck = stuck
        self._previous: Any = None
        self._works = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()

    @classmethod
    def begin(cls, actor: Actor | None) -> None:
        """Note that `actor` gets the processor now (None: nobody)."""
        cls._actor = actor
        cls._since = time.perf_counter()

    def __enter__(self) -> Watch:
        self._outer = (Watch._actor, Watch._since)
        if self._works and Watch._depth == 0:
            self._previous = signal.signal(signal.SIGALRM, self._look)
            signal.setitimer(signal.ITIMER_REAL, Watch.limit / 5, Watch.limit / 5)
        Watch._depth += 1
        return self

    def __exit__(self, *_: object) -> None:
        Watch._depth -= 1
        Watch._actor, Watch._since = self._outer
        if self._works and Watch._depth == 0:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._previous)

    def _look(self, number: int, frame: object) -> None:
        actor, spent = Watch._actor, time.perf_counter() - Watch._since
        if actor is not None and spent > Watch.limit and not guard.held:
            Watch.begin(actor)
            raise self._stuck(actor, spent)
