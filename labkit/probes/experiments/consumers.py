"""Consumers: one or many, quick or slow, and what they must bear."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import AtLeast, Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE
from labkit.rules import Faults

TIMEOUT = quota("sqs.visibility_timeout.default")
Done = list[str]


def consumer(bench: Bench, done: Done, work: float, name: str = "") -> Callable[[], None]:
    """A consumer that works on each message, deletes it and notes it; it ends when nothing came for ten seconds."""

    url = bench.url

    def consume() -> None:
        while messages := bench.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10).get("Messages"):
            time.sleep(work)
            bench.sqs.delete_message(QueueUrl=url, ReceiptHandle=messages[0]["ReceiptHandle"])
            done.append(messages[0]["Body"] + name)

    return consume


def _drain(bench: Bench, number: int, consumers: int) -> tuple[Done, float]:
    """What the consumers did that need a second a message, and how long they took for all."""
    bench.url = bench.create(f"orders-{consumers}")
    bench.send_many(number)
    began, done = bench.now, Done()
    for n in range(consumers):
        bench.lab.start(consumer(bench, done, 1, f" by {n + 1}"), name=f"consumer {n + 1}")
    bench.lab.run(until=lambda: len(done) >= number)
    return done, bench.now - began


@probe(
    "std-3",
    "Sent while there was no consumer; an hour later one received {received}",
    wrong=answers.LOST_WITHOUT_CONSUMER,
)
def producer_knows_no_consumer(bench: Bench) -> None:
    bench.send("order-1", "order-2", "order-3")
    bench.wait(3600)
    bench.see("received", sorted(bench.bodies()), ["order-1", "order-2", "order-3"])


@probe(
    "std-10",
    "50 messages, one receive of ten does not hide (a teaching rate): {different} received, {twice} of them more "
    "than once",
    wrong=MOCK_ALONE,
    faults=Faults(duplicate=0.1),
)
def at_least_once(bench: Bench) -> None:
    bench.send_many(50)
    received: Counter[str] = Counter()
    while bodies := bench.bodies():
        received.update(bodies)
    bench.see("different", len(received), 50)
    bench.see("twice", sum(number > 1 for number in received.values()), AtLeast(1))


@probe(
    "std-11",
    "30 messages sent, one of five may swap its place (a teaching rate): {received} received, {early} of them before"
    " an earlier one",
    wrong=MOCK_ALONE,
    faults=Faults(reorder=0.2),
)
def best_effort_order(bench: Bench) -> None:
    bench.send_many(30)
    numbers = [int(body.split("-")[1]) for _ in range(3) for body in bench.bodies()]
    early = sum(one > following for one, following in pairwise(numbers))
    bench.see("received", len(set(numbers)), 30)
    bench.see("early", early, AtLeast(1))


@probe(
    "duplicate-within-timeout",
    "Three receives of ten do not hide (a teaching rate): at {now:clock} {both} messages are in the hands of two "
    "consumers",
    wrong=MOCK_ALONE,
    faults=Faults(duplicate=0.3),
)
def held_by_two(bench: Bench) -> None:
    bench.send_many(30)
    first, second = bench.bodies(), bench.bodies()
    bench.see("both", len(set(first) & set(second)), AtLeast(1))
    bench.see("now", bench.now, 0)


@probe(
    "consume-4",
    "One message delivered twice: {payments} rows without a unique key, {payments_once} with one",
    wrong=rules.HIDDEN_UNTIL_DELETED,
)
def idempotent(bench: Bench) -> None:
    database = sqlite3.connect(":memory:")
    database.execute("create table payments (order_id text)")
    database.execute("create table payments_once (order_id text primary key)")
    bench.send()
    for second in (0, TIMEOUT):
        bench.wait_until(second)
        for message in bench.receive():
            database.execute("insert into payments values (?)", (message["Body"],))
            database.execute("insert or ignore into payments_once values (?)", (message["Body"],))
    for table, rows in (("payments", 2), ("payments_once", 1)):
        bench.see(table, database.execute(f"select count(*) from {table}").fetchone()[0], rows)
    database.close()


@probe(
    "multi-1",
    "Four consumers, eight orders of one second: {seconds} s, {orders} orders done, {shares} by each",
    wrong=rules.ONE_AT_A_TIME,
)
def in_parallel(bench: Bench) -> None:
    done, seconds = _drain(bench, number=8, consumers=4)
    bench.see("seconds", seconds, 2)
    bench.see("orders", len({one.split()[0] for one in done}), 8)
    bench.see("shares", sorted(Counter(one.split()[-1] for one in done).values()), [2, 2, 2, 2])


@probe(
    "multi-2",
    "The first consumer never deletes; done by another one after the timeout: {done}",
    wrong=rules.HIDDEN_UNTIL_DELETED,
)
def another_one_gets_it(bench: Bench) -> None:
    done = Done()
    bench.send()
    bench.take()
    bench.wait(TIMEOUT - 5)
    bench.lab.start(consumer(bench, done, 1), name="second consumer")
    bench.lab.run("2 min")
    bench.see("done", done, ["order-1"])


@probe("multi-3", "One slow and one quick consumer; the order of deletes: {order}", wrong=rules.ONE_AT_A_TIME)
def order_of_processing(bench: Bench) -> None:
    done = Done()
    bench.send_many(4)
    bench.lab.start(consumer(bench, done, 5), name="slow consumer")
    bench.lab.start(consumer(bench, done, 1), name="quick consumer")
    bench.lab.run("2 min")
    bench.see("order", done, ["order-2", "order-3", "order-4", "order-1"])


@probe("multi-4", "Never deleted; ApproximateReceiveCount at each receive: {counts}", wrong=rules.RECEIVING_REMOVES)
def nobody_deletes_for_you(bench: Bench) -> None:
    bench.send()
    counts = []
    for second in (0, TIMEOUT, 2 * TIMEOUT):
        bench.wait_until(second)
        message = bench.take(MessageSystemAttributeNames=["ApproximateReceiveCount"])
        counts.append(int(message["Attributes"]["ApproximateReceiveCount"]))
    bench.see("counts", counts, [1, 2, 3])


@probe("multi-5", "Four orders of one second with 1, 2 and 4 consumers: {seconds} s", wrong=rules.ONE_AT_A_TIME)
def more_consumers(bench: Bench) -> None:
    seconds = [_drain(bench, number=4, consumers=number)[1] for number in (1, 2, 4)]
    bench.see("seconds", seconds, [4, 2, 1])


@probe(
    "redelivery-breaks-order",
    "The first consumer takes order-1 and fails; the order of deletes: {order}",
    wrong=rules.ONE_AT_A_TIME,
)
def redelivery(bench: Bench) -> None:
    done = Done()
    bench.send("order-1", "order-2", "order-3")
    bench.take()
    bench.wait(TIMEOUT - 5)
    bench.lab.start(consumer(bench, done, 1))
    bench.lab.run("2 min")
    bench.see("order", done, ["order-2", "order-3", "order-1"])
