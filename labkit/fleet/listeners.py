"""Those who wait in a long poll: a crowd of any size costs as much as its first, although each message wakes all."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from typing import Any


class Listener:
    """One who waits, until the deadline at the latest; `place` is its place in its cohort."""

    __slots__ = ("cohort", "deadline", "gone", "place", "turn")

    def __init__(self, turn: Any, deadline: int) -> None:
        self.turn = turn
        self.deadline = deadline
        self.cohort: Cohort | None = None
        self.place = 0
        self.gone = False

    def place_of_all(self) -> tuple[int, int]:
        """Its place among all who wait."""
        return (self.cohort.ticket if self.cohort else 0), self.place


class Cohort:
    """Listeners in the order in which they wait, who looked at the same instant, so that they will look together again.

    In a lab each of them has a ticket of its own; theirs follow one another, so one ticket stands for all.
    """

    __slots__ = ("members", "ticket")

    def __init__(self) -> None:
        self.members: deque[Listener] = deque()
        self.ticket = 0

    def append(self, listener: Listener) -> None:
        """Add one behind the others."""
        listener.place = self.members[-1].place + 1 if self.members else 0
        listener.cohort = self
        self.members.append(listener)

    def before(self, later: Cohort) -> Cohort:
        """This cohort's listeners, then those of the other, as one cohort; the smaller moves to the larger."""
        if len(self.members) >= len(later.members):
            for listener in later.members:
                self.append(listener)
            later.members, later.ticket = deque(), 0
            return self
        members = later.members
        while self.members:
            listener = self.members.pop()
            listener.place = members[0].place - 1
            listener.cohort = later
            members.appendleft(listener)
        self.ticket = 0
        return later

    def first(self) -> Listener | None:
        """The first that still waits."""
        members = self.members
        while members and members[0].gone:
            members.popleft()
        return members[0] if members else None


class Listeners:
    """All cohorts that wait, in order of their tickets, and everybody's deadline."""

    def __init__(self) -> None:
        self.cohorts: dict[int, Cohort] = {}
        self._deadlines: list[tuple[int, int, Listener]] = []
        self._first: list[Listener] = []
        self._joined = 0

    def join(self, listener: Listener) -> Cohort:
        """Let somebody wait, at first alone."""
        if self._first and listener.deadline <= self._first[0].deadline:
            for one in self._first:
                self._push(one)
            self._first = []
        self._push(listener)
        cohort = Cohort()
        cohort.append(listener)
        return cohort

    def _push(self, listener: Listener) -> None:
        self._joined += 1
        heappush(self._deadlines, (listener.deadline, self._joined, listener))

    def take_all(self) -> Cohort | None:
        """Take out everybody who waits, in order."""
        together: Cohort | None = None
        for cohort in self.cohorts.values():
            together = cohort if together is None else together.before(cohort)
        self.cohorts.clear()
        return together

    def next_deadline(self) -> tuple[int, int] | None:
        """When the next one's wait is over, and the ticket with which it wakes then."""
        first = self._first_ones()
        return (first[0].deadline, min(one.place_of_all()[0] for one in first)) if first else None

    def pop_deadline(self) -> Listener:
        """Take out the one whose wait is over; of several at the same instant the one that wakes first."""
        listener = min(self._first_ones(), key=Listener.place_of_all)
        listener.gone, cohort = True, listener.cohort
        if cohort is not None and cohort.first() is None:
            self.cohorts.pop(cohort.ticket, None)
        return listener

    def _first_ones(self) -> list[Listener]:
        """Those whose waits end first, all at the same instant."""
        if any(one.gone for one in self._first):
            self._first = [one for one in self._first if not one.gone]
        deadlines = self._deadlines
        while deadlines and (not self._first or deadlines[0][0] == self._first[0].deadline):
            listener = heappop(deadlines)[2]
            if not listener.gone:
                self._first.append(listener)
        return self._first
