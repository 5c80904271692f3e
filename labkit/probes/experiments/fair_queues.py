"""Fair queues: a MessageGroupId on a standard queue."""

from __future__ import annotations

from labkit.ledger import quota
from labkit.probes.bench import Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE
from labkit.probes.wrong_fair_queues import GROUP_ORDERS, NOISY_FOR_EVER, TURNS

LEAST = quota("sqs.fair.noisy_in_flight")
QUIET_AFTER = quota("sqs.fair.quiet_after")
SECONDS_HIDDEN = 2 * QUIET_AFTER


def send(bench: Bench, group: str, number: int = 1) -> None:
    """So many messages of one tenant, with the tenant's name as their body."""
    for first in range(0, number, 10):
        entries = [{"Id": str(n), "MessageBody": group, "MessageGroupId": group} for n in range(first, number)][:10]
        bench.sqs.send_message_batch(QueueUrl=bench.url, Entries=entries)


def crowd(bench: Bench, in_flight: int = LEAST, waiting: int = 5) -> None:
    """A tenant called noisy with so many messages in flight, and some that wait."""
    bench.url = bench.create(f"orders-{in_flight}", VisibilityTimeout=SECONDS_HIDDEN)
    send(bench, "noisy", in_flight + waiting)
    for received in range(0, in_flight, 10):
        bench.receive(min(10, in_flight - received))


def first(bench: Bench) -> str:
    """Whose message the next receive of one brings."""
    return str(bench.take()["Body"])


@probe(
    "fair-1",
    "Beside {few} messages of one tenant in flight the next receive brought one of the {before} tenant, beside "
    "{enough} one of the {after} tenant",
    wrong=TURNS,
)
def noisy_from_thirty_in_flight_on(bench: Bench) -> None:
    bench.see("few", LEAST - 1)
    bench.see("enough", LEAST)
    for name, in_flight, whose in (("before", LEAST - 1, "noisy"), ("after", LEAST, "quiet")):
        crowd(bench, in_flight)
        send(bench, "quiet")
        bench.see(name, first(bench), whose)


@probe(
    "fair-2", "Behind a noisy tenant's backlog came a message without a group; received: {received}", wrong=MOCK_ALONE
)
def a_message_without_a_group(bench: Bench) -> None:
    crowd(bench)
    bench.send("no group")
    bench.see("received", [first(bench) for _ in range(2)], ["no group", "noisy"])


@probe(
    "fair-3",
    "Two messages of a noisy tenant waited, then two of a quiet one came; one receive brought: {received}",
    wrong=MOCK_ALONE,
)
def quiet_ones_before_noisy_ones(bench: Bench) -> None:
    crowd(bench, waiting=2)
    send(bench, "quiet", 2)
    bench.see("received", [one["Body"] for one in bench.receive(10)], ["quiet", "quiet", "noisy", "noisy"])


@probe(
    "fair-4",
    "A second before five minutes without a send the {before} tenant came first, a second later the {after} one, "
    "with the same backlog",
    wrong=NOISY_FOR_EVER,
)
def quiet_again_after_five_minutes(bench: Bench) -> None:
    crowd(bench)
    send(bench, "quiet", 2)
    for name, seconds, whose in (("before", QUIET_AFTER - 1, "quiet"), ("after", QUIET_AFTER, "noisy")):
        bench.wait_until(seconds)
        bench.see(name, first(bench), whose)


@probe(
    "missing-fair-queues",
    "Group of the first message: {group}; received while it was in flight: {next}",
    wrong=GROUP_ORDERS,
)
def a_group_holds_nothing_back(bench: Bench) -> None:
    for number in (1, 2):
        bench.sqs.send_message(QueueUrl=bench.url, MessageBody=f"order-{number}", MessageGroupId="tenant-1")
    taken = bench.take(MessageSystemAttributeNames=["MessageGroupId"])
    bench.see("group", taken["Attributes"]["MessageGroupId"], "tenant-1")
    bench.see("next", [one["Body"] for one in bench.receive(10)], ["order-2"])
