"""The lab against plain moto, in the same run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto import mock_aws

from labkit import Lab
from labkit.aws.door import door
from tests.benchmarks.measure import Figure, at_least, at_most, processor_time, side_by_side

CALLS = 100


def figures(full: bool) -> Iterator[Figure]:
    """A call at depth 0, and filling and draining by tens."""
    yield _single_calls()
    yield _items()
    number, goal = (2_000, 150) if full else (500, 30)
    with plain_moto() as sqs:
        plain = processor_time(lambda: fill_and_drain(sqs, number))
    with Lab(seed=1) as lab:
        ours = processor_time(lambda: fill_and_drain(lab.client("sqs"), number))
    yield at_least(f"filling and draining {number:,} messages by tens, plain moto against the lab", plain / ours, goal)
    sizes = (10_000, 100_000)
    costs = [_cost_of(size) for size in sizes]
    for size, cost in zip(sizes, costs, strict=True):
        yield at_most(f"milliseconds of CPU a message, filling and draining {size:,} by tens", cost * 1e3, 0.09)
    ratio = costs[1] / costs[0]
    yield at_most(f"cost of a message among {sizes[1]:,}, against {sizes[0]:,}", ratio, 1.2)


def _cost_of(size: int) -> float:
    with Lab(seed=1) as lab:
        sqs = lab.client("sqs")
        fill_and_drain(sqs, 500)
        return processor_time(lambda: fill_and_drain(sqs, size)) / size


def _single_calls() -> Figure:
    def one_by_one(sqs: Any) -> Callable[[], None]:
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]

        def run() -> None:
            for _ in range(CALLS):
                sqs.send_message(QueueUrl=url, MessageBody="order")
                handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
                sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)

        return run

    plain, ours = [], []
    for _ in range(5):
        with plain_moto() as sqs:
            plain += side_by_side(1, one_by_one(sqs))
        with Lab(seed=1) as lab:
            ours += side_by_side(1, one_by_one(lab.client("sqs")))
    ratio = min(ours) / min(plain)
    return at_most("a call at depth 0, against plain moto", ratio, 0.1, milliseconds_a_call=min(ours) / CALLS / 3 * 1e3)


def _items() -> Figure:
    """Calls on items in process, against the same over HTTP."""
    with Lab(seed=1) as lab:
        dynamodb = lab.client("dynamodb")
        key = [{"AttributeName": "order", "KeyType": "HASH"}]
        types = [{"AttributeName": "order", "AttributeType": "S"}]
        dynamodb.create_table(
            TableName="orders", KeySchema=key, AttributeDefinitions=types, BillingMode="PAY_PER_REQUEST"
        )

        def put_and_get() -> None:
            for number in range(CALLS):
                item = {"order": {"S": str(number)}}
                dynamodb.put_item(TableName="orders", Item=item)
                dynamodb.get_item(TableName="orders", Key=item)

        def over_http() -> None:
            with door.shut():
                put_and_get()

        quick, slow = side_by_side(5, put_and_get, over_http)
    return at_most("PutItem and GetItem, against over HTTP", quick / slow, 0.1, milliseconds=quick / CALLS / 2 * 1e3)


@contextmanager
def plain_moto(*services: str) -> Iterator[Any]:
    """A client of moto as it is, outside any lab: of SQS, or one of each of these services."""
    with mock_aws():
        clients = [boto3.client(service, region_name="us-east-1") for service in services or ("sqs",)]
        yield clients if services else clients[0]


def fill_and_drain(sqs: Any, number: int) -> None:
    """Send and delete `number` messages, ten a call."""
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    for start in range(0, number, 10):
        entries = [{"Id": str(n), "MessageBody": f"order-{n}"} for n in range(start, start + 10)]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)
    while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        handles = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(batch)]
        sqs.delete_message_batch(QueueUrl=url, Entries=handles)
