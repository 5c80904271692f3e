"""The usual calls of experiments with FIFO queues: the first letter of a body is its message group."""

from __future__ import annotations

from typing import Any

from labkit.probes.bench import Bench

NAME = "orders.fifo"


def open_fifo(bench: Bench, name: str = NAME, **attributes: Any) -> None:
    """Make a FIFO queue that tells duplicates by their bodies the queue of the bench."""
    given = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} | attributes
    bench.url = bench.create(name, **given)


def send(bench: Bench, *bodies: str, **options: Any) -> list[dict[str, Any]]:
    """Send messages, one call each, and return the answers."""
    return [
        bench.sqs.send_message(**({"QueueUrl": bench.url, "MessageBody": body, "MessageGroupId": body[0]} | options))
        for body in bodies
    ]


def stored(bench: Bench) -> int:
    """How many messages are in the queue, in whichever state."""
    return sum(bench.counts())


def sent_in_a_second(bench: Bench, producers: int, groups: int, batch: int = 1) -> int:
    """Let producers make ten calls a second each, for a second; return how many messages were stored then."""
    url = bench.url

    def produce(producer: int) -> None:
        for call in range(10):
            entries = [_entry(f"{producer}-{call}-{n}", producer % groups) for n in range(batch)]
            bench.sqs.send_message_batch(QueueUrl=url, Entries=entries)

    for producer in range(producers):
        bench.lab.start(produce, producer, name=f"producer {producer}")
    bench.lab.run(until="1.05 s")
    return stored(bench)


def _entry(id: str, group: int) -> dict[str, str]:
    return {"Id": id, "MessageBody": id, "MessageGroupId": f"group-{group}"}
