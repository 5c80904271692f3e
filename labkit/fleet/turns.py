"""Who acts next: the order of a lab's scheduler, for generators instead of actors."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from heapq import heappop, heappush

from labkit.fleet.listeners import Cohort, Listener, Listeners


@dataclass(slots=True)
class Listen:
    """Sleep until there is something to receive, at the latest until this instant."""

    until: int


Steps = Generator[int | Listen, None, None]


class Turn:
    """One process: a generator that yields the instant until which it sleeps, or a Listen."""

    __slots__ = ("steps", "ticket")

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.ticket = 0


class Turns:
    """Virtual time for generators. `now` is microseconds since 1970; at one instant first come is first served.

    The order is that of `labkit.clock.scheduler`, so that a lab with the same consumers has the same history.
    `next_visible` tells when there will be something to receive (None: not without a call).
    """

    def __init__(self, start: int, next_visible: Callable[[], int | None]) -> None:
        self.now = start
        self._next_visible = next_visible
        self._tickets = 0
        self._wakes: list[tuple[int, int, Turn | Cohort]] = []
        self._listeners = Listeners()

    def start(self, steps: Steps) -> None:
        """Let a process begin at the present instant."""
        self._wake(Turn(steps), self.now)

    def notify(self) -> None:
        """Wake all who listen, in the order in which they began to."""
        cohort = self._listeners.take_all()
        if cohort is not None:
            self._wake(cohort, self.now)

    def run(self, until: int) -> None:
        """Let everybody act up to and including `until`."""
        wakes = self._wakes
        while True:
            while wakes and wakes[0][1] != wakes[0][2].ticket:
                heappop(wakes)
            deadline = self._listeners.next_deadline()
            if deadline is not None and (not wakes or deadline < wakes[0][:2]):
                if deadline[0] > until:
                    break
                self.now = deadline[0]
                self._go_on(self._listeners.pop_deadline().turn)
                continue
            if not wakes or wakes[0][0] > until:
                break
            self.now, ticket, woken = heappop(wakes)
            if isinstance(woken, Turn):
                self._go_on(woken)
            else:
                self._listeners.cohorts.pop(ticket, None)
                self._look(woken)
        self.now = max(self.now, until)

    def _wake(self, woken: Turn | Cohort, at: int) -> None:
        self._tickets = woken.ticket = self._tickets + 1
        heappush(self._wakes, (at, woken.ticket, woken))

    def _go_on(self, turn: Turn) -> None:
        """Let one process act until it sleeps or finds nothing to receive."""
        for step in turn.steps:
            if isinstance(step, int):
                self._wake(turn, step)
                return
            visible = self._next_visible()
            if step.until > self.now and (visible is None or visible > self.now):
                self._listen(self._listeners.join(Listener(turn, step.until)), visible)
                return

    def _listen(self, cohort: Cohort, visible: int | None) -> None:
        if visible is None:
            self._tickets = cohort.ticket = self._tickets + 1
        else:
            self._wake(cohort, visible)
        self._listeners.cohorts[cohort.ticket] = cohort

    def _look(self, cohort: Cohort) -> None:
        """Let a cohort look for messages: its first ones get what there is, the others listen on."""
        deadline = self._listeners.next_deadline()
        if deadline is not None and deadline[0] <= self.now:
            self._look_one_by_one(cohort)
            return
        while cohort.first() is not None:
            visible = self._next_visible()
            if visible is None or visible > self.now:
                self._listen(cohort, visible)
                return
            self._leave(cohort)

    def _look_one_by_one(self, cohort: Cohort) -> None:
        """The same where somebody's wait ends at this very instant: those before it keep their places before it."""
        waiting = Cohort()
        while (listener := cohort.first()) is not None:
            visible = self._next_visible()
            if listener.deadline > self.now and (visible is None or visible > self.now):
                waiting.append(cohort.members.popleft())
                continue
            if waiting.members:
                self._listen(waiting, visible)
                waiting = Cohort()
            self._leave(cohort)
        if waiting.members:
            self._listen(waiting, self._next_visible())

    def _leave(self, cohort: Cohort) -> None:
        listener = cohort.members.popleft()
        listener.gone = True
        self._go_on(listener.turn)
