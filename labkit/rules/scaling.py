"""How many instances a policy of an Auto Scaling group asks for: target tracking, step scaling, simple scaling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf

from labkit.ledger import quota
from labkit.rules.alarm import ALARM, OK, Condition, next_state
from labkit.rules.message import SECOND

COOLDOWN = quota("autoscaling.cooldown.default")
SCALE_IN_SHARE = 1 - quota("autoscaling.target_tracking.scale_in_margin") / 100
SCALE_OUT_PERIODS = quota("autoscaling.target_tracking.scale_out_periods")
SCALE_IN_PERIODS = quota("autoscaling.target_tracking.scale_in_periods")

CHANGE = "ChangeInCapacity"
EXACT = "ExactCapacity"
PERCENT = "PercentChangeInCapacity"


@dataclass(frozen=True, slots=True)
class Group:
    """An Auto Scaling group as a policy sees it, in instances.

    `in_service` is what the metric is an average over. `warming` counts those of `desired` that are being launched or
    whose warm-up has not ended: they are part of what a policy has already asked for.
    """

    minimum: int
    maximum: int
    desired: int
    in_service: int
    warming: int = 0

    def scaled_out(self, wanted: int) -> int:
        """The desired capacity after a wish for more: never less than before, never above the maximum."""
        return min(max(self.desired, wanted), self.maximum)

    def scaled_in(self, wanted: int) -> int:
        """The capacity after a wish for less: unchanged while instances warm up. [scaling-warmup]"""
        return self.desired if self.warming else max(min(self.desired, wanted), self.minimum)


@dataclass(frozen=True, slots=True)
class TargetTracking:
    """Keep a metric that halves when the group doubles near `target`; its two alarms are AWS's own. [asg-2]

    Scales out in proportion to the metric; scales in once the metric was more than 10 % below the target for longer.
    """

    target: float
    scale_in: bool = True

    def desired(self, values: Sequence[float | None], group: Group) -> int:
        """The desired capacity after one more period; `values` are the metric's, one a minute, oldest first."""
        latest = next((value for value in reversed(values) if value is not None), 0.0)
        if self._alarms(values, "GreaterThanThreshold", self.target, SCALE_OUT_PERIODS):
            return group.scaled_out(self.proportional(latest, group))
        low = self.target * SCALE_IN_SHARE
        if self.scale_in and self._alarms(values, "LessThanThreshold", low, SCALE_IN_PERIODS):
            return group.scaled_in(self.proportional(latest, group))
        return group.desired

    def _alarms(self, values: Sequence[float | None], comparison: str, threshold: float, periods: int) -> bool:
        condition = Condition(comparison, threshold, periods)
        return next_state(values[-condition.range :], condition, OK) == ALARM

    def proportional(self, value: float, group: Group) -> int:
        """The instances with which the metric would be at the target or just below it. [asg-2]"""
        return ceil(round(group.in_service * value / self.target, 9))


@dataclass(frozen=True, slots=True)
class Step:
    """One step adjustment: its bounds are distances of the metric from the alarm's threshold; None is no bound."""

    amount: int
    lower: float | None = None
    upper: float | None = None

    def holds(self, distance: float, above: bool) -> bool:
        """Tell whether a breach of this size is this step's: above the threshold the lower bound belongs to it."""
        lower = -inf if self.lower is None else self.lower
        upper = inf if self.upper is None else self.upper
        return lower <= distance < upper if above else lower < distance <= upper


def adjusted(capacity: int, amount: int, kind: str = CHANGE, magnitude: int = 0) -> int:
    """Return the capacity after an adjustment; a percentage changes at least one instance, else rounds towards zero.

    `magnitude` is the least number of instances that a percentage adds or removes (MinAdjustmentMagnitude).
    """
    if kind == EXACT:
        return amount
    if kind == CHANGE:
        return capacity + amount
    size = max(abs(amount) * capacity // 100, 1, magnitude)
    return capacity + (size if amount > 0 else -size if amount else 0)


@dataclass(frozen=True, slots=True)
class StepScaling:
    """Adjust by the step into which the alarm's breach falls; several breaches of one step add up to one activity.

    `above`: the alarm watches for values above its threshold. Instances that warm up count as
    asked for already. [scaling-steps] [scaling-warmup]
    """

    threshold: float
    steps: tuple[Step, ...]
    kind: str = CHANGE
    magnitude: int = 0
    above: bool = True

    def desired(self, value: float, group: Group) -> int:
        """The desired capacity after the alarm went off (or stayed on) with this value of its metric."""
        found = next((step for step in self.steps if step.holds(value - self.threshold, self.above)), None)
        if found is None:
            return group.desired
        wanted = adjusted(group.desired - group.warming, found.amount, self.kind, self.magnitude)
        more = wanted > group.desired - group.warming
        return group.scaled_out(wanted) if more else group.scaled_in(wanted)


@dataclass(frozen=True, slots=True)
class SimpleScaling:
    """Adjust once, then wait `cooldown` seconds before the next activity, however far the metric runs away."""

    amount: int
    kind: str = CHANGE
    magnitude: int = 0
    cooldown: int = COOLDOWN

    def desired(self, group: Group, now: int, last: int | None) -> int:
        """The desired capacity after the alarm went off; `last`: when the last activity ended (microseconds)."""
        if last is not None and now < last + self.cooldown * SECOND:
            return group.desired
        wanted = adjusted(group.desired, self.amount, self.kind, self.magnitude)
        return min(max(wanted, group.minimum), group.maximum)
