"""`time.sleep` in lab time, in every module that has imported it."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from labkit.clock.length import SECOND
from labkit.words import error
from labkit.words import time as words


class Sleep:
    """Replaces `time.sleep` wherever a module holds it; without lab time, or in other threads, it really sleeps."""

    def __init__(self, sleep_in_lab: Callable[[int], bool]) -> None:
        self._real: tuple[Callable[[float], None]] = (time.sleep,)
        self._sleep_in_lab = sleep_in_lab
        self._replacement = self._make()

    def _make(self) -> Callable[[float], None]:
        def sleep(seconds: float, /) -> None:
            """Wait for the given number of seconds; in lab time while a lab is open."""
            if not isinstance(seconds, (int, float)) or not 0 <= seconds < 1e12:
                return self._real[0](seconds)
            if getattr(threading.current_thread(), "started_in_lab", False):
                raise error(words.THREAD, what="time.sleep")
            if not self._sleep_in_lab(round(seconds * SECOND)):
                self._real[0](seconds)
            return None

        return sleep

    def install(self) -> None:
        """Put the replacement wherever the real function is."""
        _replace(self._real[0], self._replacement)

    def remove(self) -> None:
        """Put the real function back wherever the replacement is."""
        _replace(self._replacement, self._real[0])


def _replace(old: Any, new: Any) -> None:
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", None)
        if isinstance(names, dict):
            for name in [name for name, value in names.items() if value is old]:
                names[name] = new
