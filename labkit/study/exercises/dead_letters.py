"""Exercise 06-dead-letters: one bad order among good ones, set aside by receives and brought back by a redrive."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from labkit.aws.sqs.stores import all_queues, rules_of
from labkit.rules import Faults
from labkit.study.exercise import Exercise, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.jobs import SECOND, Job, Jobs, given_as
from labkit.study.shift.playing import arrive
from labkit.study.shift.shift import Shift
from labkit.study.shift.standing import standing
from labkit.study.shift.trail import Trail
from labkit.study.shift.why import Why, why_again, why_missing
from labkit.words import dead_letters as words
from labkit.words import error, say, told
from labkit.words.dead_letters import Mistake
from labkit.words.shift import Mistake as Shared

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

PAYING, SENDING, FAILING = 1, 4, 1
VISIBILITY, RECEIVES, OUTAGE = 30, 3, 45
BAD = "order-5"
ORDERS = {f"order-{number}": 0.0 for number in range(1, 11)} | {"order-11": 41.0, "order-12": 43.5}
FEW = {"order-4": 0.0, "order-5": 0.0, "order-6": 4.0, "order-7": 9.0}
MOST_CALLS, MOST_EVENTS = 500, 1500
ALL, ONCE, ASIDE, BACK, CALLS = (
    told(one, count=11, calls=MOST_CALLS) for one in (words.ALL, words.ONCE, words.ASIDE, words.BACK, words.CALLS)
)


class CannotSend(ValueError):
    """The label printer does not know a letter of this order's address."""


class PaymentsDown(ConnectionError):
    """The payment service does not answer."""

    def __init__(self) -> None:
        super().__init__(words.DOWN)


class Bookshop(Jobs):
    """Takes payments and sends books; one order's label cannot be printed until `repair`."""

    failures = (CannotSend, PaymentsDown)

    def __init__(
        self,
        lab: Lab,
        orders: Mapping[str, float] = ORDERS,
        down: float = 0,
        late: float = 0,
        fails_once: Mapping[str, type[Exception]] | None = None,
    ) -> None:
        super().__init__(lab, list(orders), fails_once)
        self.repaired_at: int | None = None
        self._down_until = lab.scheduler.now + round(down * SECOND)
        sqs = lab.client("sqs")
        dead = sqs.create_queue(QueueName="dead-orders")["QueueUrl"]
        self._dead = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = json.dumps({"deadLetterTargetArn": self._dead, "maxReceiveCount": RECEIVES})
        attributes = {"VisibilityTimeout": str(VISIBILITY), "RedrivePolicy": policy}
        url = sqs.create_queue(QueueName="orders", Attributes=attributes)["QueueUrl"]
        arrive(lab, url, {order: second + late for order, second in orders.items()})
        self.given = (sqs, url, *given_as(self.pay, self.send))

    def pay(self, order: str, key: str) -> None:
        """Take the payment for an order, once for each key."""
        self._check("pay", order)
        if not isinstance(key, str) or not key:
            raise error(words.NO_KEY, given=repr(key)[:30])
        self.lab.scheduler.sleep(PAYING * SECOND)
        if self.lab.scheduler.now < self._down_until:
            raise PaymentsDown
        self.may_fail("charge")
        self.take_effect("charge", order, key)

    def send(self, order: str) -> None:
        """Print the label and send the books."""
        self._check("send", order)
        job = self.begin(order)
        if order == BAD and self.repaired_at is None:
            self.lab.scheduler.sleep(FAILING * SECOND)
            job.died = self.lab.scheduler.now
            raise CannotSend(words.LABEL)
        self.lab.scheduler.sleep(SENDING * SECOND)
        job.finished = self.lab.scheduler.now
        self.take_effect("parcel", order)

    def repair(self) -> None:
        """Repair the label printer and bring back what lies in the dead-letter queue."""
        self.repaired_at = self.lab.scheduler.now
        self.lab.client("sqs").start_message_move_task(SourceArn=self._dead, MaxNumberOfMessagesPerSecond=1)

    def is_over(self) -> bool:
        """Whether all is done; before the repair: the bad order is a dead letter, the rest is gone."""
        if self.repaired_at is not None:
            return super().is_over()
        stored = {queue.name: rules_of(queue, self.lab).stored() for queue in all_queues()}
        dead = [message.body for message in stored["dead-orders"]]
        return self.unfinished == [BAD] and not stored["orders"] and dead == [BAD]

    def _check(self, what: str, order: object) -> None:
        if not isinstance(order, str) or order not in self.names:
            raise error(words.NO_ORDER, what=what, given=repr(order)[:30])


def day(**more: Any) -> Shift:
    """A day: ten minutes, or until the bad order is set aside and everything else is done."""
    return Shift(lambda lab: Bookshop(lab, **more), 600, MOST_EVENTS)


def few(**more: Any) -> Shift:
    """A small day, in which AWS's answers may stop a worker and an order may be sent again."""
    return Shift(lambda lab: Bookshop(lab, **{"orders": FEW} | more), 600, MOST_EVENTS, forgiving=True, repeats=True)


REPAIRED = Shift(Bookshop, 600, MOST_EVENTS, then=Bookshop.repair, then_seconds=120)
NIGHT = Shift(Bookshop, 600, MOST_EVENTS, forgiving=True, repeats=True)

# What is promised


def _why_good(trail: Trail) -> Why:
    """Why an order with which nothing is wrong was not sent."""
    mistake, numbers = why_missing(trail)
    if mistake is not Shared.DEAD_LETTERED:
        return mistake, numbers
    if any(len(call.messages) > 1 for call in trail.receive_calls()):
        return Mistake.BATCH, numbers
    spread = (trail.receives[-1].at - trail.receives[0].at) / SECOND
    return (Mistake.NO_TIME if spread < VISIBILITY else mistake), numbers | {"seconds": spread}


def _why_again(trail: Trail, first: Job, second: Job) -> Why:
    """Why books were sent again: of an order that was not paid by then, which of the two came first."""
    mistake, numbers = why_again(trail, first, second)
    charged = trail.story.effects_of("charge", trail.body)
    unpaid = not any(charge.at <= second.began for charge in charged)
    return (Mistake.SENT_FIRST if unpaid and mistake is Shared.NO_DELETE else mistake), numbers


def aside(record: Record, shop: Bookshop) -> Problem | None:
    """The bad order lies in the dead-letter queue."""
    trail = Trail(record, shop, BAD)
    last = trail.last
    if last is None or (last.queue == "dead-orders" and last.after == "visible"):
        return None
    mistake, numbers = why_missing(trail)
    if trail.was_sent_again:
        mistake = Shared.SENT_AGAIN
    elif mistake not in (Shared.HIDDEN, Shared.DELETED_FIRST, Shared.DELETED_FAILED, Shared.DELETED_UNDONE):
        mistake = Mistake.NOT_POLLED
    calls = trail.receive_calls()[-4:]
    return broken(calls, [shared.not_done(trail)], ASIDE, mistake, belief=mistake is not Shared.SENT_AGAIN, **numbers)


def back(record: Record, shop: Bookshop) -> Problem | None:
    """After the repair the bad order was sent."""
    trail = Trail(record, shop, BAD)
    if BAD not in shop.unfinished:
        return None
    by_hand = any(change.before is None and change.queue == "dead-orders" for change in trail.changes)
    mistake = Mistake.BY_HAND if by_hand else Mistake.NOT_BACK
    return broken(trail.receive_calls()[-4:], [shared.not_done(trail)], BACK, mistake)


def paired(*but: str) -> shared.Judge:
    """Nobody is charged without books, and no books are sent without a charge."""
    return shared.paired("charge", "parcel", ONCE, Mistake.NO_PARCEL, Mistake.UNPAID, but)


GOOD = shared.done(ALL, _why_good, but=[BAD])
CAREFUL = shared.first_of(shared.begun(ALL), shared.calm(MOST_CALLS, CALLS), shared.singly("charge", ONCE))
ONCE_EACH = shared.once(ALL, _why_again)
ON_A_DAY = shared.first_of(CAREFUL, ONCE_EACH, GOOD, paired(BAD), aside, shared.within(MOST_CALLS, CALLS))
AFTER_REPAIR = shared.first_of(CAREFUL, ONCE_EACH, GOOD, back, paired(), shared.deleted(ALL))
AT_LEAST_ONCE = shared.first_of(CAREFUL, GOOD, paired(BAD), aside)
AT_NIGHT = shared.first_of(CAREFUL, GOOD, paired(BAD))

# What is told


def _told_day(record: Record, shop: Bookshop) -> str:
    moved = next(change for change in record.changes if change.body == BAD and change.queue == "dead-orders")
    return say(words.TOLD_DAY, orders=11, order=BAD, at=record.seconds(moved.at))


def _told_repaired(record: Record, shop: Bookshop) -> str:
    sent = next(job for job in shop.finished if job.name == BAD)
    seconds = ((sent.finished or 0) - (shop.repaired_at or 0)) / SECOND
    return say(words.TOLD_REPAIRED, order=BAD, seconds=seconds)


def _told_night(record: Record, shop: Bookshop) -> str:
    return say(words.TOLD_FAULTS, again=len(shop.finished) - len({job.name for job in shop.finished}), orders=11)


EXERCISE = Exercise(
    id="06-dead-letters",
    title=words.TITLE,
    signatures=["worker(sqs, queue_url, pay, send)"],
    runs=[
        Run(words.DAY, day(), ON_A_DAY, _told_day),
        Run(words.REPAIRED, REPAIRED, AFTER_REPAIR, _told_repaired),
        Run(words.OUTAGE, day(down=OUTAGE), ON_A_DAY, lambda record, shop: say(words.TOLD_OUTAGE, orders=11)),
        Run(words.FAULTS, NIGHT, AT_NIGHT, _told_night, faults=Faults.documented(), seed=3),
        *standing(few, AT_LEAST_ONCE, fails={"charge": PaymentsDown}, without={}),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=[
        "redrive-counts-receives",
        "redrive-number",
        "redrive-next-receive",
        "redrive-new-message",
        "redrive-unknown-source",
        "vis-4",
    ],
    myths=[
        "receive-removes",
        "crash-returns-message",
        "hidden-until-deleted",
        "looking-is-no-receive",
        "redrive-keeps-id",
    ],
    source="solutions/06_dead_letters.py",
    limits=["30 s", "3", "10 min", "45 s", "500"],
)
