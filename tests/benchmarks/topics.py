"""What a publish costs: against plain moto, and with the number of subscribers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labkit import Lab
from tests.aws.letting import let_sns
from tests.benchmarks.measure import Figure, at_most, processor_time
from tests.benchmarks.mock import plain_moto

PUBLISHES = 20


def figures(full: bool) -> Iterator[Figure]:
    """One topic with 1, 10 and 100 queues; then what a delivery costs among a thousand and among ten thousand."""
    for queues in (1, 10, 100):
        with plain_moto("sns", "sqs") as clients:
            plain = _publishing(*clients, queues)
        with Lab(seed=1) as lab:
            ours = _publishing(lab.client("sns"), lab.client("sqs"), queues)
        yield at_most(f"a publish to {queues} queues, against plain moto", ours / plain, 0.15, milliseconds=ours * 1e3)
    few, many = ((_cost_of_a_delivery(number)) for number in ((1_000, 10_000) if full else (200, 2_000)))
    yield at_most("a delivery among ten times as many subscribers", many / few, 1.3, microseconds=many * 1e6)


def _publishing(sns: Any, sqs: Any, queues: int) -> float:
    """Seconds of a publish, when all is known that a first one looks for."""
    topic = sns.create_topic(Name="orders")["TopicArn"]
    for number in range(queues):
        url = sqs.create_queue(QueueName=f"q{number}")["QueueUrl"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=let_sns(sqs, url, topic))
    sns.publish(TopicArn=topic, Message="warm")

    def publish() -> None:
        for number in range(PUBLISHES):
            sns.publish(TopicArn=topic, Message=f"order-{number}")

    return min(processor_time(publish) for _ in range(3)) / PUBLISHES


def _cost_of_a_delivery(subscribers: int) -> float:
    """Seconds of a delivery among so many subscriptions of one queue's copies."""
    with Lab(seed=1) as lab:
        return _publishing(lab.client("sns"), lab.client("sqs"), subscribers) / subscribers
