"""A time axis: lab time since the lab's start, in the unit and with the ticks that a person would choose."""

from __future__ import annotations

from typing import NamedTuple

from labkit.history.times import SECOND
from labkit.words import pictures as words
from labkit.words import say

MOST_TICKS = 9
_UNITS = {"s": SECOND, "min": 60 * SECOND, "h": 3_600 * SECOND, "d": 86_400 * SECOND}
# StepLine in seconds that divide minutes, hours and days well.
_STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800,
          3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600]  # fmt: skip


class Axis(NamedTuple):
    """From `start` to `end`, microseconds since the lab's start; `unit` of the labels: s, min, h or d."""

    start: int
    end: int
    unit: str
    ticks: list[int]

    @property
    def title(self) -> str:
        """What the numbers count."""
        return say(words.SINCE_START[self.unit])

    def label(self, at: int) -> str:
        """The number at a tick."""
        return f"{at / _UNITS[self.unit]:.3f}".rstrip("0").rstrip(".")

    def value(self, at: int) -> float:
        """An instant in the axis's unit, for plotly."""
        return round(at / _UNITS[self.unit], 9)

    def share(self, at: int) -> float:
        """How far along the axis an instant is, from 0 to 1."""
        return (min(max(at, self.start), self.end) - self.start) / (self.end - self.start)


def axis(start: int, end: int) -> Axis:
    """Return the axis for a stretch of lab time; one of no length is drawn as a millisecond."""
    end = max(end, start + SECOND // 1_000)
    # The smallest step that leaves few enough ticks, as d3's time scale and matplotlib's date locator choose theirs;
    # beyond two weeks, whole days.
    step = next((round(s * SECOND) for s in _STEPS if (end - start) / (s * SECOND) <= MOST_TICKS), None)
    step = step or -(-(end - start) // (MOST_TICKS * _UNITS["d"])) * _UNITS["d"]
    # The first multiple at or after the start: floor division between two minus signs rounds up.
    first = -(-start // step) * step
    # The largest unit in which every label is a whole number.
    unit = next((unit for unit in ("d", "h", "min") if step % _UNITS[unit] == 0), "s")
    return Axis(start, end, unit, list(range(first, end + 1, step)))
