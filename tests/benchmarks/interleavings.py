"""Every order of events: schedules a second, and how many need not be run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labkit.interleavings import Bounds, Story
from labkit.interleavings.machine import machines
from labkit.interleavings.search import Found, Search
from labkit.interleavings.stage import Stage
from labkit.interleavings.world import StoryLab
from tests.benchmarks.measure import Figure, at_least, at_most, processor_time

STORY = Story(["order-1", "order-2"], lambda end: None, effects=["charge"])
BOUNDS = Bounds(messages=2, consumers=2, faults=1)
TWO_FAULTS = Bounds(messages=2, consumers=2, faults=2)


def consumer(sqs: Any, queue_url: str, charge: Any) -> None:
    """Charge and delete, for ever."""
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            charge(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


def figures(full: bool) -> Iterator[Figure]:
    """Two messages and two consumers, every schedule once and without those that differ in nothing."""
    world = StoryLab(STORY)
    with world.lab, world.at_work():
        _search(world, BOUNDS, prunes=True)
        every, seconds = _search(world, BOUNDS, prunes=False)
        pruned, pruned_seconds = _search(world, BOUNDS, prunes=True)
        yield at_least(
            "schedules a second, two messages, two consumers, one fault", every.schedules / seconds, 3_000,
            schedules=every.schedules,
        )  # fmt: skip
        yield at_most(
            "schedules run with pruning, against every schedule", pruned.schedules / every.schedules, 0.2,
            with_pruning=pruned.schedules, stopped_half_way=pruned.pruned, every=every.schedules,
            same_ends=pruned.ends == every.ends, ends=len(every.ends),
        )  # fmt: skip
        yield at_most("seconds of CPU with pruning, against every schedule", pruned_seconds / seconds, 0.4)
        if full:
            found, seconds = _search(world, TWO_FAULTS, prunes=True)
            yield at_most("seconds of CPU for two faults, with pruning", seconds, 2.0, schedules=found.schedules)


def _search(world: StoryLab, bounds: Bounds, prunes: bool) -> tuple[Found, float]:
    search = Search(Stage(world, machines(consumer), bounds, alike=prunes), lambda stage: None, prunes)
    seconds = processor_time(lambda: search.run(keep_ends=True))
    return search.found, seconds
