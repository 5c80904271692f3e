"""Ctrl-C that never strikes in the middle of a change: held back inside labkit, delivered in the learner's code."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# In real seconds: a Ctrl-C that comes so long after one that still waits is believed, for what holds them both hangs.
PATIENCE = 2.0


# trio protects its own frames from KeyboardInterrupt by a mark in each (its `enable_ki_protection`). As one thing runs
# at a time here, one flag is enough; it also protects moto and botocore, whose frames nobody could mark.
class HeldInterrupts:
    """Holds SIGINT while labkit works. `hold` returns the state before, `restore` goes back to it and delivers.

    `struck` tells that an interrupt was raised in code that may have swallowed it. Every step may be struck itself,
    so nothing is held unless somebody uses the guard, and a handler that nobody uses takes itself away.
    """

    def __init__(self) -> None:
        self.pending = False
        self.struck = False
        self._held = False
        self._users = 0
        self._previous: Any = None
        self._pending_since = 0.0

    @property
    def held(self) -> bool:
        """Whether an interrupt would be held back now."""
        return self._held and self._users > 0

    def install(self) -> None:
        """Take over SIGINT, if this is the main thread and its handler is one that Python code can call."""
        if not self._users and threading.current_thread() is threading.main_thread():
            self.pending = False
            previous = signal.getsignal(signal.SIGINT)
            # SIG_IGN, SIG_DFL and handlers written in C can't be called, so they couldn't be served in the end.
            if callable(previous):
                self._previous = previous
                signal.signal(signal.SIGINT, self._on_interrupt)
        self._users += 1

    def remove(self) -> None:
        """Give SIGINT back to the handler that had it, at the last `remove` and unless somebody else has taken it."""
        self._users -= 1
        if not self._users:
            self._give_back()

    def _give_back(self) -> None:
        # `==`, for each look at a bound method makes another object.
        if signal.getsignal(signal.SIGINT) == self._on_interrupt:
            signal.signal(signal.SIGINT, self._previous)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Hold interrupts within the `with`, also where lab time is not shown; deliver them at its end."""
        was = self.hold()
        self.install()
        try:
            yield
        finally:
            self.remove()
            self.restore(was)

    def hold(self) -> bool:
        """Hold interrupts back; returns whether they were held already."""
        was, self._held = self.held, True
        return was

    def restore(self, was: bool) -> None:
        """Go back to the state that `hold` returned; raises KeyboardInterrupt if one came meanwhile."""
        self._held = was
        if not was:
            self.deliver()

    def deliver(self) -> None:
        """Raise the KeyboardInterrupt that came while interrupts were held, if one did."""
        if self.pending:
            self.pending = False
            self.struck = True
            raise KeyboardInterrupt

    def _on_interrupt(self, number: int, frame: Any) -> None:
        # An interrupt struck `remove` itself, between its two steps: the handler that nobody uses goes now.
        if not self._users:
            self._give_back()
        if self.held and not self._hangs():
            self.pending = True
            return
        self.pending = False
        self.struck = True
        self._previous(number, frame)

    def _hangs(self) -> bool:
        """Whether an earlier interrupt waits so long already that what holds it will never end."""
        if not self.pending:
            self._pending_since = time.perf_counter()
            return False
        return time.perf_counter() - self._pending_since > PATIENCE


guard = HeldInterrupts()
