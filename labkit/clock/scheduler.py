"""The event queue of a lab: who wakes when, and nothing else decides what runs next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from heapq import heappop, heappush
from typing import Any

from greenlet import getcurrent, greenlet

from labkit.causes import ActorState
from labkit.clock.actor import Actor, ActorEnded
from labkit.clock.guard import guard
from labkit.clock.length import clock_text
from labkit.clock.protocol import Sleeping, Timers, nobody_asks
from labkit.clock.watch import IDLE_LENGTH, Idle, Watch
from labkit.words import error
from labkit.words import time as words

MOST_CALLS_AT_ONE_INSTANT = 100_000
MOST_REFUSALS = 100
# Actors that refuse to end stay suspended here: freeing their greenlets would make them run once more.
_never_ended: list[Actor] = []


class Scheduler:
    """Virtual time and its actors. `now` is microseconds since 1970; only waiting moves it.

    The code that calls `run` or `sleep` from outside any actor is "you"; actors run inside those calls.
    """

    is_real = is_over = False

    def __init__(self, start: int) -> None:
        self.now = start
        self.actors: list[Actor] = []
        self.changed = 0
        self.is_due: Callable[[], bool] = lambda: False
        self.sleeping: Sleeping = nobody_asks
        self.timers = Timers()
        # A heap, as in SimPy and asyncio. The ticket after the instant keeps wakes of one instant in the order in which
        # they were asked for, and is never the same twice, so that no two actors are compared.
        self._wakes: list[tuple[int, int, Actor]] = []
        self._tickets = 0
        self._waiting: defaultdict[Hashable, list[tuple[Actor, int]]] = defaultdict(list)
        # You are no actor and have no ticket: what was notified while you waited is noted here.
        self._notified: set[Hashable] = set()
        self._by_greenlet: dict[greenlet, Actor] = {}
        # Whoever runs the loop. Actors switch to it and never to each other: it alone decides who is next.
        self._hub: greenlet | None = None
        self._resumed = start

    # For whoever calls from inside

    def is_seen_here(self) -> bool:
        """Whether another thread than the lab's sees lab time: none does."""
        return False

    def current(self) -> Actor | None:
        """The actor that runs now, or None for you."""
        return self._by_greenlet.get(getcurrent())

    def start(self, function: Callable[..., Any], args: tuple[Any, ...], name: str) -> Actor:
        """Make an actor of a function; it begins at the present instant of the next run."""
        actor = Actor(self, function, args, name)
        self.actors.append(actor)
        self._by_greenlet[actor.greenlet] = actor
        self._wake(actor, self.now)
        return actor

    def stop(self, actor: Actor) -> None:
        """End one actor at this instant: at once if it waits, at its next wait if it is the one that calls."""
        # In the loop, at this same instant: nobody can be ended inside another one's turn, or inside their own.
        self.timers.add(self.now, lambda: self._end(actor) if actor.alive else None)

    def sleep(self, micros: int) -> None:
        """Let `micros` microseconds pass for the caller while the others run."""
        was = guard.hold()
        try:
            self._pass(self.now + micros, None)
        finally:
            guard.restore(was)

    def wait(self, topic: Hashable, until: int) -> None:
        """Let time pass for the caller until `until` or until somebody notifies the topic."""
        was = guard.hold()
        try:
            self._pass(until, topic)
        finally:
            guard.restore(was)

    def notify(self, topic: Hashable) -> None:
        """Wake all who wait for the topic, in the order in which they began to wait."""
        self._notified.add(topic)
        for actor, ticket in self._waiting.pop(topic, ()):
            # Woken by the clock meanwhile, it waits for something else by now, with another ticket.
            if actor.ticket == ticket and actor.alive:
                self._wake(actor, self.now)

    def count_call(self, actor: Actor | None) -> None:
        """Count an API call of an actor at this instant. Raises `LabError` after 100,000 without time passing."""
        if actor is None:
            return
        if actor.calls_at != self.now:
            actor.calls_at, actor.calls = self.now, 0
        actor.calls += 1
        actor.made += 1
        if actor.calls > MOST_CALLS_AT_ONE_INSTANT:
            raise error(words.TOO_MANY_CALLS, name=actor.name, calls=actor.calls - 1, now=clock_text(self.now))

    def check_alive(self) -> None:
        """End the calling actor here if its lab is closing."""
        actor = self.current()
        if actor is not None and actor.ending:
            self._refuse_to_go_on(actor)

    def _pass(self, until: int, topic: Hashable) -> None:
        actor = self.current()
        if actor is None:
            self._notified.discard(topic)
            self._loop(until, (lambda: topic in self._notified) if topic is not None else None)
            return
        if actor.ending:
            self._refuse_to_go_on(actor)
        actor.state = ActorState.WAITING
        ticket = self._wake(actor, until)
        if topic is not None:
            self._waiting[topic].append((actor, ticket))
        assert self._hub is not None
        self._hub.switch()
        actor.state = ActorState.READY

    def _refuse_to_go_on(self, actor: Actor) -> None:
        # Code that catches everything would go on for ever: thrown out a hundred times, it is left where it is.
        actor.calls += 1
        if actor.calls < MOST_REFUSALS:
            raise ActorEnded
        self._abandon(actor)

    def _abandon(self, actor: Actor, failure: BaseException | None = None) -> None:
        """Leave the calling actor where it is, for ever."""
        actor.state, actor.error = ActorState.ENDED, failure
        _never_ended.append(actor)
        while True:
            assert self._hub is not None
            self._hub.switch()

    def _wake(self, actor: Actor, at: int) -> int:
        # Earlier entries of the actor become void and are dropped when they come up; to look for them would cost O(n).
        self._tickets += 1
        actor.ticket = self._tickets
        heappush(self._wakes, (at, self._tickets, actor))
        return self._tickets

    # The loop

    def run(self, until: int | None, done: Callable[[], bool] | None = None) -> None:
        """Run actors up to and including `until`, or until `done()`, or until none has anything left to do.

        An exception in an actor stops the run at that instant and is raised here; the others stay suspended.
        """
        actor = self.current()
        if actor is not None:
            raise error(words.RUN_IN_ACTOR, name=actor.name)
        was = guard.hold()
        try:
            self._loop(until, done)
        finally:
            guard.restore(was)

    def _loop(self, until: int | None, done: Callable[[], bool] | None) -> None:
        # Loops nest where a timer or `done` lets time pass; each gives the hub back.
        hub, self._hub = self._hub, getcurrent()
        try:
            with Watch(self._stuck, self._abandon):
                self._steps(until, done)
        except KeyboardInterrupt:
            self.end()
            raise
        finally:
            self._hub = hub

    def _steps(self, until: int | None, done: Callable[[], bool] | None) -> None:
        self._resumed = self.now
        idle = Idle(self) if until is None and done is None else None
        while not (done and _ask(done)):
            guard.deliver()
            at, actor = self._next()
            if self._timer_comes_first(at, actor, until, done is not None):
                self._move(self.timers.next or 0)
                self.timers.pop()()
                continue
            if actor is None or (until is not None and at > until):
                break
            heappop(self._wakes)
            if idle:
                idle.check(at, actor)
            self._move(at)
            self._resume(actor)
        else:
            # `done` came true: time stays at that instant. Every other end of the loop moves on to `until`.
            return
        if until is not None:
            self._move(until)

    def _timer_comes_first(self, at: int, actor: Actor | None, until: int | None, asked: bool) -> bool:
        # At one instant timers come first: what happens by itself has happened when somebody looks.
        due = self.timers.next
        if due is None or (actor is not None and at < due):
            return False
        if until is not None:
            return due <= until
        # Without an end, alarms that are evaluated each minute would keep the run going for ever. They count only where
        # somebody waits for what they may bring, and for a day.
        return actor is not None or self.timers.next_once or (asked and due - self._resumed <= IDLE_LENGTH)

    def _next(self) -> tuple[int, Actor | None]:
        while self._wakes:
            at, ticket, actor = self._wakes[0]
            if actor.ticket == ticket and actor.alive:
                return at, actor
            heappop(self._wakes)
        return 0, None

    def _move(self, at: int) -> None:
        self.now = max(self.now, at)

    def _resume(self, actor: Actor) -> None:
        # Where its end leads to: this loop, which need not be the one in which it began.
        actor.greenlet.parent = getcurrent()
        self._resumed = self.now
        guard.struck = False
        Watch.begin(actor)
        actor.greenlet.switch()
        Watch.begin(None)
        if not actor.alive:
            self._forget(actor)
        failure, actor.error = actor.error, None
        # Ctrl-C ends the run also where the actor has swallowed it, as `except BaseException` in a loop does.
        if guard.struck:
            guard.struck = False
            raise failure if isinstance(failure, KeyboardInterrupt) else KeyboardInterrupt
        if failure is not None:
            raise failure

    def _forget(self, actor: Actor) -> None:
        del self._by_greenlet[actor.greenlet]
        self.actors.remove(actor)

    def _stuck(self, actor: Actor, seconds: float) -> BaseException:
        return error(words.STUCK, name=actor.name, seconds=round(seconds), now=clock_text(self.now))

    def end(self) -> None:
        """End all actors at once, in the order in which they were started."""
        was = guard.hold()
        guard.struck = False
        hub, self._hub = self._hub, getcurrent()
        try:
            with Watch(self._stuck, self._abandon):
                while self.actors:
                    self._end(self.actors[0])
        finally:
            self._hub = hub
            # A Ctrl-C into an actor's last lines is delivered once all have ended.
            guard.pending |= guard.struck
            guard.restore(was)

    def _end(self, actor: Actor) -> None:
        actor.ending, actor.calls = True, 0
        actor.greenlet.parent = getcurrent()
        # A greenlet is true from its first line to its last; one that has not begun has nothing to end.
        if actor.greenlet:
            Watch.begin(actor)
            actor.greenlet.throw(ActorEnded)
            Watch.begin(None)
        actor.state, actor.error = ActorState.ENDED, None
        self._forget(actor)


def _ask(done: Callable[[], bool]) -> bool:
    """Ask the learner's function, which Ctrl-C may strike."""
    guard.restore(False)
    try:
        return done()
    finally:
        guard.hold()
