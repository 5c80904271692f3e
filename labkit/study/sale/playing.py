"""A shop's queue with its dead-letter queue, its database and its two workers, in virtual time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from labkit.aws.sqs.stores import all_queues, rules_of
from labkit.databases import Busy
from labkit.study.exercise import Function
from labkit.study.sale.till import Till
from labkit.study.shift import SECOND, Jobs, arrive, let_pass, start_workers

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

MOST_RECEIVES = 5
MOST_EVENTS = 15_000
MOST_TRANSACTIONS = 600
HOUR = 3600
DEAD_LETTERS = "dead-letters"
Orders = Mapping[str, float]


class Sale(Jobs):
    """The orders of a night and the till that stores them."""

    def __init__(self, lab: Lab, names: list[str], till: Till) -> None:
        super().__init__(lab, names)
        self.till = till

    @property
    def unfinished(self) -> list[str]:
        """What is not stored yet, in order."""
        stored = set(self.till.names)
        return [name for name in self.names if name not in stored]

    @property
    def refusals(self) -> int:
        """How many transactions were refused."""
        return sum(one.ended == "refused" for one in self.till.transactions)

    def has_repeat(self) -> bool:
        """Whether an order is stored twice."""
        names = self.till.names
        return len(set(names)) < len(names)

    def is_over(self) -> bool:
        """Whether the night is decided: all is done, a message is dead, or the database was asked far too often."""
        return len(self.till.transactions) > MOST_TRANSACTIONS or self._has_dead_letter() or super().is_over()

    def _has_dead_letter(self) -> bool:
        letters = next((queue for queue in all_queues() if queue.name == DEAD_LETTERS), None)
        return letters is not None and bool(rules_of(letters, self.lab).stored())


def rush(orders: int, twice: list[str]) -> Callable[[Lab, Function], Sale]:
    """Play the ten minutes after a rush: so many orders wait, some of them were sent twice."""
    names = [f"order-{number}" for number in range(1, orders + 1)]
    return lambda lab, function: _play(lab, function, Till(lab), dict.fromkeys(names, 0.0), 600, again=twice)


def death(orders: int, dies: str) -> Callable[[Lab, Function], Sale]:
    """Play ten minutes in which the first machine to commit dies, before or after its commit."""
    names = [f"order-{number}" for number in range(1, orders + 1)]
    return lambda lab, function: _play(lab, function, Till(lab, dies), dict.fromkeys(names, 0.0), 600)


def outage(orders: Orders, late: float) -> Callable[[Lab, Function], Sale]:
    """Play an hour in which the table is locked, and `late` seconds after it."""

    def play(lab: Lab, function: Function) -> Sale:
        till = Till(lab)

        def migration() -> None:
            with till.transaction() as connection:
                connection.execute("create index orders_by_name on orders (name)")
                lab.scheduler.sleep(HOUR * SECOND)

        lab.start(migration, name="migration")
        return _play(lab, function, till, orders, HOUR + late)

    return play


def night(orders: Orders) -> Callable[[Lab, Function], Sale]:
    """Play at most an hour with two workers, which a supervisor starts again when AWS's answer has stopped them."""
    return lambda lab, function: _play(lab, function, Till(lab), orders, HOUR, forgiving=True)


def _play(
    lab: Lab,
    function: Function,
    till: Till,
    orders: Orders,
    seconds: float,
    again: list[str] | None = None,
    forgiving: bool = False,
) -> Sale:
    sale, sqs = Sale(lab, list(orders), till), lab.client("sqs")
    letters = sqs.create_queue(QueueName=DEAD_LETTERS)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=letters, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": MOST_RECEIVES})
    url = sqs.create_queue(QueueName="orders", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    for name in [*(name for name, at in orders.items() if not at), *(again or [])]:
        sqs.send_message(QueueUrl=url, MessageBody=name)
    arrive(lab, url, {name: at for name, at in orders.items() if at})
    start_workers(lab, _restarted_when_busy(function), (sqs, url, till), forgiving=forgiving)
    let_pass(sale, seconds, MOST_EVENTS, over=sale.is_over)
    return sale


def _restarted_when_busy(function: Function) -> Function:
    """A worker that lets the database's refusal end it is started again like one that returns."""

    def worker(*given: Any) -> None:
        try:
            function(*given)
        except Busy:
            return

    return worker
