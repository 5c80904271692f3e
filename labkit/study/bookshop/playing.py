"""A bookshop's orders, one of which cannot be sent before the label printer is repaired, in virtual time."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labkit.aws.sqs.stores import all_queues, rules_of
from labkit.study.exercise import Function
from labkit.study.shift import SECOND, Job, Jobs, arrive, let_pass, start_workers
from labkit.words import dead_letters as words
from labkit.words import error

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

PAYING, SENDING, FAILING = 1, 4, 1
VISIBILITY, RECEIVES = 30, 3
POISON = "order-5"
ORDERS = {f"order-{number}": 0.0 for number in range(1, 11)} | {"order-11": 41.0, "order-12": 43.5}
MOST_EVENTS = 900
REPAIRED = 600


class CannotSend(ValueError):
    """The label printer does not know a letter of this order's address."""


class PaymentsDown(ConnectionError):
    """The payment service does not answer."""


@dataclass
class Payment:
    """One call of `pay` that was accepted; `at` in microseconds since 1970."""

    order: str
    key: str
    by: str
    at: int


class Bookshop(Jobs):
    """Takes payments and sends books; one order's label cannot be printed until `repair`."""

    def __init__(self, lab: Lab, orders: dict[str, float], payments_down: float = 0) -> None:
        super().__init__(lab, list(orders))
        self.payments: list[Payment] = []
        self.repaired_at: int | None = None
        self.source = ""
        self._down_until = lab.scheduler.now + round(payments_down * SECOND)

    @property
    def good(self) -> list[str]:
        """The orders with which nothing is wrong."""
        return [order for order in self.names if order != POISON]

    def pay(self, order: str, key: str) -> None:
        """Take the payment for an order, once for each key."""
        self._check("pay", order)
        if not isinstance(key, str) or not key:
            raise error(words.NO_KEY, given=repr(key)[:30])
        self.lab.scheduler.sleep(PAYING * SECOND)
        if self.lab.scheduler.now < self._down_until:
            raise PaymentsDown(words.DOWN)
        actor = self.lab.scheduler.current()
        self.payments.append(Payment(order, key, actor.name if actor else "you", self.lab.scheduler.now))

    def send(self, order: str) -> None:
        """Print the label and send the books."""
        self._check("send", order)
        if order != POISON or self.repaired_at is not None:
            self.do(order, SENDING)
            return
        job = self.begin(order)
        self.lab.scheduler.sleep(FAILING * SECOND)
        job.died = self.lab.scheduler.now
        raise CannotSend(words.LABEL)

    def repair(self) -> None:
        """Repair the label printer and bring back what lies in the dead-letter queue."""
        self.repaired_at = self.lab.scheduler.now
        self.lab.client("sqs").start_message_move_task(SourceArn=self.source, MaxNumberOfMessagesPerSecond=1)

    def is_settled(self) -> bool:
        """Whether all is done that can be done before the repair: the bad order is a dead letter, the rest is gone."""
        if self.unfinished != [POISON]:
            return False
        stored = {queue.name: rules_of(queue, self.lab).stored() for queue in all_queues()}
        return not stored["orders"] and [message.body for message in stored["dead-orders"]] == [POISON]

    def sent(self) -> list[Job]:
        """The jobs that sent an order's books."""
        return [job for job in self.jobs if job.finished is not None]

    def _check(self, what: str, order: object) -> None:
        if not isinstance(order, str) or order not in self.names:
            raise error(words.NO_ORDER, what=what, given=repr(order)[:30])


def day(seconds: float, payments_down: float = 0) -> Callable[[Lab, Function], Bookshop]:
    """Play so many seconds with two workers, during the first of which payments may be down."""

    def play(lab: Lab, function: Function) -> Bookshop:
        shop = _open(lab, function, payments_down)
        let_pass(shop, seconds, MOST_EVENTS, over=shop.is_settled)
        return shop

    return play


def repaired() -> Callable[[Lab, Function], Bookshop]:
    """Play a day in which the printer is repaired and the dead letters are brought back."""

    def play(lab: Lab, function: Function) -> Bookshop:
        shop = _open(lab, function)
        let_pass(shop, REPAIRED, MOST_EVENTS, over=shop.is_settled)
        shop.repair()
        let_pass(shop, 120, 2 * MOST_EVENTS, over=shop.is_over)
        return shop

    return play


def night(seconds: float) -> Callable[[Lab, Function], Bookshop]:
    """Play a night with all that AWS documents, in which a supervisor starts stopped workers again."""

    def play(lab: Lab, function: Function) -> Bookshop:
        shop = _open(lab, function, forgiving=True)
        let_pass(shop, seconds, 2 * MOST_EVENTS, over=shop.is_settled, repeats=True)
        return shop

    return play


def _open(lab: Lab, function: Function, payments_down: float = 0, *, forgiving: bool = False) -> Bookshop:
    shop, sqs = Bookshop(lab, ORDERS, payments_down), lab.client("sqs")
    dead = sqs.create_queue(QueueName="dead-orders")["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])
    shop.source = answer["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": shop.source, "maxReceiveCount": RECEIVES})
    attributes = {"VisibilityTimeout": str(VISIBILITY), "RedrivePolicy": policy}
    url = sqs.create_queue(QueueName="orders", Attributes=attributes)["QueueUrl"]
    arrive(lab, url, ORDERS)
    start_workers(lab, function, (sqs, url, *_calls(shop)), forgiving=forgiving, failures=(CannotSend, PaymentsDown))
    return shop


def _calls(shop: Bookshop) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The two functions that an answer is given, named as it knows them."""

    def pay(order: str, key: str) -> None:
        shop.pay(order, key)

    def send(order: str) -> None:
        shop.send(order)

    pay.__qualname__, send.__qualname__ = pay.__name__, send.__name__
    return pay, send
