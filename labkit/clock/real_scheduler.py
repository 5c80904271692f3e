"""Actors in real time: threads that run while the lab's owner runs or waits, and stop between cells."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from labkit.causes import ActorState
from labkit.clock.actor import ActorEnded
from labkit.clock.guard import guard
from labkit.clock.length import SECOND
from labkit.clock.real_time import RealTime
from labkit.words import error
from labkit.words import time as words

# What `done` looks at changes without a word, so it is asked so many times a second.
LOOK_AGAIN = SECOND // 50
# How long the end waits, in real seconds, for a thread to come to its next call; a daemon, it ends with the process.
PATIENCE = 2.0


class RealActor:
    """One started function in a thread of its own; `state` is how it stands, or why it ended."""

    def __init__(
        self, scheduler: RealScheduler, function: Callable[..., Any], args: tuple[Any, ...], name: str
    ) -> None:
        self.name = name
        self.state = ActorState.READY
        self.result: Any = None
        self.error: BaseException | None = None
        self.ending = False
        self._scheduler = scheduler
        self._function = function
        self._args = args
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the actor has something left to do."""
        return self.state is ActorState.READY

    def _run(self) -> None:
        try:
            self._scheduler.check_alive()
            self.result = self._function(*self._args)
            self.state = ActorState.DONE
        except ActorEnded:
            self.state = ActorState.ENDED
        except BaseException as failure:
            self.state, self.error = ActorState.FAILED, failure
        finally:
            self._scheduler.finished()

    def __repr__(self) -> str:
        return f"<Actor {self.name!r} {self.state}>"


class RealScheduler(RealTime):
    """Real time with actors. Between runs they stop at their next call or at the end of their sleep."""

    def __init__(self, start: int, speed: float = 1, *, seen_by_all: bool = False) -> None:
        super().__init__(start, speed)
        self._seen_by_all = seen_by_all
        self.actors: list[RealActor] = []
        self._owner = threading.get_ident()
        self._running = threading.Event()
        self._news = threading.Condition()

    def is_seen_here(self) -> bool:
        """Whether the calling thread is an actor's, or all threads of the process see this time."""
        return self._seen_by_all or self.current() is not None

    def current(self) -> RealActor | None:
        """The actor whose thread calls, or None for you."""
        here = threading.current_thread()
        return next((actor for actor in self.actors if actor.thread is here), None)

    def start(self, function: Callable[..., Any], args: tuple[Any, ...], name: str) -> RealActor:
        """Make an actor of a function; its thread begins with the next run."""
        actor = RealActor(self, function, args, name)
        self.actors.append(actor)
        return actor

    def sleep(self, micros: int) -> None:
        """Let lab time pass for the caller; the actors run while you wait."""
        if threading.get_ident() == self._owner:
            self.run(self.now + micros)
        else:
            super().sleep(micros)
            self.check_alive()

    def check_alive(self) -> None:
        """Let the calling actor wait until the next run; end it if its lab is closing."""
        actor = self.current()
        if actor is None:
            return
        # Nothing can suspend a thread from outside: between runs each stops here by itself, at its next call or sleep.
        if not actor.ending:
            self._running.wait()
        if actor.ending or self.is_over:
            raise ActorEnded

    def count_call(self, actor: Any) -> None:
        """Calls in real time take real time, so nobody needs to count them."""

    def finished(self) -> None:
        """An actor has something to tell: it is done, or it failed."""
        with self._news:
            self._news.notify_all()

    def run(self, until: int | None, done: Callable[[], bool] | None = None) -> None:
        """Let the actors run up to `until`, until `done()`, or until none has anything left to do.

        An exception in one is raised here; the others stop at their next call.
        """
        if (actor := self.current()) is not None:
            raise error(words.RUN_IN_ACTOR, name=actor.name)
        held = guard.held
        try:
            # Waiting for threads changes nothing of labkit's, so Ctrl-C may strike here.
            guard.restore(False)
            with self.running():
                while not self._is_over(until, done):
                    self._wait_for_news(until, done)
        except KeyboardInterrupt:
            self.end()
            raise
        finally:
            if held:
                guard.hold()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Within the `with` the actors run."""
        self._running.set()
        self._begin()
        try:
            yield
        finally:
            if not self.is_over:
                self._running.clear()

    def _begin(self) -> None:
        for actor in self.actors:
            if actor.thread.ident is None:
                actor.thread.start()

    def _is_over(self, until: int | None, done: Callable[[], bool] | None) -> bool:
        for actor in [actor for actor in self.actors if not actor.alive]:
            self.actors.remove(actor)
            if actor.error is not None:
                raise actor.error
        if done is not None and done():
            return True
        return self.now >= until if until is not None else not self.actors

    def _wait_for_news(self, until: int | None, done: Callable[[], bool] | None) -> None:
        """Wait for an actor's end or the end of the run; what `done` looks at can change without a word."""
        micros = None if until is None else until - self.now
        if done is not None:
            soon = round(LOOK_AGAIN * self.speed)
            micros = soon if micros is None else min(micros, soon)
        with self._news:
            if all(actor.alive for actor in self.actors):
                self._news.wait(None if micros is None else self.real_seconds(micros))

    def stop(self, actor: RealActor) -> None:
        """End one actor at its next call, or at the end of its sleep."""
        actor.ending = True

    def end(self) -> None:
        """End everybody's waiting, and all actors at their next call or sleep."""
        super().end()
        self._running.set()
        for actor in self.actors:
            if actor.thread.ident is not None:
                actor.thread.join(PATIENCE)
        self.actors.clear()
