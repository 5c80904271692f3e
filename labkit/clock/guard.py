"""Ctrl-C that never strikes in the middle of a change: held back inside labkit, delivered in the learner's code."""

from __future__ import annotations

import signal
import threading
from typing import Any


class InterruptGuard:
    """Holds SIGINT while labkit works. `hold` returns the state before, `restore` goes back to it and delivers."""

    def __init__(self) -> None:
        self.held = False
        self.pending = False
        self._previous: Any = None
        self._installed = False

    def install(self) -> None:
        """Take over SIGINT, if this is the main thread and its handler is one that Python code can call."""
        if self._installed or threading.current_thread() is not threading.main_thread():
            return
        previous = signal.getsignal(signal.SIGINT)
        if callable(previous):
            self._previous = previous
            self._installed = True
            signal.signal(signal.SIGINT, self._on_interrupt)

    def remove(self) -> None:
        """Give SIGINT back to the handler that had it, unless somebody else has taken it since."""
        if self._installed:
            self._installed = False
            if signal.getsignal(signal.SIGINT) == self._on_interrupt:
                signal.signal(signal.SIGINT, self._previous)

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
        if self.held:
            self.pending = True
        else:
            self._previous(number, frame)


guard = InterruptGuard()
