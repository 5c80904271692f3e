"""What a call costs while more and more messages wait in the queue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labkit import Lab
from labkit.aws.sqs.stores import all_queues, rules_of
from tests.benchmarks.measure import Figure, at_most, side_by_side

DEPTHS = (10, 1_000, 10_000, 100_000)
CALLS = 60


def figures(full: bool) -> Iterator[Figure]:
    """Send, receive and delete at four depths, the deepest against the shallowest, measured in turns."""
    with Lab(seed=1) as lab:
        sqs = lab.client("sqs")
        rounds = [_round(lab, sqs, depth) for depth in DEPTHS]
        times = side_by_side(7, *rounds)
    yield at_most(
        "send, receive and delete at depth 100,000, against depth 10",
        times[-1] / times[0],
        1.2,
        milliseconds_a_call={depth: round(t / CALLS / 3 * 1e3, 3) for depth, t in zip(DEPTHS, times, strict=True)},
    )


def _round(lab: Lab, sqs: Any, depth: int) -> Any:
    url = sqs.create_queue(QueueName=f"depth-{depth}")["QueueUrl"]
    queue = next(queue for queue in all_queues() if queue.name == f"depth-{depth}")
    for _ in range(depth):
        rules_of(queue, lab).send("order", lab.scheduler.now)

    def send_receive_delete() -> None:
        for _ in range(CALLS):
            sqs.send_message(QueueUrl=url, MessageBody="order")
            handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
            sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)

    return send_receive_delete
