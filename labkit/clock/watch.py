"""What ends an actor that gets nowhere: it computes while lab time stands still, or wakes only to find nothing."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from labkit.clock.actor import Actor
from labkit.clock.guard import guard
from labkit.clock.length import SECOND, clock_text
from labkit.words import error
from labkit.words import time as words

if TYPE_CHECKING:
    from labkit.clock.actor import Actor

# How long, in lab time, actors may wake and find nothing, and how often each of them must have.
IDLE_LENGTH = 24 * 3_600 * SECOND
IDLE_WAKES = 100
Stuck = Callable[["Actor", float], BaseException]
Abandon = Callable[["Actor", BaseException], None]


class Watch:
    """Within the `with`, an actor that keeps the processor for `limit` real seconds gets the exception of `stuck`.

    One that swallows it and goes on is left where it is by `abandon`, which never returns. Uses the interval timer of
    the main thread; where there is none (Windows, other threads) nobody watches.
    """

    limit: ClassVar[float] = 5.0
    # A process has one interval timer, so what it watches belongs to the process and not to a lab.
    _actor: ClassVar[Actor | None] = None
    _since: ClassVar[float] = 0.0
    _told: ClassVar[bool] = False
    _depth: ClassVar[int] = 0

    def __init__(self, stuck: Stuck, abandon: Abandon) -> None:
        self._stuck = stuck
        self._abandon = abandon
        self._previous: Any = None
        self._works = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()

    @classmethod
    def begin(cls, actor: Actor | None) -> None:
        """Note that `actor` gets the processor now (None: nobody)."""
        cls._actor, cls._told = actor, False
        cls._since = time.perf_counter()

    @classmethod
    def excuse(cls) -> None:
        """Count the time of whoever has the processor anew: it was labkit that waited."""
        cls._since = time.perf_counter()

    def __enter__(self) -> Watch:
        self._outer = (Watch._actor, Watch._since, Watch._told)
        if self._works and Watch._depth == 0:
            self._began = time.perf_counter()
            self._previous = signal.signal(signal.SIGALRM, self._look)
            # Five looks in `limit`: the timer runs on its own, whoever gets the processor in between.
            self._timer = signal.setitimer(signal.ITIMER_REAL, Watch.limit / 5, Watch.limit / 5)
        Watch._depth += 1
        return self

    def __exit__(self, *_: object) -> None:
        Watch._depth -= 1
        Watch._actor, Watch._since, Watch._told = self._outer
        if self._works and Watch._depth == 0:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._previous)
            self._give_back_timer()

    def _give_back_timer(self) -> None:
        """Somebody else's alarm rings when it would have rung, or at once if that moment has passed."""
        left, interval = self._timer
        if left:
            left = max(left - (time.perf_counter() - self._began), 1e-6)
            signal.setitimer(signal.ITIMER_REAL, left, interval)

    def _look(self, number: int, frame: object) -> None:
        actor, spent = Watch._actor, time.perf_counter() - Watch._since
        # While labkit works nothing may strike; the next look finds the same actor.
        if actor is None or spent < Watch.limit or guard.held:
            return
        told = Watch._told
        Watch.begin(actor)
        Watch._told = True
        failure = self._stuck(actor, spent)
        # It has caught the exception and goes on. Nothing that is raised will end it, so its greenlet never runs again.
        if told:
            guard.hold()
            self._abandon(actor, failure)
        raise failure


if TYPE_CHECKING:
    from labkit.clock.scheduler import Scheduler


class Idle:
    """Notices that actors only wake to find nothing: the run has no end and nothing changes any more.

    Every actor has woken again and again since the last change (a long sleeper may still do something). Where all of
    them called AWS each time, and nothing is due to happen by itself, that is enough; else a day of it is.
    """

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._begin()

    def _begin(self) -> None:
        self._since = self._scheduler.now
        self._changed = self._scheduler.changed
        self._wakes: Counter[Actor] = Counter()
        self._made = {actor: actor.made for actor in self._scheduler.actors}

    def check(self, at: int, actor: Actor) -> None:
        scheduler = self._scheduler
        if scheduler.changed != self._changed:
            self._begin()
        self._wakes[actor] += 1
        if self._wakes[actor] % IDLE_WAKES or any(self._wakes[one] < IDLE_WAKES for one in scheduler.actors):
            return
        if at - self._since > IDLE_LENGTH or (self._all_poll() and not scheduler.is_due()):
            names = ", ".join(one.name for one in scheduler.actors)
            raise error(words.IDLE, since=clock_text(self._since), names=names)

    def _all_poll(self) -> bool:
        return all(actor.made - self._made.get(actor, 0) >= IDLE_WAKES for actor in self._scheduler.actors)
