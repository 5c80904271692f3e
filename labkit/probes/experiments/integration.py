"""Two services, a shop and payments: linked by a direct call, by a queue, a topic or a stream."""

from __future__ import annotations

import time

from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import AtLeast, Bench
from labkit.probes.experiments.consumers import Done, consumer
from labkit.probes.registry import probe
from labkit.probes.topic_bench import RAW, publish, subscribed
from labkit.probes.worlds import World

ORDERS = 12
DOWN_FROM, DOWN_UNTIL = 3, 9
TIME_OUT = 5
A_QUEUE_BETWEEN = World("the same experiment with a queue between the two services", instead={"by_queue": True})
A_DIRECT_CALL = World("the same experiment with a direct call between the two services", instead={"by_queue": False})


class Unavailable(Exception):
    """Payments did not answer within the time-out."""


class OrderDesk:
    """Takes one order a second and has it paid: by a call that waits for payments, or by a message."""

    def __init__(self, bench: Bench, by_queue: bool) -> None:
        self.bench = bench
        self.by_queue = by_queue
        self.failed = 0
        self.slowest = 0.0
        self.backlog = 0
        self.paid: list[str] = []

    def take_orders(self) -> None:
        """The shop."""
        for second in range(ORDERS):
            time.sleep(max(0, second - self.bench.now))
            try:
                self._have_paid(f"order-{second + 1}")
            except Unavailable:
                self.failed += 1
            self.slowest = max(self.slowest, self.bench.now - second)

    def _have_paid(self, order: str) -> None:
        if self.by_queue:
            self.bench.send(order)
        elif self._is_down():
            time.sleep(TIME_OUT)
            raise Unavailable
        else:
            self.paid.append(order)

    def _is_down(self) -> bool:
        return DOWN_FROM <= self.bench.now < DOWN_UNTIL

    def process_payments(self) -> None:
        """Payments, where they take messages."""
        while len(self.paid) < ORDERS:
            time.sleep(max(0, DOWN_UNTIL - self.bench.now) if self._is_down() else 0)
            for message in self.bench.receive(10, WaitTimeSeconds=1):
                self.paid.append(message["Body"])
                self.bench.delete(message)


def _outage(bench: Bench, by_queue: bool) -> OrderDesk:
    """Payments are down for 20 seconds."""
    shop = OrderDesk(bench, by_queue)
    bench.lab.start(shop.take_orders, name="shop")
    if by_queue:
        bench.lab.start(shop.process_payments, name="payments")
    bench.lab.run(f"{DOWN_UNTIL - 1} s")
    shop.backlog = bench.counts()[0]
    bench.lab.run("1 min")
    bench.see("orders", ORDERS)
    bench.see("down", DOWN_UNTIL - DOWN_FROM)
    return shop


@probe(
    "async-1",
    "Payments down for {down} s behind a direct call: {failed} of {orders} orders failed, and a customer waited "
    "{slowest} s",
    wrong=A_QUEUE_BETWEEN,
)
def fault_spreads(bench: Bench, by_queue: bool = False) -> None:
    shop = _outage(bench, by_queue)
    bench.see("failed", shop.failed, AtLeast(1))
    bench.see("slowest", round(shop.slowest), AtLeast(TIME_OUT))


@probe(
    "async-2",
    "Payments down for {down} s behind a queue: {failed} of {orders} orders failed, a customer waited {slowest} s; "
    "{backlog} messages waited at the end of the outage, {left} are left, {paid} orders are paid",
    wrong=A_DIRECT_CALL,
)
def fault_stays(bench: Bench, by_queue: bool = True) -> None:
    shop = _outage(bench, by_queue)
    bench.see("failed", shop.failed, 0)
    bench.see("slowest", round(shop.slowest), 0)
    bench.see("backlog", shop.backlog, AtLeast(1))
    bench.see("left", sum(bench.counts()), 0)
    bench.see("paid", len(shop.paid), ORDERS)


@probe(
    "intro-2",
    "A payment of 2 s: the caller waits {by_call} s for a call and {by_message} s for a message",
    wrong=A_DIRECT_CALL,
)
def call_or_message(bench: Bench, by_queue: bool = True) -> None:
    def pay() -> None:
        time.sleep(2)

    began = bench.now
    pay()
    bench.see("by_call", bench.now - began, 2)
    began = bench.now
    bench.send() if by_queue else pay()
    bench.see("by_message", bench.now - began, 0)


@probe("async-3", "Ten messages, two consumers: {handled} handled, {orders} different ones", wrong=rules.NOT_HIDDEN)
def queue_model(bench: Bench) -> None:
    done = Done()
    bench.send_many(10)
    for name in ("consumer 1", "consumer 2"):
        bench.lab.start(consumer(bench, done, 1), name=name)
    bench.lab.run("15 s")
    bench.see("handled", len(done), 10)
    bench.see("orders", len(set(done)), 10)


@probe("async-4", "One publish, two subscribed queues received: {copies}", wrong=answers.ONE_SUBSCRIBER)
def topic_model(bench: Bench) -> None:
    orders, *queues = subscribed(bench, "payments", "stock", attributes=RAW)
    publish(bench, orders)
    copies = []
    for bench.url in queues:
        copies += bench.bodies()
    bench.see("copies", copies, ["order-1", "order-1"])


@probe("async-5", "Read from TRIM_HORIZON: {first}; read again: {second}", wrong=answers.READING_REMOVES)
def stream_model(bench: Bench) -> None:
    kinesis, stream = bench.client("kinesis"), {"StreamName": "orders"}
    kinesis.create_stream(**stream, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(**stream)
    for number in range(1, 4):
        kinesis.put_record(**stream, Data=f"order-{number}".encode(), PartitionKey="shop")
    shard = kinesis.list_shards(**stream)["Shards"][0]["ShardId"]
    for reading in ("first", "second"):
        start = kinesis.get_shard_iterator(**stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        records = kinesis.get_records(ShardIterator=start["ShardIterator"])["Records"]
        bench.see(reading, [record["Data"].decode() for record in records], ["order-1", "order-2", "order-3"])


def _backlog(bench: Bench, consumers: int) -> int:
    """What is left after five seconds with two orders a second, when a consumer needs a second an order."""
    bench.url = bench.create(f"orders-{consumers}")
    for number in range(consumers):
        bench.lab.start(consumer(bench, Done(), 1), name=f"consumer {number + 1}")
    for _ in range(5):
        bench.send_many(2)
        bench.wait(1)
    return sum(bench.counts()) - consumers


@probe(
    "async-6",
    "Two orders a second, a second of work each: after 5 s {one} wait behind one consumer; two consumers keep up: "
    "{two}",
    wrong=rules.ONE_AT_A_TIME,
)
def each_side_scales(bench: Bench) -> None:
    bench.see("one", _backlog(bench, 1), AtLeast(4))
    bench.see("two", _backlog(bench, 2) <= 2, True)
