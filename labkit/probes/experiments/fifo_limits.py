"""FIFO queues: throughput, messages in flight, delays."""

from __future__ import annotations

from labkit.ledger import quota
from labkit.probes import wrong_fifo as fifo
from labkit.probes.bench import Bench
from labkit.probes.fifo_bench import open_fifo, send, sent_in_a_second, stored
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE

CALLS = quota("sqs.fifo.api_calls")
HIGH = {"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
LOW = fifo.ThirtyCalls.calls_a_second
TRIED = 40
SLOW = {"latency": "100 ms"}
LOWERED = SLOW | {"rules": {"sqs": fifo.ThirtyCalls}}


@probe(
    "fifo-3",
    "A limit lowered to {low} calls a second: {tried} tried, {stored} messages stored",
    wrong=fifo.NEVER_THROTTLED,
    **LOWERED,
)
def throughput(bench: Bench) -> None:
    open_fifo(bench)
    bench.see("tried", TRIED)
    bench.see("low", LOW)
    bench.see("stored", sent_in_a_second(bench, producers=4, groups=4), LOW)


@probe(
    "fifo-4",
    "A limit lowered from {real} to {low} calls a second, {tried} tried: {normal} messages stored; with high "
    "throughput and four groups {high}",
    wrong=fifo.ALWAYS_LOW,
    **LOWERED,
)
def both_modes(bench: Bench) -> None:
    bench.see("real", CALLS)
    bench.see("low", LOW)
    bench.see("tried", TRIED)
    for name, modes, expected in (("normal", {}, LOW), ("high", HIGH, TRIED)):
        open_fifo(bench, f"{name}.fifo", **modes)
        bench.see(name, sent_in_a_second(bench, producers=4, groups=4), expected)


@probe(
    "fifo-5",
    "A limit lowered to {low} calls a second: {tried} batches of two tried, {stored} messages stored",
    wrong=fifo.NEVER_THROTTLED,
    **LOWERED,
)
def batches_count_as_one(bench: Bench) -> None:
    open_fifo(bench)
    bench.see("tried", TRIED)
    bench.see("low", LOW)
    bench.see("stored", sent_in_a_second(bench, producers=4, groups=4, batch=2), 2 * LOW)


@probe(
    "sqsord-5",
    "{tried} calls tried in a second on a standard queue: {stored} messages stored",
    wrong=fifo.STANDARD_THROTTLED,
    **SLOW,
)
def standard_unlimited(bench: Bench) -> None:
    bench.see("tried", TRIED)
    bench.see("stored", sent_in_a_second(bench, producers=4, groups=4), TRIED)


@probe(
    "fifo-group-partition",
    "High throughput, one group, a limit lowered to {low} calls a second: {tried} tried, {stored} messages stored",
    wrong=fifo.NEVER_THROTTLED,
    **LOWERED,
)
def one_group(bench: Bench) -> None:
    open_fifo(bench, **HIGH)
    bench.see("tried", TRIED)
    bench.see("low", LOW)
    bench.see("stored", sent_in_a_second(bench, producers=4, groups=1), LOW)


@probe(
    "fifo-modes-combination", "perMessageGroupId alone: {alone}; together with messageGroup: {both}", wrong=MOCK_ALONE
)
def combination(bench: Bench) -> None:
    alone = {"FifoQueue": "true", "FifoThroughputLimit": "perMessageGroupId"}
    bench.see("alone", bench.answer("create_queue", QueueName="a.fifo", Attributes=alone), "InvalidAttributeValue")
    both = {"FifoQueue": "true", **HIGH}
    bench.see("both", bench.answer("create_queue", QueueName="b.fifo", Attributes=both), "accepted")


@probe(
    "fifo-in-flight",
    "A limit lowered from {real} to {low} messages in flight: two receives returned {received}",
    wrong=fifo.OVER_LIMIT,
    rules={"sqs": fifo.TwoInFlight},
)
def in_flight(bench: Bench) -> None:
    open_fifo(bench)
    send(bench, "a1", "b1", "c1")
    bench.see("received", [len(bench.receive(10)), len(bench.receive(10))], [2, 0])
    bench.see("low", 2)
    bench.see("real", quota("sqs.in_flight.fifo"))


@probe(
    "fifo-message-delay",
    "A queue with a delay of 10 s, a message with 2: {own}, with 0: {zero}; received at {received:clock}",
    wrong=fifo.MESSAGE_DELAY,
)
def message_delay(bench: Bench) -> None:
    open_fifo(bench, DelaySeconds=10)
    given = {"QueueUrl": bench.url, "MessageBody": "a1", "MessageGroupId": "a"}
    bench.see("own", bench.answer("send_message", DelaySeconds=2, **given), "InvalidParameterValue")
    bench.see("zero", bench.answer("send_message", DelaySeconds=0, **given), "accepted")
    bench.see("received", bench.first_seen(9.999, 10), 10)


@probe(
    "fifo-delay-retroactive",
    "Sent with a delay of 100 s, lowered to 10 a second later: received at {received:clock}; stored: {stored}",
    wrong=fifo.DELAY_NOT_RETROACTIVE,
)
def delay_retroactive(bench: Bench) -> None:
    open_fifo(bench, DelaySeconds=100)
    send(bench, "a1")
    bench.wait(1)
    bench.set(DelaySeconds=10)
    bench.see("received", bench.first_seen(9.999, 10, 100), 10)
    bench.see("stored", stored(bench), 1)
