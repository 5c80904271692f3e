"""What the parts of a fleet do, step by step: shops that send orders, instances that work, the group that scales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.clock.length import SECOND
from labkit.fleet.turns import Listen, Steps
from labkit.ledger import quota
from labkit.rules.scaling import SCALE_IN_PERIODS, Group, StepScaling, TargetTracking

if TYPE_CHECKING:
    from labkit.fleet.fleet import Fleet

BATCH = quota("sqs.batch.maximum_entries")
MOST = quota("sqs.receive.maximum_messages")
MINUTE = 60 * SECOND
REMEMBERED = 2 * SCALE_IN_PERIODS


@dataclass
class Instance:
    """One consumer: its name, when it was launched, and whether it is to end after what it is working on."""

    name: str
    launched: int
    ending: bool = False


def shop(fleet: Fleet, name: str, arrivals: list[int]) -> Steps:
    """Send each second's orders in batches of ten."""
    turns, start = fleet.turns, fleet.turns.now
    for second, number in enumerate(arrivals):
        if start + second * SECOND > turns.now:
            yield start + second * SECOND
        for first in range(0, number, BATCH):
            if fleet.latency:
                yield turns.now + fleet.latency
            fleet.send(name, min(BATCH, number - first))


def work(fleet: Fleet, instance: Instance) -> Steps:
    """Start, then receive up to ten orders with a long poll, work on them one after the other, delete them together."""
    turns = fleet.turns
    if instance.launched + fleet.boot > turns.now:
        yield instance.launched + fleet.boot
    while not instance.ending:
        if fleet.latency:
            yield turns.now + fleet.latency
        if fleet.wait:
            yield Listen(turns.now + fleet.wait)
        receipts = fleet.receive(instance.name)
        if receipts:
            yield turns.now + fleet.work * len(receipts)
            if fleet.latency:
                yield turns.now + fleet.latency
            fleet.delete(instance.name, receipts)
    fleet.ended(instance)


def scale(fleet: Fleet) -> Steps:
    """Look at the backlog each minute and let the policy say how many instances there shall be."""
    turns, policy, values = fleet.turns, fleet.options.scaling, list[float | None]()
    while True:
        yield turns.now + MINUTE
        if fleet.latency:
            yield turns.now + fleet.latency
        counts = fleet.counts()
        group = fleet.group()
        values = [*values[-REMEMBERED:], counts["visible"] / group.in_service if group.in_service else None]
        fleet.resize(asked_for(policy, values, counts["visible"], group))
        fleet.note_minute(counts, group)


def asked_for(
    policy: TargetTracking | StepScaling | None, values: list[float | None], visible: int, group: Group
) -> int:
    """The capacity that a policy wants; a step policy watches the queue, a tracking one the backlog an instance."""
    if policy is None:
        return group.desired
    return policy.desired(values, group) if isinstance(policy, TargetTracking) else policy.desired(visible, group)
