"""Ctrl-C that never strikes in the middle of a change: held back inside labkit, delivered in the learner's code."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PATIENCE = 2.0


class InterruptGuard:
    """Holds SIGINT while labkit works. `hold` returns the state before, `restore` goes back to it and delivers.

    `struck` tells that an interrupt was raised in code that may have swallowed it.
    """

    def __init__(self) -> None:
        self.held = False
        self.pending = False
        self.struck = False
        self._pending_since = 0.0
        self._previous: Any = None
        self._installed = False
        self._users = 0

    def install(self) -> None:
        """Take over SIGINT, if this is the main thread and its handler is one that Python code can call."""
        self._users += 1
        if self._installed or threading.current_thread() is not threading.main_thread():
            return
        previous = signal.getsignal(signal.SIGINT)
        if callable(previous):
            self._previous = previous
            self._installed = True
            signal.signal(signal.SIGINT, self._on_interrupt)

    def remove(self) -> None:
        """Give SIGINT back to the handler that had it, at the last `remove` and unless somebody else has taken it."""
        self._users -= 1
        if self._installed and not self._users:
            self._installed = False
            if signal.getsignal(signal.SIGINT) == self._on_interrupt:
                signal.signal(signal.SIGINT, self._previous)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Hold interrupts within the `with`, also where lab time is not shown; deliver them at its end."""
        self.install()
        was = self.hold()
        try:
            yield
        finally:
            try:
                self.restore(was)
            finally:
                self.remove()

    def hold(self) -> bool:
        """Hold interrupts back; returns whether they were held already."""
        was, self.held = self.held, True
        return was

    def restore(self, was: bool) -> None:
        """Go back to the state that `hold` returned; raises KeyboardInterrupt if one came meanwhile."""
        self.held = was
        if not was:
            self.deliver()

    def deliver(self) -> None:
        """Raise the KeyboardInterrupt that came while interrupts were held, if one did."""
        if self.pending:
            self.pending = False
            raise KeyboardInterrupt

    def _on_interrupt(self, number: int, frame: Any) -> None:
        if self.held and not self._stuck():
            self.pending = True
            return
        self.pending = False
        self.struck = True
        self._previous(number, frame)

    def _stuck(self) -> bool:
        """Whether an earlier interrupt waits so long already that what holds it will never end."""
        if not self.pending:
            self._pending_since = time.perf_counter()
        return time.perf_counter() - self._pending_since > PATIENCE


guard = InterruptGuard()
