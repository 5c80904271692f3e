"""What a fleet is told before it runs, checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

from labkit.clock.length import SECOND, length
from labkit.ledger import quota
from labkit.rules import Faults, StandardQueue
from labkit.rules.scaling import StepScaling, TargetTracking
from labkit.words import error
from labkit.words import fleet as words

Length = str | float | timedelta
Policy = TargetTracking | StepScaling | str | None
LONGEST_WAIT = quota("sqs.wait_time.maximum")
HIDDEN = quota("sqs.visibility_timeout.default")
NO_FAULTS = Faults.none()
LENGTHS = ("over", "work", "acceptable", "boot", "warmup", "wait", "latency")
CAN_BE_ZERO = ("boot", "warmup", "wait", "latency")


@dataclass(frozen=True, kw_only=True)
class Options:
    """The load, the consumers and how they scale; lengths as in a lab ("90 s", seconds or a timedelta).

    `orders` arrive within the length `over`, most of them in its middle. Each takes `work`; `acceptable` is how long
    one may wait, from which follows the target of the default policy. An instance is in service `boot` after its
    launch and warm `warmup` later. Raises `LabError` for what cannot be used.
    """

    orders: int = 10_000
    over: Length = "2 h"
    work: Length = "0.5 s"
    acceptable: Length = "60 s"
    minimum: int = 1
    maximum: int = 200
    policy: Policy = None
    boot: Length = "90 s"
    warmup: Length = "60 s"
    wait: Length = LONGEST_WAIT
    latency: Length = "10 ms"
    visibility_timeout: int = HIDDEN
    seed: int = 7
    faults: Faults = NO_FAULTS
    rules: type[StandardQueue] = StandardQueue

    def __post_init__(self) -> None:
        if not _whole(self.orders) or self.orders < 1:
            raise error(words.ORDERS, given=self.orders)
        if not _whole(self.seed):
            raise error(words.SEED, given=self.seed)
        if not (_whole(self.minimum) and _whole(self.maximum) and 1 <= self.minimum <= self.maximum):
            raise error(words.INSTANCES, minimum=self.minimum, maximum=self.maximum)
        for name in LENGTHS:
            if not length(getattr(self, name)) and name not in CAN_BE_ZERO:
                raise error(words.LENGTHS, name=name, given=getattr(self, name))
        if not isinstance(self.faults, Faults):
            raise error(words.FAULTS, given=self.faults)
        if self.faults.lost_response:
            raise error(words.LOST)
        if not (self.policy in (None, "none") or isinstance(self.policy, (TargetTracking, StepScaling))):
            raise error(words.POLICY, given=self.policy)

    def micros(self, name: str) -> int:
        """One of the lengths in microseconds."""
        return length(getattr(self, name))

    @property
    def scaling(self) -> TargetTracking | StepScaling | None:
        """The scaling policy: by default the acceptable wait divided by the work of one order is the target. [asg-2]"""
        if isinstance(self.policy, (TargetTracking, StepScaling)):
            return self.policy
        return None if self.policy == "none" else TargetTracking(self.micros("acceptable") / self.micros("work"))

    def arrivals(self) -> list[int]:
        """How many orders come in each second: few at first, four times as many in the middle, few at the end."""
        seconds = max(1, self.micros("over") // SECOND)
        so_far = [round(self.orders * _share(second / seconds)) for second in range(seconds + 1)]
        return [after - before for before, after in pairwise(so_far)]


def _share(part: float) -> float:
    """The share of all orders that has come after this part of the time: the rate rises to its peak and falls again."""
    if part > 0.5:
        return 1 - _share(1 - part)
    return (part + 3 * part * part) / 2.5


def _whole(given: Any) -> bool:
    return isinstance(given, int) and not isinstance(given, bool)
