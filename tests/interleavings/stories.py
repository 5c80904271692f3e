"""Stories and consumers that several tests use."""

import contextlib
from collections import Counter

from labkit.interleavings import Story

ORDERS = ("order-1", "order-2")


def charged_once(end):
    """Each order charged exactly once."""
    return _not_once(end, Counter(order for (order,) in end.calls["charge"]))


def paid_once(end):
    """Each order with exactly one payment."""
    return _not_once(end, Counter(row["order_id"]["S"] for row in end.rows["payments"]))


def _not_once(end, counted):
    for order in end.sent:
        if counted[order] != 1:
            return f"{order} was charged {counted[order]} times"
    return None


CHARGE = Story(ORDERS, charged_once, effects=["charge"])
AT_LEAST = Story(ORDERS, lambda end: None, effects=["charge"])
PAY = Story(ORDERS, paid_once, tables={"payments": "order_id"})

IN_GROUPS = Story(
    [{"MessageBody": f"{who}-{n}", "MessageGroupId": who, "MessageDeduplicationId": f"{who}-{n}"}
     for who, n in (("Ann", 1), ("Ann", 2), ("Bob", 1))],
    lambda end: None,
    effects=["charge"],
    queue="orders.fifo",
)  # fmt: skip


def receive(sqs, url, **options):
    return sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20, **options).get("Messages", [])


def delete(sqs, url, message):
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def naive(sqs, url, charge):
    while True:
        for message in receive(sqs, url):
            charge(message["Body"])
            delete(sqs, url, message)


def delete_first(sqs, url, charge):
    while True:
        for message in receive(sqs, url):
            delete(sqs, url, message)
            charge(message["Body"])


def never_deletes(sqs, url, charge):
    while True:
        for message in receive(sqs, url):
            charge(message["Body"])


def conditional(sqs, url, dynamodb):
    while True:
        for message in receive(sqs, url):
            order = {"order_id": {"S": message["Body"]}}
            with contextlib.suppress(dynamodb.exceptions.ConditionalCheckFailedException):
                dynamodb.put_item(
                    TableName="payments", Item=order, ConditionExpression="attribute_not_exists(order_id)"
                )
            delete(sqs, url, message)
