"""Metrics that count what happened, one data point a minute, as services publish them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from labkit.rules.metric import MINUTE, Sample, Statistics


class Counted:
    """Told in order of time, it adds up each metric by the minute.

    Of `sizes` a minute keeps the statistics of the single values, of all others their sum as one value.
    """

    def __init__(self, metrics: Iterable[str], sizes: Iterable[str] = ()) -> None:
        self._minutes: dict[str, dict[int, Statistics]] = {metric: {} for metric in metrics}
        self._sizes = frozenset(sizes)

    def __contains__(self, metric: str) -> bool:
        return metric in self._minutes

    def count(self, metric: str, at: int, value: float = 1) -> None:
        """Something happened at an instant in microseconds since 1970; zero counts too."""
        minutes, minute = self._minutes[metric], at - at % MINUTE
        if minute not in minutes:
            minutes[minute] = Statistics.of(value)
        elif metric in self._sizes:
            minutes[minute].add(Statistics.of(value))
        else:
            minutes[minute] = Statistics.of(minutes[minute].total + value)

    def samples(self, metric: str, start: int, end: int) -> Iterator[Sample]:
        """The data points stamped from `start` on whose minute is over at `end`."""
        minutes = self._minutes[metric]
        known = list(minutes)
        for minute in known[bisect_left(known, start) :]:
            if minute + MINUTE > end:
                break
            yield minute, minutes[minute]

    def published(self, end: int) -> list[str]:
        """The metrics that have had a data point by `end`."""
        return [metric for metric in self._minutes if next(self.samples(metric, 0, end), None) is not None]
