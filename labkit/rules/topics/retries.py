"""When SNS tries a delivery again that has failed at its endpoint: the four phases of a delivery policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labkit.ledger import quota
from labkit.rules.chance import draw
from labkit.rules.message import SECOND

LONGEST = quota("sns.retries.http_longest")
JITTER = 0.1


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """How many retries each phase has: at once, `shortest` seconds apart, growing to `longest`, and `longest` apart.

    `backoff` is the function by which the third phase grows: linear, arithmetic, geometric or exponential.
    """

    at_once: int
    before: int
    growing: int
    after: int
    shortest: int
    longest: int
    backoff: str = "exponential"

    @property
    def retries(self) -> int:
        """How many retries there are; a delivery is tried once more than that."""
        return self.at_once + self.before + self.growing + self.after

    def seconds(self, retry: int) -> float | None:
        """The pause before retry `retry` (from 1) without jitter, or None when there is none. [missing-sns-retries]"""
        nth = retry - 1
        for number, pause in ((self.at_once, 0.0), (self.before, float(self.shortest))):
            if nth < number:
                return pause
            nth -= number
        if nth < self.growing:
            return self._grown(nth)
        return float(self.longest) if nth - self.growing < self.after else None

    def _grown(self, nth: int) -> float:
        """The pause of the nth retry of the phase between both ends.

        AWS names the functions and draws them. The formulas are ours: each begins at the shortest pause and ends at the
        longest, in the order of AWS's picture.
        """
        share = nth / (self.growing - 1) if self.growing > 1 else 1.0
        low, span = self.shortest, self.longest - self.shortest
        if self.backoff == "linear":
            return low + span * share
        if self.backoff == "arithmetic":
            return low + span * share * (nth + 1) / max(self.growing, 1)
        if self.backoff == "geometric":
            return low + span * share**2
        return float(low * (self.longest / low) ** share)

    def pause(self, retry: int, *name: object) -> int | None:
        """Microseconds before retry `retry` (from 1), or None when there is none; `name` names the jitter's chance.

        AWS says that it applies jitter and not how much: here up to a tenth more or less.
        """
        seconds = self.seconds(retry)
        if seconds is None:
            return None
        return round(seconds * SECOND * (1 + JITTER * (2 * draw(*name, "jitter", retry) - 1)))


# The table of AWS's page. Its phases add up to the totals it gives (100,015 and 50), so those leave the first try out.
MANAGED = DeliveryPolicy(at_once=3, before=2, growing=10, after=100_000, shortest=1, longest=20)
PEOPLE = DeliveryPolicy(at_once=0, before=2, growing=10, after=38, shortest=10, longest=600)
HTTP_DEFAULT = {
    "numRetries": quota("sns.retries.http_default"),
    "numNoDelayRetries": 0,
    "minDelayTarget": 20,
    "maxDelayTarget": 20,
    "numMinDelayRetries": 0,
    "numMaxDelayRetries": 0,
    "backoffFunction": "linear",
}


def http_policy(*settings: Mapping[str, Any]) -> DeliveryPolicy:
    """The policy of an HTTP endpoint: AWS's defaults, under the topic's settings, under the subscription's."""
    given: dict[str, Any] = dict(HTTP_DEFAULT)
    for one in settings:
        given |= {name: value for name, value in one.items() if value is not None}
    at_once, before, after = (given[f"num{name}Retries"] for name in ("NoDelay", "MinDelay", "MaxDelay"))
    growing = given["numRetries"] - at_once - before - after
    return DeliveryPolicy(
        at_once,
        before,
        growing,
        after,
        given["minDelayTarget"],
        given["maxDelayTarget"],
        given["backoffFunction"].lower(),
    )
