"""What a call to a FIFO queue costs while more messages wait, in one group and in a thousand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from labkit import Lab
from labkit.aws.sqs.stores import all_queues, rules_of
from labkit.rules import FifoQueue, Settings
from tests.benchmarks.measure import Figure, at_most, processor_time, side_by_side

DEPTHS = (10, 1_000, 10_000, 100_000)
GROUPS = (1, 1_000)
CALLS = 60
MESSAGES = 100_000


def figures(full: bool) -> Iterator[Figure]:
    """Send, receive and delete at four depths, through boto3; then the rules alone, by tens."""
    for groups in GROUPS:
        with Lab(seed=1) as lab:
            sqs = lab.client("sqs")
            times = side_by_side(7, *(_round(lab, sqs, depth, groups) for depth in DEPTHS))
        yield at_most(
            f"FIFO, {groups:,} groups: send, receive and delete at depth 100,000, against depth 10",
            times[-1] / times[0],
            1.2,
            milliseconds_a_call={depth: round(t / CALLS / 3 * 1e3, 3) for depth, t in zip(DEPTHS, times, strict=True)},
        )
    costs = [processor_time(lambda groups=groups: _fill_and_drain(groups)) / MESSAGES * 1e6 for groups in GROUPS]
    for groups, cost in zip(GROUPS, costs, strict=True):
        yield at_most(f"FIFO, {groups:,} groups: microseconds of CPU a message, the rules alone", cost, 30.0)
    yield at_most("FIFO: cost of a message in 1,000 groups, against one group", costs[1] / costs[0], 1.3)


def _round(lab: Lab, sqs: Any, depth: int, groups: int) -> Callable[[], None]:
    name = f"depth-{depth}.fifo"
    url = sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"})["QueueUrl"]
    rules = rules_of(next(queue for queue in all_queues() if queue.name == name), lab)
    numbers = count()

    def parameters() -> dict[str, str]:
        number = next(numbers)
        return {"group": f"group-{number % groups}", "deduplication": f"id-{number}"}

    assert isinstance(rules, FifoQueue)
    for _ in range(depth):
        rules.send("order", lab.scheduler.now, **parameters())

    def send_receive_delete() -> None:
        for _ in range(CALLS):
            given = parameters()
            sqs.send_message(
                QueueUrl=url, MessageBody="order", MessageGroupId=given["group"],
                MessageDeduplicationId=given["deduplication"],
            )  # fmt: skip
            handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
            sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)

    return send_receive_delete


def _fill_and_drain(groups: int) -> None:
    queue = FifoQueue("orders.fifo", Settings())
    for number in range(MESSAGES):
        queue.send("order", number, group=f"group-{number % groups}", deduplication=str(number))
    while batch := queue.receive(MESSAGES, 10).messages:
        for message in batch:
            queue.delete(message.receipt, MESSAGES)
