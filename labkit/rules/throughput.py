"""How much a second a FIFO queue or topic takes, by mode and Region."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from types import MappingProxyType

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

ONE_EACH: Mapping[object, int] = MappingProxyType({})


def high_throughput(region: str) -> int:
    """Return the API calls a second that each action of a high throughput queue has in a Region. [fifo-4]"""
    return HIGH[REGIONS.get(region, "fifth")]


class Throughput:
    """What the last second held, by whatever it counts against; never more than a limit in any second.

    `code` is that of the refusal: each service has its own.
    """

    def __init__(self, code: str = "ThrottlingException") -> None:
        self._code = code
        self._counted: dict[object, _Second] = {}
        self._tidy_at = SLACK

    def admit(self, limits: Iterable[tuple[object, int]], now: int, amounts: Mapping[object, int] = ONE_EACH) -> None:
        """Count one, or the amount of its key, against every (key, limit a second). Raises `Refused`, counting none."""
        counted = []
        for key, limit in limits:
            second, amount = self._counted.setdefault(key, _Second()), amounts.get(key, 1)
            if second.total(now) + amount > limit:
                raise Refused(self._code, "Rate exceeded")
            counted.append((second, amount))
        for second, amount in counted:
            second.add(now, amount)
        self._tidy(now)

    def count(self, key: object, now: int, amount: int) -> None:
        """Count an amount that was not asked for before, however much it is."""
        self._counted.setdefault(key, _Second()).add(now, amount)

    def _tidy(self, now: int) -> None:
        if len(self._counted) > self._tidy_at:
            self._counted = {key: second for key, second in self._counted.items() if second.total(now)}
            self._tidy_at = SLACK + 2 * len(self._counted)


class _Second:
    """What was counted in the last second."""

    __slots__ = ("_amounts", "_total")

    def __init__(self) -> None:
        self._amounts: deque[tuple[int, int]] = deque()
        self._total = 0

    def add(self, now: int, amount: int) -> None:
        """Count an amount."""
        self._amounts.append((now, amount))
        self._total += amount

    def total(self, now: int) -> int:
        """The sum of the last second."""
        amounts = self._amounts
        while amounts and amounts[0][0] <= now - SECOND:
            self._total -= amounts.popleft()[1]
        return self._total
