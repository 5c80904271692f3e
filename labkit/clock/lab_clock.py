"""A lab's clock as a learner uses it."""

from __future__ import annotations

from datetime import datetime, timedelta

from labkit.clock.length import length, moment
from labkit.clock.protocol import Time
from labkit.clock.switch import switch


class Clock:
    """A lab's time: read it or move it."""

    def __init__(self, scheduler: Time) -> None:
        self._scheduler = scheduler

    def now(self) -> datetime:
        """Return lab time as an aware datetime in UTC."""
        return moment(self._scheduler.now)

    def advance(self, by: str | float | timedelta) -> datetime:
        """Let time pass ("31 s", 31 or a timedelta) while the actors run; returns the new time.

        Raises `LabError` for a length it cannot read, and once the lab is closed or while another is open inside it.
        """
        micros = length(by)
        switch.check_innermost(self._scheduler)
        with switch.shown():
            self._scheduler.sleep(micros)
        return self.now()

    def __repr__(self) -> str:
        return f"<Clock {self.now():%Y-%m-%d %H:%M:%S}>"
