"""The metrics that SQS publishes about a queue each minute, worked out from what happened to it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from labkit.causes import DELAYED, IN_FLIGHT, STORED, VISIBLE
from labkit.ledger import quota
from labkit.rules.counted import Counted
from labkit.rules.message import SECOND
from labkit.rules.metric import MINUTE, Sample, Statistics

SENT, RECEIVED, DELETED = "NumberOfMessagesSent", "NumberOfMessagesReceived", "NumberOfMessagesDeleted"
EMPTY, SIZE = "NumberOfEmptyReceives", "SentMessageSize"
COUNTED = (SENT, RECEIVED, DELETED, EMPTY, SIZE)
AGE = "ApproximateAgeOfOldestMessage"
BY_STATE = {
    "ApproximateNumberOfMessagesVisible": VISIBLE,
    "ApproximateNumberOfMessagesNotVisible": IN_FLIGHT,
    "ApproximateNumberOfMessagesDelayed": DELAYED,
}
UNITS = dict.fromkeys((*COUNTED, *BY_STATE), "Count") | {SIZE: "Bytes", AGE: "Seconds"}
INACTIVE_AFTER = quota("sqs.metrics.active") * SECOND
POISON_RECEIVES = quota("sqs.redrive.move_to_back_receives")


class _Moment(NamedTuple):
    """A queue at the end of a minute: its messages by state, when the oldest was sent, when it was last active."""

    counts: dict[str, int]
    oldest: int | None
    active: int

    def value(self, metric: str, end: int) -> float | None:
        """A gauge at the instant `end`; None where SQS reports none."""
        if metric == AGE:
            return None if self.oldest is None else (end - self.oldest) // SECOND
        number = self.counts[BY_STATE[metric]]
        if metric != "ApproximateNumberOfMessagesVisible":
            return number or None
        stored = any(self.counts.values())
        return number if stored or end < self.active + INACTIVE_AFTER else None


class QueueMetrics:
    """Told in order of time what happened to a queue, it answers which data points SQS published for any minute.

    A minute costs nothing until somebody asks for it. [metric-active] [metric-age]
    """

    def __init__(self, keeps_order: bool = False) -> None:
        self._keeps_order = keeps_order
        self._counted = Counted(COUNTED, sizes=[SIZE])
        self._counts = dict.fromkeys(BY_STATE.values(), 0)
        self._since: dict[str, int] = {}
        self._ages: list[tuple[int, str]] = []
        self._active = 0
        self._first: int | None = None
        self._minute = 0
        self._ends: list[int] = []
        self._moments: list[_Moment] = []

    # What happened

    def called(self, at: int) -> None:
        """An API action named the queue."""
        self._begin(at)
        self._active = max(self._active, at)

    def count(self, metric: str, at: int, value: float = 1) -> None:
        """Something counted happened; zero counts too, as SQS then reports a zero."""
        self._begin(at)
        self._counted.count(metric, at, value)

    def moved(self, at: int, message: str, before: str | None, after: str, receives: int) -> None:
        """A message changed its state; `before` is None, or not a stored state, for one that has just come here."""
        self._begin(at)
        if before in self._counts:
            self._counts[before] -= 1
        if after in self._counts:
            self._counts[after] += 1
        if after not in STORED:
            self._since.pop(message, None)
        elif before not in STORED:
            self._since[message] = at
            heappush(self._ages, (at, message))
        elif receives >= POISON_RECEIVES and not self._keeps_order:
            self._since.pop(message, None)
        self._active = max(self._active, at)

    def deleted(self, at: int) -> None:
        """The queue itself is gone, with all that was in it."""
        self._begin(at)
        self._counts = dict.fromkeys(self._counts, 0)
        self._since.clear()
        self._active = at - INACTIVE_AFTER

    def _begin(self, at: int) -> None:
        minute = at - at % MINUTE
        if self._first is None:
            self._first = self._minute = minute
        if minute > self._minute:
            self._ends.append(self._minute + MINUTE)
            self._moments.append(self._present())
            self._minute = minute

    def _present(self) -> _Moment:
        while self._ages and self._since.get(self._ages[0][1]) != self._ages[0][0]:
            heappop(self._ages)
        return _Moment(dict(self._counts), self._ages[0][0] if self._ages else None, self._active)

    # What was published

    def samples(self, metric: str, start: int, end: int) -> Iterator[Sample]:
        """The data points stamped from `start` on whose minute is over at `end`."""
        if self._first is None:
            return
        start = max(start - start % MINUTE, self._first)
        if metric in self._counted:
            yield from self._counted.samples(metric, start, end)
            return
        present = self._present()
        for minute in range(start, end - MINUTE + 1, MINUTE):
            value = self._at_end_of(minute, present).value(metric, minute + MINUTE)
            if value is not None:
                yield minute, Statistics.of(value)

    def _at_end_of(self, minute: int, present: _Moment) -> _Moment:
        if minute >= self._minute:
            return present
        return self._moments[bisect_right(self._ends, minute + MINUTE) - 1]

    def published(self, end: int) -> list[str]:
        """The metrics that have had a data point by `end`."""
        return [metric for metric in UNITS if next(self.samples(metric, 0, end), None) is not None]
