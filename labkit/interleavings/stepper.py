"""Time and consumers that move only when a schedule says so."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from greenlet import getcurrent

from labkit.causes import ActorState
from labkit.clock.actor import Actor, ActorEnded
from labkit.clock.guard import guard
from labkit.clock.scheduler import Scheduler
from labkit.clock.watch import Watch
from labkit.interleavings.operations import Nap, Operation
from labkit.words import error
from labkit.words import interleavings as words


class Consumer(Actor):
    """A machine that runs the learner's function again and again; it stops before each call, effect and sleep.

    `pending` is what it is about to do; `is_fresh` while it has done nothing; `has_polled` once a poll has come back
    empty since anything happened; `is_idle` when the function returned without doing anything.
    """

    def __init__(self, stepper: Stepper, index: int, name: str, function: Callable[..., Any], args: tuple[Any, ...]):
        super().__init__(stepper, self._again_and_again, (function, args), name)
        self.index = index
        self.pending: Operation | None = None
        self.is_fresh = True
        self.has_polled = False
        self.stops = 0

    def _again_and_again(self, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        stops = -1
        while stops < self.stops:
            stops = self.stops
            function(*args)


class Stepper(Scheduler):
    """A lab's time without an event queue: it moves when a step says so, and each consumer waits for its turn."""

    def __init__(self, start: int) -> None:
        super().__init__(start)
        self.running: Consumer | None = None

    def current(self) -> Consumer | None:
        """The consumer whose code runs now, or None."""
        running = self.running
        return running if running is not None and running.greenlet is getcurrent() else None

    def count_call(self, actor: Actor | None) -> None:
        """Schedules are bounded otherwise."""

    def sleep(self, micros: int) -> None:
        """Stop the consumer until its turn comes, at the end of its sleep or later; inside a call just pass time."""
        consumer = self.current()
        if consumer is None or guard.held:
            self.now += micros
            return
        was = guard.hold()
        try:
            nap = Nap(self.now + micros)
            self.await_turn(consumer, nap)
            self.now = max(self.now, nap.until)
        finally:
            guard.restore(was)

    def wait(self, topic: Hashable, until: int) -> None:
        """Pass the time that a long poll waits; nobody else moves meanwhile."""
        self.now = max(self.now, until)

    def check_alive(self) -> None:
        """End the calling consumer here if its machine is dead."""
        consumer = self.current()
        if consumer is not None and consumer.ending:
            self._refuse_to_go_on(consumer)

    def await_turn(self, consumer: Consumer, operation: Operation) -> None:
        """Let the consumer wait before `operation` until a step resumes it."""
        if consumer.ending:
            self._refuse_to_go_on(consumer)
        consumer.pending = operation
        consumer.stops += 1
        assert self._hub is not None
        self._hub.switch()
        consumer.pending = None
        consumer.is_fresh = False

    def resume(self, consumer: Consumer) -> None:
        """Run a consumer up to the next thing that it is about to do, or to its end."""
        self._hub = consumer.greenlet.parent = getcurrent()
        before, self.running = self.running, consumer
        guard.struck = False
        Watch.begin(consumer)
        consumer.greenlet.switch()
        Watch.begin(None)
        self.running = before
        if guard.struck:
            guard.struck = False
            raise KeyboardInterrupt

    def kill(self, consumer: Consumer) -> None:
        """Let a consumer's machine die where it stands: it makes no further call, not even in a `finally`."""
        consumer.ending, consumer.calls = True, 0
        if not consumer.greenlet:
            return
        self._hub = consumer.greenlet.parent = getcurrent()
        before, self.running = self.running, consumer
        Watch.begin(consumer)
        consumer.greenlet.throw(ActorEnded)
        Watch.begin(None)
        self.running = before
        consumer.state = ActorState.ENDED
        if consumer.greenlet:
            raise error(words.CATCHES_ALL)
