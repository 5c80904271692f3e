"""A bookshop's orders: in lab time through boto3, and under every order of events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from moto.dynamodb.models import dynamodb_backends

from labkit.interleavings import Checked, End, Story, every_order
from labkit.study.exercise import Function
from labkit.study.shift import Jobs, let_pass, start_workers
from labkit.words import charge_once as words
from labkit.words import say

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

MOST_EVENTS = 400
TABLES = {"payments": "payment_id", "done": "order_id"}
Row = Mapping[str, Any]


class Checkout(Jobs):
    """A queue of orders and the tables that the workers write; the payments are what counts."""

    def __init__(self, lab: Lab, orders: list[str]) -> None:
        super().__init__(lab, orders)
        self.dynamodb = lab.client("dynamodb")
        self._payments: list[Row] = []
        for name, key in TABLES.items():
            self.dynamodb.create_table(
                TableName=name,
                KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )

    @property
    def payments(self) -> list[Row]:
        """The rows of the table, as they are now or were when the lab closed; without a call in the history."""
        if self.lab.is_open:
            self.look()
        return self._payments

    def look(self) -> None:
        """Keep what the table holds now, for when the lab is closed."""
        table = dynamodb_backends[self.lab.account][self.lab.region].tables["payments"]
        self._payments = [item.to_json()["Attributes"] for item in table.items.values()]

    @property
    def unfinished(self) -> list[str]:
        """The orders without a payment."""
        paid = counted(self.payments)
        return [order for order in self.names if not paid[order]]

    def has_repeat(self) -> bool:
        """Whether an order has two payments."""
        return any(number > 1 for number in counted(self.payments).values())


def counted(payments: Iterable[Row]) -> Counter[str]:
    """Count the payments by order; one without an order counts as ""."""
    return Counter(str(row.get("order_id", {}).get("S", "")) for row in payments)


def wrong(end: End) -> str | None:
    """Say which order has not exactly one payment at the end of a schedule."""
    paid = counted(end.rows["payments"])
    for order in dict.fromkeys(end.sent):
        if paid[order] != 1:
            return say(words.COUNTED if paid[order] else words.NONE, order=order, count=paid[order])
    return None


def morning(orders: list[str]) -> Callable[[Lab, Function], Checkout]:
    """Play ten minutes with two workers and nothing wrong."""
    return lambda lab, function: _play(lab, function, orders, 600)


def night(orders: list[str]) -> Callable[[Lab, Function], Checkout]:
    """Play at most an hour in which a supervisor starts a worker again that AWS's answer has stopped."""
    return lambda lab, function: _play(lab, function, orders, 3600, forgiving=True)


def every(orders: list[str]) -> Callable[[Lab, Function], Checked]:
    """Play every schedule of these messages, under the rules of the lab."""
    story = Story(orders, wrong, tables=TABLES)
    return lambda lab, function: every_order(function, story, rules=lab.rules.get("sqs"))


def _play(lab: Lab, function: Function, orders: list[str], seconds: int, forgiving: bool = False) -> Checkout:
    sqs, checkout = lab.client("sqs"), Checkout(lab, orders)
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    for order in orders:
        sqs.send_message(QueueUrl=url, MessageBody=order)
    start_workers(lab, function, (sqs, url, lab.client("dynamodb")), forgiving=forgiving)
    let_pass(checkout, seconds, MOST_EVENTS * (4 if forgiving else 1), over=checkout.is_over, repeats=forgiving)
    checkout.look()
    return checkout
