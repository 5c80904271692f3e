"""The one place where the process changes between real and lab time."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from types import ModuleType
from typing import Any

from _time_machine import original_time_ns

from labkit.clock.actor import Actor
from labkit.clock.guard import guard
from labkit.clock.protocol import Time
from labkit.clock.refusals import YOU, Refusals
from labkit.clock.sleeping import Sleep
from labkit.words import error, say
from labkit.words import lab as lab_words
from labkit.words import time as words


def _time_machine() -> ModuleType:
    """time-machine without its pytest plug-in, for which it would import all of pytest (160 ms)."""
    missing = object()
    before = sys.modules.get("pytest", missing)
    if before is missing:
        sys.modules["pytest"] = None  # type: ignore[assignment]
    try:
        return import_module("time_machine")
    finally:
        if before is missing:
            del sys.modules["pytest"]


time_machine = _time_machine()


class TimeSwitch:
    """Knows the open labs' schedulers, innermost last, and lets the thread that opened them see lab time.

    Installed when the first lab opens and removed with the last; `on` and `off` are called around cells.
    Other threads, such as Jupyter's own, always see real time.
    """

    def __init__(self) -> None:
        # Labs nest: only the innermost one's time is seen, the others stand still.
        self._schedulers: list[Time] = []
        self._travel: Any = None
        self._thread = 0
        self._sleep = Sleep(self._sleep_in_lab)
        self._refusals = Refusals(self._who)

    @property
    def is_on(self) -> bool:
        """Whether the lab's thread sees lab time now."""
        return self._travel is not None

    @property
    def scheduler(self) -> Time | None:
        """The scheduler of the innermost open lab."""
        return self._schedulers[-1] if self._schedulers else None

    def in_lab_thread(self) -> bool:
        """Whether the caller runs in the thread that opened the labs."""
        return threading.get_ident() == self._thread

    def in_service_thread(self) -> bool:
        """Whether the caller runs in a thread that the mock of a service started, such as a state machine's."""
        return getattr(threading.current_thread(), "started_by_service", False)

    @contextmanager
    def as_service(self) -> Iterator[None]:
        """Within the `with`, the calling thread counts as one of the mock's own, and so do threads that it starts."""
        thread: Any = threading.current_thread()
        before = self.in_service_thread()
        thread.started_by_service = True
        try:
            yield
        finally:
            thread.started_by_service = before

    def actor(self) -> Actor | None:
        """The actor of any open lab that runs now, or None for you."""
        return next((actor for lab in self._schedulers if (actor := lab.current()) is not None), None)

    def check_alive(self) -> None:
        """End the calling actor here if its lab is closing, also while another lab is open inside it."""
        for scheduler in self._schedulers:
            scheduler.check_alive()

    def check_thread(self) -> None:
        """Raise `LabError` in another thread than the one that opened the labs."""
        if self._schedulers and not self.in_lab_thread():
            raise error(words.THREAD, what=say(words.THREAD_LAB))

    def check_innermost(self, scheduler: Time) -> None:
        """Raise `LabError` unless this scheduler's lab is the innermost open one, and this its thread."""
        self.check_thread()
        if scheduler not in self._schedulers:
            raise error(lab_words.CLOSED)
        if scheduler is not self.scheduler:
            raise error(lab_words.PARKED)

    def open(self, scheduler: Time) -> None:
        """Make this scheduler's time the one that code sees."""
        if not self._schedulers:
            # Time is of a thread: Jupyter's heartbeat, autosave and message dates must stay real while a cell runs.
            self._thread = threading.get_ident()
            self._sleep.install()
            self._refusals.install()
        self._schedulers.append(scheduler)

    def close(self, scheduler: Time) -> None:
        """Forget a scheduler; after the last one the process is as it was before the first."""
        self._schedulers.remove(scheduler)
        if not self._schedulers:
            self.off()
            self._refusals.remove()
            self._sleep.remove()

    def on(self) -> None:
        """Show lab time, if a lab is open; does nothing the second time."""
        if self._schedulers and not self.is_on:
            guard.install()
            # time-machine replaces the clock below Python's own modules, however they were imported. It travels to one
            # instant; asked for the time it then asks us, so that moving lab time needs no further journey.
            self._travel = time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False)
            self._travel.start().time_ns = self._time_ns

    def off(self) -> None:
        """Show real time; does nothing the second time."""
        if self.is_on:
            # Forgotten first: Ctrl-C in `stop` must not make the next `off` stop it again.
            travel, self._travel = self._travel, None
            travel.stop()
            guard.remove()

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show lab time within the `with`, also between cells; Ctrl-C is held back meanwhile."""
        # Between cells time is real, yet a widget may advance a lab or look at its table.
        was_on = self.is_on
        with guard.working():
            self.on()
            try:
                yield
            finally:
                if not was_on:
                    self.off()

    def _time_ns(self) -> int:
        scheduler = self.scheduler
        if scheduler is not None and (self.in_lab_thread() or scheduler.is_seen_here()):
            return scheduler.now * 1_000
        return int(original_time_ns())

    def _sleep_in_lab(self, micros: int) -> bool:
        scheduler = self.scheduler
        if scheduler is None or not self.is_on or not (self.in_lab_thread() or scheduler.is_seen_here()):
            return False
        # An actor that swallows its end would sleep on for ever, and its lab never close.
        self.check_alive()
        actor = scheduler.current()
        if actor is None:
            scheduler.sleep(micros)
            return True
        ended = scheduler.sleeping(actor.name, scheduler.now, scheduler.now + micros)
        try:
            scheduler.sleep(micros)
        finally:
            ended(scheduler.now)
        return True

    def _who(self) -> str | None:
        if not (self.is_on and self.in_lab_thread()) or self._schedulers[-1].is_real:
            return None
        actor = self.actor()
        return YOU if actor is None else actor.name


switch = TimeSwitch()
