"""How many API calls a second a FIFO queue takes, by mode and Region."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from labkit.ledger import quota
from labkit.rules.line import SLACK
from labkit.rules.message import SECOND
from labkit.rules.refused import Refused

CALLS = quota("sqs.fifo.api_calls")
REGIONS = {
    "us-east-1": "first", "us-west-2": "first", "eu-west-1": "first",
    "us-east-2": "second", "eu-central-1": "second",
    "ap-south-1": "third", "ap-southeast-1": "third", "ap-southeast-2": "third", "ap-northeast-1": "third",
    "eu-west-2": "fourth", "sa-east-1": "fourth",
}  # fmt: skip
HIGH = {
    tier: quota(f"sqs.fifo.high_throughput.{tier}_tier") for tier in ("first", "second", "third", "fourth", "fifth")
}


def high_throughput(region: str) -> int:
    """Return the API calls a second that each action of a high throughput queue has in a Region. [fifo-4]"""
    return HIGH[REGIONS.get(region, "fifth")]


class Throughput:
    """The calls of the last second by whatever they count against; never more than a limit in any second."""

    def __init__(self) -> None:
        self._calls: dict[object, deque[int]] = {}
        self._tidy_at = SLACK

    def admit(self, limits: Iterable[tuple[object, int]], now: int) -> None:
        """Count one call against every (key, calls a second). Raises `Refused` (ThrottlingException), counting none."""
        counted = []
        for key, limit in limits:
            calls = self._calls.setdefault(key, deque())
            while calls and calls[0] <= now - SECOND:
                calls.popleft()
            if len(calls) >= limit:
                raise Refused("ThrottlingException", "Rate exceeded")
            counted.append(calls)
        for calls in counted:
            calls.append(now)
        if len(self._calls) > self._tidy_at:
            self._calls = {key: calls for key, calls in self._calls.items() if calls and calls[-1] > now - SECOND}
            self._tidy_at = SLACK + 2 * len(self._calls)
