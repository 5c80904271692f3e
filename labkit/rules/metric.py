"""Statistics of a metric: what is published adds up to one data point a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from labkit.rules.message import SECOND

MINUTE = 60 * SECOND


@dataclass(slots=True)
class Statistics:
    """What CloudWatch keeps of the values published for one metric in one period."""

    count: float
    total: float
    smallest: float
    largest: float

    @classmethod
    def of(cls, value: float) -> Statistics:
        """The statistics of one value."""
        return cls(1, value, value, value)

    def add(self, other: Statistics) -> None:
        """Take in what was published beside this."""
        self.count += other.count
        self.total += other.total
        self.smallest = min(self.smallest, other.smallest)
        self.largest = max(self.largest, other.largest)

    def copy(self) -> Statistics:
        """Return the same numbers, apart."""
        return Statistics(self.count, self.total, self.smallest, self.largest)

    def value(self, statistic: str) -> float:
        """Return one statistic by AWS's name. Raises KeyError for one that is not kept, such as a percentile."""
        average = self.total / self.count if self.count else 0.0
        return {
            "SampleCount": self.count,
            "Average": average,
            "Sum": self.total,
            "Minimum": self.smallest,
            "Maximum": self.largest,
        }[statistic]


Sample = tuple[int, Statistics]


def data_points(samples: Iterable[Sample], start: int, end: int, period: int) -> list[Sample]:
    """Return one data point a period that has samples, from `start` on and before `end`, stamped with its beginning.

    All times are microseconds since 1970. [metric-periods]
    """
    found: dict[int, Statistics] = {}
    for at, statistics in samples:
        if start <= at < end:
            begins = at - (at - start) % period
            if begins in found:
                found[begins].add(statistics)
            else:
                found[begins] = statistics.copy()
    return sorted(found.items())


def rounded_start(start: int, now: int, period: int) -> int:
    """Round a query's start down as CloudWatch does: the older it is and the longer the period, the coarser."""
    age = (now - start) / (24 * 60 * MINUTE)
    if age > 63:
        return start - start % (60 * MINUTE)
    if age > 15:
        return start - start % (5 * MINUTE)
    return start - start % (min(period, MINUTE) if period < MINUTE else MINUTE)
