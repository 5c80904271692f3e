"""The usual calls of experiments with FIFO topics: a text is its deduplication id, and its first letter its group."""

from __future__ import annotations

from typing import Any

from labkit.probes.bench import Bench
from labkit.probes.topic_bench import RAW, topic

FIFO = {"FifoTopic": "true"}
QUEUE = {"FifoQueue": "true"}


def fifo_topic(bench: Bench, *, name: str = "orders.fifo", **attributes: str) -> str:
    """A FIFO topic; returns its ARN."""
    return topic(bench, name, **FIFO | attributes)


def connect(bench: Bench, topic: str, name: str, raw: bool = True, **settings: str) -> str:
    """A queue that a topic's messages come to, a FIFO queue by its name; returns its URL."""
    url = bench.create(name, **(QUEUE if name.endswith(".fifo") else {}) | settings)
    given = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": bench.let_sns(url, topic)}
    bench.client("sns").subscribe(**given, Attributes=RAW if raw else {})
    return url


def publish(bench: Bench, topic: str, *messages: str, **more: Any) -> list[dict[str, Any]]:
    """Publish messages, one call each, and return the answers."""
    return [
        bench.client("sns").publish(
            **{"TopicArn": topic, "Message": one, "MessageGroupId": one[0], "MessageDeduplicationId": one} | more
        )
        for one in messages
    ]


def take(bench: Bench, url: str) -> list[dict[str, Any]]:
    """What a receive brings, with all that SQS says of it."""
    answer = bench.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"])
    found: list[dict[str, Any]] = answer.get("Messages", [])
    return found


def bodies(bench: Bench, url: str) -> list[str]:
    """The bodies that a receive brings, in their order."""
    return [one["Body"] for one in take(bench, url)]
