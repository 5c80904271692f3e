"""The limit of messages in flight, lowered and said to be so: filling the real one takes longer than a lesson."""

from __future__ import annotations

from typing import Any

from labkit.ledger import quota
from labkit.probes.bench import Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE
from labkit.rules import StandardQueue

REAL = quota("sqs.in_flight.standard")
LOW = 10


class LowLimit(StandardQueue):
    """A standard queue that allows ten messages in flight."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, in_flight_limit=LOW, **options)


def _fill(bench: Bench) -> list[dict[str, Any]]:
    """Send twenty-five messages and receive ten of them."""
    bench.send_many(25)
    received = bench.receive(LOW)
    bench.see("low", LOW)
    bench.see("real", REAL)
    return received


@probe(
    "std-5",
    "25 messages and a limit lowered from {real} in flight to {low}: visible / in flight / delayed: {counts}",
    wrong=MOCK_ALONE,
    rules={"sqs": LowLimit},
)
def stored_and_in_flight(bench: Bench) -> None:
    _fill(bench)
    bench.receive(10, WaitTimeSeconds=1)
    bench.see("counts", bench.counts(), [25 - LOW, LOW, 0])


@probe(
    "in-flight-short-poll",
    "A limit lowered from {real} to {low}: the next receive: {at_limit}; after one delete {after_delete} message",
    wrong=MOCK_ALONE,
    rules={"sqs": LowLimit},
)
def short_poll_at_the_limit(bench: Bench) -> None:
    received = _fill(bench)
    bench.see("at_limit", bench.answer("receive_message", QueueUrl=bench.url), "OverLimit")
    bench.delete(received[0])
    bench.see("after_delete", len(bench.receive()), 1)


@probe(
    "in-flight-long-poll",
    "A limit lowered from {real} to {low}: a long poll returned {received} messages, with {visible} visible",
    wrong=MOCK_ALONE,
    rules={"sqs": LowLimit},
)
def long_poll_at_the_limit(bench: Bench) -> None:
    _fill(bench)
    bench.see("received", len(bench.receive(10, WaitTimeSeconds=1)), 0)
    bench.see("visible", bench.counts()[0], 25 - LOW)
