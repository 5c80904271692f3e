"""A shop's queue, its workers, and the machine that is to be switched off, in virtual time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from labkit.aws.sqs import data_plane
from labkit.study.exercise import Function
from labkit.study.shift import SECOND, Jobs, arrive, let_pass, start_workers
from labkit.words import error
from labkit.words import quiet_worker as words

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

MAKING = 5
GRACE = 30
VISIBILITY = 300
MOST_EVENTS = 400
OLD, NEW = "worker A", "worker B"


class Shop(Jobs):
    """Makes orders, 5 s each; the old worker may be told to stop. Instants are microseconds since 1970."""

    def __init__(self, lab: Lab, orders: dict[str, float]) -> None:
        super().__init__(lab, list(orders))
        self.came = {order: lab.scheduler.now + round(second * SECOND) for order, second in orders.items()}
        self.told_at: int | None = None
        self.gone_at: int | None = None
        self.switched_off_at: int | None = None

    def handle(self, order: str) -> None:
        """Make one order."""
        if not isinstance(order, str) or order not in self.came:
            raise error(words.NO_ORDER, given=repr(order)[:30])
        self.do(order, MAKING)

    def told_to_stop(self) -> bool:
        """Whether the calling worker has been told to stop."""
        actor = self.lab.scheduler.current()
        return actor is not None and actor.name == OLD and self.told_at is not None

    def is_gone(self) -> bool:
        """Note the first time that a worker has returned after it was told; whether it has."""
        if self.told_to_stop() and self.gone_at is None:
            self.gone_at = self.lab.scheduler.now
            data_plane.crash(self.lab, OLD)
        return self.told_to_stop()

    def switch_off(self) -> None:
        """Switch off the old worker's machine, if it is still there."""
        if self.gone_at is not None:
            return
        self.switched_off_at = self.lab.scheduler.now
        for actor in self.lab.scheduler.actors:
            if actor.name == OLD:
                self.lab.scheduler.stop(actor)
        for job in self.jobs:
            if job.by == OLD and job.finished is None:
                job.died = self.switched_off_at
        data_plane.crash(self.lab, OLD)


def quiet_hour(orders: dict[str, float]) -> Callable[[Lab, Function], Shop]:
    """Play an hour with one worker and orders at these seconds."""

    def play(lab: Lab, function: Function) -> Shop:
        shop, given = _open(lab, orders)
        start_workers(lab, function, given, [OLD])
        let_pass(shop, 3600, MOST_EVENTS)
        return shop

    return play


def stop(orders: dict[str, float], at: float) -> Callable[[Lab, Function], Shop]:
    """Play ten minutes in which the worker is told to stop at this second, when a new one begins."""

    def play(lab: Lab, function: Function) -> Shop:
        shop, given = _open(lab, orders)
        start_workers(lab, function, given, [OLD], until=shop.is_gone)
        let_pass(shop, at, MOST_EVENTS)
        shop.told_at = lab.scheduler.now
        start_workers(lab, function, given, [NEW])
        let_pass(shop, GRACE, MOST_EVENTS)
        shop.switch_off()
        let_pass(shop, 600, MOST_EVENTS, over=shop.is_over)
        return shop

    return play


def night(orders: dict[str, float]) -> Callable[[Lab, Function], Shop]:
    """Play at most an hour with two workers, which a supervisor starts again when AWS's answer has stopped them."""

    def play(lab: Lab, function: Function) -> Shop:
        shop, given = _open(lab, orders)
        start_workers(lab, function, given, [OLD, NEW], forgiving=True)
        let_pass(shop, 3600, 4 * MOST_EVENTS, over=shop.is_over, repeats=True)
        return shop

    return play


def _open(lab: Lab, orders: dict[str, float]) -> tuple[Shop, tuple[Any, ...]]:
    shop, sqs = Shop(lab, orders), lab.client("sqs")
    url = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": str(VISIBILITY)})["QueueUrl"]
    arrive(lab, url, orders)
    return shop, (sqs, url, lambda order: shop.handle(order), lambda: shop.told_to_stop())
