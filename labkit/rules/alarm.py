"""When a CloudWatch alarm changes its state: M out of N data points, and what counts where data is missing."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

OK, ALARM, INSUFFICIENT_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"
MISSING, IGNORE, BREACHING, NOT_BREACHING = "missing", "ignore", "breaching", "notBreaching"
TREATMENTS = (MISSING, IGNORE, BREACHING, NOT_BREACHING)
# CloudWatch looks further back than the evaluation periods; AWS's own examples have two more, the exact number is open.
LOOKED_FURTHER_BACK = 2
_OPERATORS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What an alarm watches for: `to_alarm` of the last `periods` data points beyond the threshold."""

    comparison: str
    threshold: float
    periods: int
    to_alarm: int | None = None
    missing: str = MISSING

    @property
    def needed(self) -> int:
        """How many data points have to breach the threshold."""
        return self.periods if self.to_alarm is None else self.to_alarm

    @property
    def range(self) -> int:
        """How many periods back data points are looked for."""
        return self.periods + LOOKED_FURTHER_BACK

    @property
    def relation(self) -> str:
        """The comparison in words."""
        return _OPERATORS[self.comparison][1]

    def breaches(self, value: float) -> bool:
        """Tell whether a value is beyond the threshold."""
        return _OPERATORS[self.comparison][0](value, self.threshold)


def evaluated(values: Sequence[float | None], condition: Condition) -> list[int]:
    """Return the places of the data points that decide: the latest existing ones, as many as there are periods."""
    return [place for place, value in enumerate(values) if value is not None][-condition.periods :]


def next_state(values: Sequence[float | None], condition: Condition, state: str) -> str:
    """Return the state after an evaluation; `values` are the last `condition.range` data points, None where missing.

    Missing data is filled in only where fewer than the evaluation periods exist. [alarm-states] [alarm-missing]
    """
    real = [values[place] for place in evaluated(values, condition)]
    breaching = sum(condition.breaches(value) for value in real if value is not None)
    filled = condition.periods - len(real)
    if condition.missing == BREACHING:
        breaching += filled
    if breaching >= condition.needed:
        return ALARM
    if not filled or condition.missing in (BREACHING, NOT_BREACHING) or breaching < len(real):
        return OK
    if condition.missing == IGNORE:
        return state
    return ALARM if _old_enough(values, condition) else INSUFFICIENT_DATA


def _old_enough(values: Sequence[float | None], condition: Condition) -> bool:
    """Nothing but breaches is there, and the first is as old as the data points to alarm: no premature alarm."""
    oldest = next((place for place, value in enumerate(values) if value is not None), None)
    return oldest is not None and len(values) - oldest >= condition.needed
