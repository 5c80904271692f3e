"""What a backlog per instance does not see."""

from __future__ import annotations

import time

from labkit.probes.bench import Bench
from labkit.probes.experiments.scaling import capacities, create_group, track
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE

HOUR = 3_600
MINUTES = 20


@probe(
    "scaling-visible-only",
    "Three instances, each at work on an order of an hour: {in_flight} messages in flight, {visible} visible; "
    "desired capacity after {minutes} minutes: {capacity}",
    wrong=MOCK_ALONE,
)
def busy_instances_and_an_empty_queue(bench: Bench) -> None:
    bench.url = bench.create("orders", VisibilityTimeout=2 * HOUR)

    def worker() -> None:
        while bench.receive(WaitTimeSeconds=20):
            time.sleep(HOUR)

    create_group(bench, 3, least=1)
    bench.send_many(3)
    bench.lab.start_on("workers", worker)
    track(bench, target=1)
    bench.see("minutes", MINUTES)
    bench.see("capacity", capacities(bench, MINUTES)[-1], 1)
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counts = bench.sqs.get_queue_attributes(QueueUrl=bench.url, AttributeNames=names)["Attributes"]
    bench.see("visible", int(counts[names[0]]), 0)
    bench.see("in_flight", int(counts[names[1]]), 3)
