"""Reading a lab's history once, minute by minute, for metrics that are worked out when somebody asks for them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import takewhile
from operator import attrgetter

from labkit.aws.records import Records
from labkit.history.log import Event
from labkit.rules.metric import MINUTE

_PLACE = attrgetter("at", "order")


class HistoryReader(ABC):
    """What happened, event by event in order of time, up to the last full minute."""

    def __init__(self, lab: Records) -> None:
        self._lab = lab
        self._last_read: Event | None = None
        self._read_to = 0
        self._kept_back: list[Event] = []

    @abstractmethod
    def take(self, event: Event) -> None:
        """Take in what happened next."""

    def catch_up(self) -> None:
        """Take in all that happened before the present minute."""
        now = self._lab.scheduler.now
        full = now - now % MINUTE
        if full <= self._read_to:
            return
        self._lab.settle()
        waiting = sorted([*self._kept_back, *self._unread()], key=_PLACE)
        self._read_to = full
        for place, event in enumerate(waiting):
            if event.at >= full:
                self._kept_back = waiting[place:]
                return
            self.take(event)
        self._kept_back = []

    def _unread(self) -> list[Event]:
        """What the history has got since the last time; a server's forgets its oldest events."""
        events = self._lab.history.events
        new = list(takewhile(lambda event: event is not self._last_read, reversed(events)))
        if new:
            self._last_read = new[0]
        return new
