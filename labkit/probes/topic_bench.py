"""The usual calls of experiments with topics and the queues that are subscribed to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from labkit.probes.bench import Bench

RAW = {"RawMessageDelivery": "true"}
ALL = {"MessageAttributeNames": ["All"]}


def topic(bench: Bench, name: str = "orders", **attributes: str) -> str:
    """Create a topic and return its ARN."""
    given = {"Attributes": attributes} if attributes else {}
    arn: str = bench.client("sns").create_topic(Name=name, **given)["TopicArn"]
    return arn


def subscribe(
    bench: Bench, topic: str, name: str, attributes: Mapping[str, str] | None = None, *, lets: bool = True
) -> str:
    """Create a queue, let the topic in unless told otherwise, subscribe it, and return its URL."""
    url = bench.create(name)
    arn = bench.let_sns(url, topic) if lets else topic.replace(":sns:", ":sqs:").rpartition(":")[0] + f":{name}"
    bench.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes or {})
    return url


def subscribed(bench: Bench, *names: str, attributes: Mapping[str, str] | None = None) -> list[str]:
    """Create a topic and subscribe a queue of each name; returns the topic's ARN and then the queues' URLs."""
    orders = topic(bench)
    return [orders, *(subscribe(bench, orders, name, attributes) for name in names)]


def publish(bench: Bench, topic: str, message: str = "order-1", **more: Any) -> str:
    """Publish a message and return the id that SNS answers."""
    id: str = bench.client("sns").publish(TopicArn=topic, Message=message, **more)["MessageId"]
    return id


def attribute(value: str) -> dict[str, str]:
    """A message attribute that is a text."""
    return {"DataType": "String", "StringValue": value}


def messages(bench: Bench, url: str) -> list[dict[str, Any]]:
    """What one receive from a queue brings, with message attributes."""
    answer = bench.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **ALL)
    found: list[dict[str, Any]] = answer.get("Messages", [])
    return found


def texts(bench: Bench, url: str) -> list[str]:
    """The published texts that one receive from a queue brings, out of their envelopes, in order."""
    return sorted(json.loads(one["Body"])["Message"] for one in messages(bench, url))


def policy_of(*statements: Mapping[str, Any]) -> str:
    """A policy of these statements, as the API takes it."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def lets(
    service: str, action: str | list[str], resource: str, condition: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A statement that lets a service act."""
    principal = {"Service": f"{service}.amazonaws.com"}
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def total(bench: Bench, metric: str, topic: str = "orders") -> float:
    """The sum of a metric of a topic, by its name, over the last hour."""
    now = bench.lab.clock.now()
    points = bench.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SNS", MetricName=metric, Dimensions=[{"Name": "TopicName", "Value": topic}],
        StartTime=now - timedelta(hours=1), EndTime=now, Period=3_600, Statistics=["Sum"],
    )["Datapoints"]  # fmt: skip
    return float(sum(point["Sum"] for point in points))
