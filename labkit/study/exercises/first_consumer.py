"""Exercise 02-first-consumer: receive, bake, delete, ten at a time, and again when nothing is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit.rules import Faults
from labkit.study.exercise import Exercise, Run
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.jobs import Jobs, given_as
from labkit.study.shift.playing import arrive
from labkit.study.shift.shift import Shift
from labkit.study.shift.standing import Standing, standing
from labkit.words import error, say, told
from labkit.words import first_consumer as words

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

MORNING = {f"order-{number}": 0.0 for number in range(1, 61)} | {"order-61": 75.0, "order-62": 110.0}
FEW = {"order-1": 0.0, "order-2": 0.0, "order-3": 0.0, "order-4": 31.0}
BAKING, MOST_CALLS, MOST_EVENTS = 1, 60, 3_000


class Bakery(Jobs):
    """Bakes orders, 1 s each."""

    def __init__(self, lab: Lab, orders: dict[str, float], late: float = 0) -> None:
        super().__init__(lab, list(orders))
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        arrive(lab, url, {order: second + late for order, second in orders.items()})
        self.given = (sqs, url, *given_as(self.bake))

    def bake(self, order: str) -> None:
        """Bake one order."""
        if not isinstance(order, str) or order not in self.names:
            raise error(words.NO_ORDER, given=repr(order)[:30])
        self.do(order, BAKING)


def day(orders: dict[str, float] = FEW, **more: Any) -> Shift:
    """Ten minutes, or until all is done; AWS's answers may stop a worker, and an order may be baked again."""
    return Shift(lambda lab: Bakery(lab, orders, **more), 600, MOST_EVENTS, forgiving=True, repeats=True)


ALL, CALLS = told(words.ALL), told(words.WITHIN, budget=MOST_CALLS)
DONE = shared.first_of(shared.begun(ALL), shared.calm(MOST_CALLS, CALLS), shared.done(ALL), shared.deleted(ALL))
ORDINARY = shared.first_of(shared.begun(ALL), shared.once(ALL), DONE, shared.within(MOST_CALLS, CALLS))


def _told(record: Record, bakery: Bakery) -> str:
    return say(words.TOLD, orders=len(bakery.names), calls=shared.count_calls(record).total())


EXERCISE = Exercise(
    id="02-first-consumer",
    title=words.TITLE,
    signatures=["worker(sqs, queue_url, bake)"],
    runs=[
        Run(words.MORNING, Shift(lambda lab: Bakery(lab, MORNING), 600, MOST_EVENTS), ORDINARY, _told),
        Run(words.FAULTS, day(), DONE, _told, faults=Faults.documented(), seed=2),
        *standing(day, DONE, fails={}, without={Standing.FAILING: "In this story `bake` does not fail."}),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["consume-2", "consume-3", "consume-5", "multi-4", "batch-partial-failure", "batch-empty"],
    myths=["receive-removes", "hidden-until-deleted"],
    source="solutions/02_produce_consume_delete.py",
    limits=["10 min", "60", "1 s"],
)
