"""What a fleet's run comes down to, in numbers and in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from labkit.clock.length import SECOND
from labkit.history.times import span
from labkit.rules.scaling import StepScaling, TargetTracking
from labkit.words import error, say
from labkit.words import fleet as words

if TYPE_CHECKING:
    from labkit.fleet.fleet import Fleet

NOTHING = "ReceiveMessage, nothing found"


def waited(waits: Counter[int], share: float) -> int:
    """The whole seconds within which this share of all orders was received, at least one."""
    left = share * waits.total()
    for seconds in sorted(waits):
        left -= waits[seconds]
        if left <= 0:
            return seconds + 1
    return 1


def facts(fleet: Fleet) -> dict[str, str]:
    """The numbers that learners compare, by what they count. Raises `LabError` before the fleet has run."""
    if not fleet.minutes:
        raise error(words.NOT_RUN)
    return {
        say(words.FACT_ORDERS): f"{fleet.queue.totals['deleted']:,}",
        say(words.FACT_TOOK): span(_took(fleet)),
        say(words.FACT_MOST): f"{max(one.visible for one in fleet.minutes):,}",
        say(words.FACT_INSTANCES): f"{max(one.in_service for one in fleet.minutes):,}",
        say(words.FACT_HOURS): f"{fleet.instance_hours:,.1f}",
        say(words.FACT_NEARLY): span(waited(fleet.waits, 0.99) * SECOND),
        say(words.FACT_CALLS): f"{fleet.calls.total():,}",
    }


def told(fleet: Fleet) -> str:
    """The run in four sentences."""
    options = fleet.options
    return say(
        words.TOLD,
        orders=f"{options.orders:,}",
        over=span(options.micros("over")),
        work=span(fleet.work),
        minimum=options.minimum,
        maximum=options.maximum,
        policy=_policy(options.scaling),
        deleted=f"{fleet.queue.totals['deleted']:,}",
        took=span(_took(fleet)),
        most=f"{max(one.visible for one in fleet.minutes):,}",
        instances=max(one.in_service for one in fleet.minutes),
        half=span(waited(fleet.waits, 0.5) * SECOND),
        nearly=span(waited(fleet.waits, 0.99) * SECOND),
        longest=span(waited(fleet.waits, 1) * SECOND),
        calls=f"{fleet.calls.total():,}",
        empty=f"{fleet.calls[NOTHING]:,}",
        hours=f"{fleet.instance_hours:,.1f}",
    )


def _took(fleet: Fleet) -> int:
    """From the beginning to the last delete, in whole seconds."""
    return (fleet.last_delete - fleet.start) // SECOND * SECOND


def _policy(policy: TargetTracking | StepScaling | None) -> str:
    if policy is None:
        return say(words.CONSTANT)
    if isinstance(policy, TargetTracking):
        return say(words.TRACKING, target=f"{policy.target:,.10g}")
    return say(words.STEPS, threshold=f"{policy.threshold:,.10g}")
