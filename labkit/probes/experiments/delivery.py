"""Delivery guarantees: what comes twice, what gets lost, and which writes make a second time harmless."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import AtLeast, Bench
from labkit.probes.experiments.conditional_writes import ABSENT, key, payments, rows
from labkit.probes.registry import probe
from labkit.probes.worlds import World
from labkit.rules import Faults

TIMEOUT = quota("sqs.visibility_timeout.default")
DAY = 86_400
RETENTION = quota("sqs.retention.maximum")
LEGACY_MODE = World("boto3 in its older retry mode, legacy", instead={"mode": "legacy"})
ONE_DAY = answers.other_default(MessageRetentionPeriod=DAY)


def _is_noted(dynamodb: Any, order: str) -> bool:
    return "Item" in dynamodb.get_item(TableName="payments", Key=key(order))


@probe(
    "delivery-lost-send",
    "20 sends, of which answers got lost: {messages} messages of {orders} orders; ids shared by two: {shared}",
    wrong=rules.KNOWS_REPEATS,
    seed=3,
)
def sent_twice(bench: Bench) -> None:
    assert bench.url
    bench.lose_answers(0.2)
    bench.send(*(f"order-{n}" for n in range(20)))
    bench.lose_answers(0)
    received = [message for _ in range(4) for message in bench.receive(10)]
    bench.see("messages", len(received), AtLeast(21))
    bench.see("orders", len({message["Body"] for message in received}), 20)
    bench.see("shared", len(received) - len({message["MessageId"] for message in received}), 0)


@probe(
    "delivery-sdk-attempts",
    "While every answer got lost: one send stored {attempts} messages, one update in DynamoDB counted to {updates}",
    wrong=LEGACY_MODE,
)
def attempts(bench: Bench, mode: str | None = None) -> None:
    url, dynamodb, sqs = bench.url, payments(bench), bench.sqs
    if mode:
        sqs, dynamodb = (boto3.client(name, config=Config(retries={"mode": mode})) for name in ("sqs", "dynamodb"))
    counting = {"UpdateExpression": "ADD updates :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    bench.lose_answers(1)
    with suppress(ConnectionClosedError):
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
    with suppress(ConnectionClosedError):
        dynamodb.update_item(TableName="payments", Key=key("order-1"), **counting)
    bench.lose_answers(0)
    bench.see("attempts", bench.counts()[0], 3)
    bench.see("updates", int(rows(dynamodb)[0]["updates"]["N"]), 4)


@probe(
    "delivery-crash-repeats",
    "Dead before the delete: {charges} charges, the second at {now:clock}",
    wrong=rules.RECEIVING_REMOVES,
)
def dies_before_the_delete(bench: Bench) -> None:
    charged = []
    bench.send()
    charged.append(bench.take()["Body"])
    bench.crash()
    bench.wait(TIMEOUT)
    charged += bench.bodies()
    bench.see("charges", len(charged), 2)
    bench.see("now", bench.now, TIMEOUT)


@probe(
    "delivery-delete-first",
    "Dead after the delete: {charges} charges, {left} messages left",
    wrong=rules.DELETED_RETURNS,
)
def dies_after_the_delete(bench: Bench) -> None:
    bench.send()
    bench.delete(bench.take())
    bench.crash()
    bench.wait(10 * TIMEOUT)
    bench.see("charges", len(bench.bodies()), 0)
    bench.see("left", sum(bench.counts()), 0)


@probe(
    "delivery-exactly-once",
    "30 orders, {deliveries} deliveries, {charges} charges",
    wrong=answers.NO_UPDATE_CONDITION,
    faults=Faults(duplicate=0.2, undelete=0.1),
    seed=2,
)
def at_least_once_and_idempotent(bench: Bench) -> None:
    dynamodb, deliveries = payments(bench), 0
    bench.send_many(30)
    while sum(bench.counts()):
        for message in bench.receive(10, WaitTimeSeconds=20):
            deliveries += 1
            with suppress(dynamodb.exceptions.ConditionalCheckFailedException):
                dynamodb.update_item(
                    TableName="payments",
                    Key=key(message["Body"]),
                    UpdateExpression="ADD charges :one",
                    ConditionExpression=ABSENT,
                    ExpressionAttributeValues={":one": {"N": "1"}},
                )
            bench.delete(message)
    bench.see("deliveries", deliveries, AtLeast(31))
    bench.see("charges", sum(int(row["charges"]["N"]) for row in rows(dynamodb)), 30)


@probe(
    "delivery-check-then-act",
    "Two consumers looked before they charged: {charges} charges, {rows} row that notes it",
    wrong=rules.HIDDEN_UNTIL_DELETED,
)
def looks_then_acts(bench: Bench) -> None:
    dynamodb, charged, url = payments(bench), [], bench.url

    def consumer(name: str, work: float) -> None:
        for message in bench.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            if not _is_noted(dynamodb, message["Body"]):
                time.sleep(work)
                charged.append(name)
                dynamodb.put_item(TableName="payments", Item=key(message["Body"]))
            bench.delete(message)

    bench.send()
    bench.lab.start(consumer, "Ann", TIMEOUT + 5, name="Ann")
    bench.wait(TIMEOUT - 5)
    bench.lab.start(consumer, "Bob", 1, name="Bob")
    bench.lab.run("2 min")
    bench.see("charges", len(charged), 2)
    bench.see("rows", len(rows(dynamodb)), 1)


@probe(
    "delivery-message-id",
    "Two deliveries of a message: {deliveries} MessageId; two sends of an order: {sends}",
    wrong=answers.NEW_ID,
)
def message_ids(bench: Bench) -> None:
    bench.send()
    deliveries = []
    for second in (0, TIMEOUT):
        bench.wait_until(second)
        deliveries.append(bench.take())
    bench.delete(deliveries[-1])
    bench.see("deliveries", len({message["MessageId"] for message in deliveries}), 1)
    bench.send("order-2", "order-2")
    bench.see("sends", len({message["MessageId"] for message in bench.receive(10)}), 2)


class _CardCompany:
    """Somebody outside the database: charges once for each key, and every time without one."""

    def __init__(self) -> None:
        self.charges = 0
        self._keys: set[str] = set()

    def charge(self, key: str | None = None) -> None:
        if key is None or key not in self._keys:
            self.charges += 1
        self._keys |= {key} if key else set()


def _crash_between(bench: Bench, order: str, steps: list[str]) -> int:
    """The charges when the first of two consumers dies between two steps; the second one takes no step twice."""
    dynamodb, company = bench.client("dynamodb"), _CardCompany()
    bench.send(order)
    for lives in (1, 2):
        for message in bench.receive():
            for step in steps[:lives]:
                if step == "note":
                    dynamodb.put_item(TableName="payments", Item=key(order))
                elif step == "keyed charge":
                    company.charge(key=order)
                elif not _is_noted(dynamodb, order):
                    company.charge()
            if lives == 2:
                bench.delete(message)
        bench.wait(TIMEOUT)
    return company.charges


@probe(
    "delivery-pass-the-key",
    "Charges after a crash between two steps: noted before, {before}; noted after, {after}; with a key, {keyed}",
    wrong=rules.RECEIVING_REMOVES,
)
def note_or_key(bench: Bench) -> None:
    payments(bench)
    bench.see("before", _crash_between(bench, "order-1", ["note", "charge"]), 0)
    bench.see("after", _crash_between(bench, "order-2", ["charge", "note"]), 2)
    bench.see("keyed", _crash_between(bench, "order-3", ["keyed charge", "note"]), 1)


@probe(
    "delivery-memory",
    "A set in memory, and a crash before the delete: {charges} charges",
    wrong=rules.RECEIVING_REMOVES,
)
def forgets(bench: Bench) -> None:
    charged, url = [], bench.url

    def consumer() -> None:
        remembered: set[str] = set()
        for message in bench.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            if message["Body"] not in remembered:
                charged.append(message["Body"])
                remembered.add(message["Body"])

    bench.send()
    consumer()
    bench.wait(TIMEOUT)
    consumer()
    bench.see("charges", len(charged), 2)


@probe(
    "delivery-record-kept",
    "A record dropped after a day, the message back on day {day}: {charges} charges",
    wrong=ONE_DAY,
)
def record_gone_too_soon(bench: Bench) -> None:
    bench.url = (
        bench.create("orders-14")
        if bench.world is ONE_DAY
        else bench.create("orders-14", MessageRetentionPeriod=RETENTION)
    )
    dynamodb, charges = payments(bench), 0
    bench.send()
    for day in (0, 2):
        bench.wait_until(day * DAY)
        for body in bench.bodies():
            with suppress(ClientError):
                dynamodb.put_item(TableName="payments", Item=key(body), ConditionExpression=ABSENT)
                charges += 1
        dynamodb.delete_item(TableName="payments", Key=key("order-1"))
    bench.see("charges", charges, 2)
    bench.see("day", round(bench.now / DAY), 2)
