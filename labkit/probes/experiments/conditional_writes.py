"""Writes that make a second delivery harmless: conditions and transactions of DynamoDB."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from labkit.probes import wrong_answers as answers
from labkit.probes.bench import Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE

ABSENT = "attribute_not_exists(order_id)"


def payments(bench: Bench, name: str = "payments") -> Any:
    """A client of DynamoDB, with a table whose key is the order."""
    bench.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "order_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "order_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return bench.client("dynamodb")


def key(order: str) -> dict[str, Any]:
    return {"order_id": {"S": order}}


def rows(dynamodb: Any, name: str = "payments") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = dynamodb.scan(TableName=name)["Items"]
    return found


@probe(
    "delivery-conditional-put",
    "First put: {first}; second with another amount: {second}; the item holds {amount}",
    wrong=answers.NO_PUT_CONDITION,
)
def conditional_put(bench: Bench) -> None:
    dynamodb = payments(bench)
    codes = []
    for amount in ("20", "30"):
        item = key("order-1") | {"amount": {"N": amount}}
        codes.append(bench.answer("put_item", "dynamodb", TableName="payments", Item=item, ConditionExpression=ABSENT))
    bench.see("first", codes[0], "accepted")
    bench.see("second", codes[1], "ConditionalCheckFailedException")
    bench.see("amount", rows(dynamodb)[0]["amount"]["N"], "20")


@probe(
    "delivery-condition-atomic",
    "Three consumers at one instant: {accepted} accepted, {rows} row",
    wrong=answers.NO_PUT_CONDITION,
)
def one_of_three(bench: Bench) -> None:
    dynamodb, accepted = payments(bench), []

    def consumer(name: str) -> None:
        with suppress(dynamodb.exceptions.ConditionalCheckFailedException):
            item = key("order-1") | {"by": {"S": name}}
            dynamodb.put_item(TableName="payments", Item=item, ConditionExpression=ABSENT)
            accepted.append(name)

    for name in ("Ann", "Bob", "Cem"):
        bench.lab.start(consumer, name, name=name)
    bench.lab.run()
    bench.see("accepted", len(accepted), 1)
    bench.see("rows", len(rows(dynamodb)), 1)


@probe(
    "delivery-conditional-retry",
    "The answer to the first attempt was lost; the call ended with {answer}; rows: {rows}",
    wrong=MOCK_ALONE,
    seed=8,
)
def refused_by_its_own_success(bench: Bench) -> None:
    dynamodb = payments(bench)
    bench.lose_answers(0.5)
    code = bench.answer("put_item", "dynamodb", TableName="payments", Item=key("order-1"), ConditionExpression=ABSENT)
    bench.lose_answers(0)
    bench.see("answer", code, "ConditionalCheckFailedException")
    bench.see("rows", len(rows(dynamodb)), 1)


@probe(
    "delivery-transaction", "The same transaction again: {second}; the customer owes {owed}", wrong=answers.ONE_BY_ONE
)
def all_or_nothing(bench: Bench) -> None:
    payments(bench, "done")
    dynamodb = payments(bench, "bills")
    record = {"Put": {"TableName": "done", "Item": key("order-1"), "ConditionExpression": ABSENT}}
    amount = {":amount": {"N": "20"}}
    bill = {"TableName": "bills", "Key": key("Ann"), "UpdateExpression": "ADD owed :amount"}
    writes = [record, {"Update": bill | {"ExpressionAttributeValues": amount}}]
    codes = [bench.answer("transact_write_items", "dynamodb", TransactItems=writes) for _ in range(2)]
    bench.see("second", codes[1], "TransactionCanceledException")
    bench.see("owed", rows(dynamodb, "bills")[0]["owed"]["N"], "20")
