"""`labkit serve` against plain moto's server: the same boto3 calls over HTTP, in the same run."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any

import boto3

from tests.aws.letting import let_sns
from tests.benchmarks.measure import Figure, at_least

ROUNDS = 60
# To fill plain moto call by call takes an hour, as each call looks at every message; so its messages are put in place.
FILLED_MOTO = """
import sys
from moto.server import main
from moto.sqs.models import Message, sqs_backends
port, *depths = sys.argv[1:]
for depth in map(int, depths):
    queue = sqs_backends["123456789012"]["us-east-1"].create_queue(f"orders-{depth}", None)
    for number in range(depth):
        message = Message(str(number), f"order-{number}")
        message.mark_sent()
        queue._messages.append(message)
main(["-p", port])
"""
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


def figures(full: bool) -> Iterator[Figure]:
    """Calls a second with few messages in the queue and with many, as the ratio to plain moto's server."""
    sizes = (10, 10_000) if full else (10, 2_000)
    with _moto(*sizes) as plain, _labkit() as ours:
        for depth, goal in zip(sizes, (1.0, 10.0), strict=True):
            _fill(ours, depth)
            uses = [_user(url, f"orders-{depth}") for url in (plain, ours)]
            plain_seconds, our_seconds = (seconds / 3 for seconds in _seconds(uses, full))
            name = f"calls a second over HTTP with {depth:,} messages in the queue, labkit serve against moto's server"
            rates = {"labkit": round(1 / our_seconds), "moto": round(1 / plain_seconds)}
            yield at_least(name, plain_seconds / our_seconds, goal, **rates)
        plain_seconds, our_seconds = _seconds([_publisher(plain), _publisher(ours)], full)
        rates = {"labkit": round(1 / our_seconds), "moto": round(1 / plain_seconds)}
        yield at_least("publishes a second over HTTP to one queue, the same", plain_seconds / our_seconds, 1.0, **rates)


def _fill(url: str, depth: int) -> None:
    sqs = _client(url)
    queue = sqs.create_queue(QueueName=f"orders-{depth}")["QueueUrl"]
    for start in range(0, depth, 10):
        entries = [{"Id": str(n), "MessageBody": f"order-{n}"} for n in range(start, min(start + 10, depth))]
        sqs.send_message_batch(QueueUrl=queue, Entries=entries)


def _seconds(uses: Sequence[Callable[[], object]], full: bool) -> list[float]:
    """The median of some rounds for each server; they take turns, so that a slow moment hits both alike."""
    taken: list[list[float]] = [[] for _ in uses]
    for _ in range(ROUNDS if full else ROUNDS // 2):
        for seconds, use in zip(taken, uses, strict=True):
            began = time.perf_counter()
            use()
            seconds.append(time.perf_counter() - began)
    return [median(seconds) for seconds in taken]


def _publisher(url: str) -> Callable[[], object]:
    """A publish to a topic that one queue is subscribed to."""
    sns, sqs = _client(url, "sns"), _client(url)
    topic = sns.create_topic(Name="orders")["TopicArn"]
    queue = sqs.create_queue(QueueName="published")["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=let_sns(sqs, queue, topic))
    return partial(sns.publish, TopicArn=topic, Message="order")


def _user(url: str, name: str) -> Callable[[], object]:
    """Three calls: send, receive and delete one message."""
    sqs = _client(url)
    queue = sqs.get_queue_url(QueueName=name)["QueueUrl"]

    def use() -> None:
        sqs.send_message(QueueUrl=queue, MessageBody="order")
        handle = sqs.receive_message(QueueUrl=queue)["Messages"][0]["ReceiptHandle"]
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=handle)

    return use


def _client(url: str, service: str = "sqs") -> Any:
    return boto3.client(service, endpoint_url=url, region_name="us-east-1", **KEYS)


@contextmanager
def _labkit() -> Iterator[str]:
    with _program("-m", "labkit.cli", "serve", "--port", "0") as process:
        yield next(found[0] for line in process.stdout if (found := re.search(r"http://127\S+", line)))


@contextmanager
def _moto(*depths: int) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with _program("-c", FILLED_MOTO, str(port), *map(str, depths)):
        url = f"http://127.0.0.1:{port}"
        while not _answers(port):
            time.sleep(0.05)
        yield url


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _program(*words: str) -> Iterator[Any]:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, *words], text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.kill()
