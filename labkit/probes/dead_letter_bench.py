"""The usual calls of experiments with dead-letter queues."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from labkit.probes.bench import Bench

ALL = {"MessageSystemAttributeNames": ["All"]}


def arn(bench: Bench, url: str) -> str:
    """The ARN of a queue."""
    answer = bench.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])


def policy(target: str, receives: int) -> str:
    """A redrive policy as the API takes it."""
    return json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": receives})


def with_dead_letters(bench: Bench, receives: int, **attributes: Any) -> str:
    """Create `orders` with a dead-letter queue, whose URL is returned; `attributes` are those of the latter."""
    dead = bench.create("dead-orders", **attributes)
    bench.url = bench.create("orders", RedrivePolicy=policy(arn(bench, dead), receives))
    return dead


def dead_letter(bench: Bench, number: int = 1) -> str:
    """Create both queues, let orders be received once too often, and return the ARN of the dead-letter queue."""
    dead = with_dead_letters(bench, 1)
    bench.send_many(number)
    for _ in range(2):
        while bench.receive(10, VisibilityTimeout=0):
            pass
    return arn(bench, dead)


def waiting(bench: Bench, url: str) -> int:
    """How many messages of a queue are visible."""
    name = "ApproximateNumberOfMessages"
    return int(bench.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])


def bodies(bench: Bench, url: str) -> list[str]:
    """The bodies that one receive from a queue returns."""
    messages = bench.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [message["Body"] for message in messages]


def most(bench: Bench, metric: str) -> int:
    """The largest data point of a metric of the dead-letter queue."""
    points = bench.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SQS", MetricName=metric, Dimensions=[{"Name": "QueueName", "Value": "dead-orders"}],
        StartTime=bench.lab.clock.now() - timedelta(hours=1), EndTime=bench.lab.clock.now(), Period=60,
        Statistics=["Maximum", "Sum"],
    )["Datapoints"]  # fmt: skip
    return max((int(max(point["Maximum"], point["Sum"] if "Sent" in metric else 0)) for point in points), default=0)


def task_of(bench: Bench, source: str) -> dict[str, Any]:
    """The latest move task of a dead-letter queue."""
    results: list[dict[str, Any]] = bench.sqs.list_message_move_tasks(SourceArn=source)["Results"]
    return results[0]
