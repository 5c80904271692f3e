"""A real database behind a rush of orders: written to directly, or through a queue."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from labkit.databases import Busy, Database
from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import AtLeast, Bench
from labkit.probes.experiments.integration import A_DIRECT_CALL, A_QUEUE_BETWEEN
from labkit.probes.registry import probe
from labkit.probes.worlds import World

Keep = Callable[[Bench, dict[str, Any]], None]
TIMEOUT = quota("sqs.visibility_timeout.default")
MOST = quota("sqs.receive.maximum_messages")
COMMIT = 0.2
STOCK = 500
HOUR = 3600
QUIET = [1.5 * number for number in range(40)]
RUSH = sorted(QUIET + [30 + number / 20 for number in range(60)])
EVENLY = [0.6 * number for number in range(100)]
INSERT = "insert into orders (id) values (?) on conflict do nothing"
ARRIVING_EVENLY = World("the same experiment with orders that arrive evenly", instead={"arrivals": EVENLY})
A_QUICK_DATABASE = World("the same experiment with a database that commits at once", instead={"commit": 0.001})


class OrderTable:
    """A table of orders and a stock that each of them takes from, beside the queue `orders`."""

    def __init__(self, bench: Bench, commit: float = COMMIT) -> None:
        self.bench = bench
        self.refused = 0
        self.waits: list[float] = []
        self.database = Database(bench.lab, commit)  # type: ignore[arg-type]
        tables = ["orders (id text primary key)", "stock (remaining integer)"]
        self.database.prepare(*(f"create table {one}" for one in tables), f"insert into stock values ({STOCK})")

    @property
    def stored(self) -> int:
        """How many orders are in the table."""
        return int(self.database.rows("select count(*) from orders")[0][0])

    @property
    def sold(self) -> int:
        """How many prints have been taken from the stock."""
        return STOCK - int(self.database.rows("select remaining from stock")[0][0])

    def store(self, *orders: str) -> None:
        """Store the orders that are new in one transaction. Raises `Busy`."""
        with self.database.transaction() as connection:
            new = sum(connection.execute(INSERT, [order]).rowcount for order in orders)
            connection.execute("update stock set remaining = remaining - ?", [new])

    def open(self, arrivals: Sequence[float], by_queue: bool) -> None:
        """Let a customer come at each of these seconds; with a queue, one worker behind it stores."""
        for number, at in enumerate(arrivals, 1):
            self.bench.lab.start(self._customer, f"order-{number}", at, by_queue)
        if by_queue:
            self.bench.lab.start(self.worker)

    def _customer(self, order: str, at: float, by_queue: bool) -> None:
        time.sleep(at)
        try:
            self.bench.send(order) if by_queue else self.store(order)
        except Busy:
            self.refused += 1

    def worker(self, most: int = 1) -> None:
        """Store what comes, up to `most` orders in one transaction, and delete it then."""
        sqs, url = self.bench.sqs, self.bench.url
        how = {"WaitTimeSeconds": 20, "MaxNumberOfMessages": most, "MessageSystemAttributeNames": ["SentTimestamp"]}
        while True:
            messages = sqs.receive_message(QueueUrl=url, **how).get("Messages")
            if messages:
                self.store(*(message["Body"] for message in messages))
                self.waits += [time.time() - int(one["Attributes"]["SentTimestamp"]) / 1000 for one in messages]
                entries = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(messages)]
                sqs.delete_message_batch(QueueUrl=url, Entries=entries)

    def ended(self, how: str) -> int:
        """How many transactions ended so."""
        return sum(one.ended == how for one in self.database.transactions)


def _sell(bench: Bench, arrivals: Sequence[float], by_queue: bool) -> OrderTable:
    sale = OrderTable(bench)
    sale.open(arrivals, by_queue)
    bench.lab.run("70 s")
    bench.see("orders", len(arrivals))
    return sale


@probe(
    "dbfront-1",
    "{orders} orders in a minute, 60 of them within 3 s, written directly: {refused} were refused by the database, "
    "{missing} are missing in it",
    wrong=A_QUEUE_BETWEEN,
)
def refused_directly(bench: Bench, by_queue: bool = False) -> None:
    sale = _sell(bench, RUSH, by_queue)
    bench.see("refused", sale.refused, AtLeast(1))
    bench.see("missing", len(RUSH) - sale.stored, AtLeast(1))


@probe(
    "dbfront-average",
    "{orders} orders in a minute, in a database that can take {capacity}: {refused} were refused",
    wrong=ARRIVING_EVENLY,
)
def peak_not_average(bench: Bench, arrivals: Sequence[float] = RUSH) -> None:
    sale = _sell(bench, arrivals, by_queue=False)
    bench.see("capacity", round(60 / COMMIT))
    bench.see("refused", sale.refused, AtLeast(1))


@probe(
    "dbfront-2",
    "{orders} orders through a queue with one worker: {stored} stored, {refused} transactions refused, {left} "
    "messages left",
    wrong=A_DIRECT_CALL,
)
def held_to_the_pace(bench: Bench, by_queue: bool = True) -> None:
    sale = _sell(bench, RUSH, by_queue)
    bench.see("refused", sale.ended("refused"), 0)
    bench.see("stored", sale.stored, len(RUSH))
    bench.see("left", sum(bench.counts()), 0)


@probe("dbfront-accepted", "Rows right after the send: {at_once}; after a worker has run: {later}", wrong=A_DIRECT_CALL)
def accepted_is_not_stored(bench: Bench, by_queue: bool = True) -> None:
    sale = OrderTable(bench)
    bench.send("order-1") if by_queue else sale.store("order-1")
    bench.see("at_once", sale.stored, 0)
    bench.lab.start(sale.worker)
    bench.lab.run("1 s")
    bench.see("later", sale.stored, 1)


@probe(
    "dbfront-waiting",
    "20 orders at once and one worker: the first waited {first} s, the last {last} s",
    wrong=A_QUICK_DATABASE,
)
def waits_for_the_pace(bench: Bench, commit: float = COMMIT) -> None:
    sale = OrderTable(bench, commit)
    sale.open([0] * 20, by_queue=True)
    bench.lab.run("1 min")
    bench.see("first", round(min(sale.waits), 1), COMMIT)
    bench.see("last", round(max(sale.waits), 1), 20 * COMMIT)


@probe(
    "dbfront-batch",
    "Ten orders in one receive: {stored} stored with {commits} commit, {left} messages left",
    wrong=answers.ONE_AT_ONCE,
)
def one_commit(bench: Bench) -> None:
    sale = OrderTable(bench)
    bench.send_many(MOST)
    bench.lab.start(sale.worker, MOST)
    bench.lab.run("10 s")
    bench.see("stored", sale.stored, MOST)
    bench.see("commits", sale.ended("committed"), 1)
    bench.see("left", sum(bench.counts()), 0)


def _dying(bench: Bench, sale: OrderTable, deletes_first: bool) -> int:
    """A worker dies between its two steps, another one comes after the timeout; how many orders are stored then."""
    bench.send("order-1")
    message = bench.take()
    bench.delete(message) if deletes_first else sale.store(message["Body"])
    bench.crash()
    bench.wait(TIMEOUT)
    bench.lab.start(sale.worker)
    bench.lab.run("1 s")
    return sale.stored


@probe(
    "dbfront-after-commit",
    "A worker died between commit and delete: {after} order stored; between delete and commit: {before}",
    wrong=answers.DELETE_DOES_NOTHING,
)
def deleted_too_early(bench: Bench) -> None:
    bench.see("after", _dying(bench, OrderTable(bench), deletes_first=False), 1)
    bench.url = bench.create("deleted-first")
    bench.see("before", _dying(bench, OrderTable(bench), deletes_first=True), 0)


@probe(
    "dbfront-idempotent",
    "An order delivered again after a crash: {commits} commits, {rows} row, {sold} print taken from the stock",
    wrong=rules.RECEIVING_REMOVES,
)
def absorbed_by_the_key(bench: Bench) -> None:
    sale = OrderTable(bench)
    _dying(bench, sale, deletes_first=False)
    bench.see("commits", sale.ended("committed"), 2)
    bench.see("rows", sale.stored, 1)
    bench.see("sold", sale.sold, 1)


@probe(
    "dbfront-order-key",
    "An order sent twice: {MessageId} rows with the message id as key, {Body} with the order's own",
    wrong=answers.ID_FROM_BODY,
)
def key_of_the_order(bench: Bench) -> None:
    bench.send("order-1", "order-1")
    received = bench.receive() + bench.receive()
    for key in ("MessageId", "Body"):
        sale = OrderTable(bench)
        sale.store(*(message[key] for message in received))
        bench.see(key, sale.stored, 2 if key == "MessageId" else 1)


def _let_go(bench: Bench, message: dict[str, Any]) -> None:
    message.clear()


def _hold(bench: Bench, message: dict[str, Any]) -> None:
    bench.change(message, TIMEOUT)
    time.sleep(TIMEOUT / 2)


LETTING_GO = World("the same experiment with a worker that lets each message come back", instead={"keep": _let_go})


def _outage(bench: Bench, keep: Keep) -> None:
    """Five orders meet an hour in which the table is locked; `keep` is what a worker does with a refused one."""
    sale, letters = OrderTable(bench), bench.create("dead-letters")
    arn = bench.sqs.get_queue_attributes(QueueUrl=letters, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    bench.set(RedrivePolicy=f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": 3}}')
    bench.send_many(5)

    def migration() -> None:
        with sale.database.transaction() as connection:
            connection.execute("alter table orders add column gift text")
            time.sleep(HOUR)

    def worker() -> None:
        while True:
            for message in bench.receive(WaitTimeSeconds=20):
                while message:
                    try:
                        sale.store(message["Body"])
                    except Busy:
                        keep(bench, message)
                    else:
                        bench.delete(message)
                        message = {}

    bench.lab.start(migration)
    bench.lab.start(worker)
    bench.lab.run("62 min")
    bench.see("stored", sale.stored)
    bench.url = letters
    bench.see("dead", bench.counts()[0])


@probe(
    "dbfront-outage-receives",
    "The table locked for an hour, maxReceiveCount 3, each message let go: of 5 orders {stored} stored, {dead} in "
    "the dead-letter queue",
    wrong=rules.NEVER_DEAD_LETTERED,
)
def outage_burns_receives(bench: Bench) -> None:
    _outage(bench, _let_go)
    bench.expected |= {"stored": 0, "dead": 5}


@probe(
    "dbfront-outage-hold",
    "The table locked for an hour, maxReceiveCount 3, the message held: of 5 orders {stored} stored, {dead} in the "
    "dead-letter queue",
    wrong=LETTING_GO,
)
def outage_survived(bench: Bench, keep: Keep = _hold) -> None:
    _outage(bench, keep)
    bench.expected |= {"stored": 5, "dead": 0}


@probe(
    "dbfront-standing-backlog",
    "An order every 0.15 s, a commit of 0.2 s: after 3, 6 and 9 s {backlogs} orders wait",
    wrong=A_QUICK_DATABASE,
)
def backlog_that_stays(bench: Bench, commit: float = COMMIT) -> None:
    sale = OrderTable(bench, commit)
    sale.open([number * 0.15 for number in range(60)], by_queue=True)
    backlogs = []
    for _ in range(3):
        bench.lab.run("3 s")
        backlogs.append(sum(bench.counts()))
    bench.see("backlogs", backlogs, [6, 11, 15])
