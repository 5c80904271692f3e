"""When a run without an end goes on for nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from labkit.clock.actor import Actor
from labkit.clock.length import SECOND, clock_text
from labkit.words import error
from labkit.words import time as words

if TYPE_CHECKING:
    from labkit.clock.scheduler import Scheduler

IDLE_LENGTH = 24 * 3_600 * SECOND
IDLE_WAKES = 100


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
