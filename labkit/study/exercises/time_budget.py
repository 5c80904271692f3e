"""Exercise 01-time-budget: a front end that answers in time whatever the payment service does, and loses no payment."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError, HTTPClientError

from labkit.rules import Faults
from labkit.study.exercise import Exercise, Function, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.jobs import SECOND, Jobs, given_as
from labkit.study.shift.machines import processes
from labkit.study.shift.shift import Shift
from labkit.study.shift.standing import Standing, standing
from labkit.study.shift.trail import Trail
from labkit.words import Told, error, say, told
from labkit.words import time_budget as words
from labkit.words.shift import Mistake as Shared
from labkit.words.time_budget import Mistake

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

BUDGET, QUICK, SLOW, BLIP, PATIENCE = 3.0, 0.2, 20.0, 0.1, 60.0
EACH, MOST_EVENTS = 5, 1_500
DAY, FEW, MOST_SHOWN = 12, 3, 4
PAID, ACCEPTED = "paid", "accepted"


class Visit(NamedTuple):
    """What a visitor was answered, and when that began and ended; `answer` is None for an error page."""

    order: str
    by: str
    began: int
    ended: int
    answer: object


class Shop(Jobs):
    """Visitors who pay, one every five seconds, and a payment service that is slow between two seconds of the day."""

    def __init__(self, lab: Lab, orders: int, slow: tuple[float, float] = (0, 0), late: float = 0) -> None:
        super().__init__(lab, [f"order-{number}" for number in range(1, orders + 1)])
        self.visits: list[Visit] = []
        self.tries: list[tuple[str, str, int]] = []  # which order's payment was tried, by whom, when
        self.line = deque(self.names)
        self._slow = [lab.scheduler.now + round((second + late) * SECOND) for second in slow]
        self._opens = lab.scheduler.now + round(late * SECOND)
        self._sqs = lab.client("sqs")
        self._url = self._sqs.create_queue(QueueName="payments")["QueueUrl"]
        lab.start(self._collect, name="payments worker")
        self.given = (*given_as(self.pay), self._sqs, self._url)

    def pay(self, order: str, key: str, timeout: float = PATIENCE) -> None:
        """Take a payment, once for each key; a caller who gives up does not stop it."""
        if order not in self.names or not isinstance(key, str) or not key:
            raise error(words.NO_ORDER, given=f"{order!r:.30}, {key!r:.30}")
        first = order not in [tried for tried, _, _ in self.tries]
        self.tries.append((order, self.by, self.lab.scheduler.now))
        if first and self.names.index(order) % 3 == 1:
            self.lab.scheduler.sleep(round(BLIP * SECOND))
            raise ConnectionError(words.BLIP)
        takes = SLOW if self._slow[0] <= self.lab.scheduler.now < self._slow[1] else QUICK
        self.lab.scheduler.sleep(round(max(BLIP, min(takes, timeout)) * SECOND))  # to connect takes time, too
        self.take_effect("charge", order, key)
        if takes > timeout:
            raise TimeoutError(words.GAVE_UP)

    def serve(self, checkout: Function) -> None:
        """Serve the visitors who come to one front end; one who sees an error page comes again."""
        while True:
            self.lab.scheduler.sleep(max(0, self._opens - self.lab.scheduler.now))
            order = self.line.popleft() if self.line else None
            if order is not None:
                self._visit(checkout, order)
            self.lab.scheduler.sleep(EACH * SECOND)

    def _visit(self, checkout: Function, order: str) -> None:
        job = self.begin(order)
        try:
            answer = checkout(order, *self.given)
        except (TimeoutError, ConnectionError, ClientError, HTTPClientError):
            answer = None
        job.finished = self.lab.scheduler.now
        self.visits.append(Visit(order, job.by, job.began, job.finished, answer))
        if answer is None:
            self.line.append(order)

    def lose(self, name: str) -> None:
        """A visitor whose front end is gone comes again."""
        self.line.extend(job.name for job in self.open_of(name))
        super().lose(name)

    def _collect(self) -> None:
        """The shop's worker behind the queue, which pays each order under its own id, and has the time to wait."""
        while True:
            answer = self._sqs.receive_message(QueueUrl=self._url, WaitTimeSeconds=20, VisibilityTimeout=120)
            for message in answer.get("Messages", []):
                if message["Body"] in self.names:
                    self.lab.scheduler.sleep(round(QUICK * SECOND))
                    self.take_effect("charge", message["Body"], message["Body"])
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])


class FrontEnds(Shift):
    """A shift whose answer is called for each visitor, on machines of their own."""

    def start(self, story: Any, function: Function, names: Iterable[str]) -> None:
        """Open these front ends."""
        for name in names:
            make = processes(function, name)
            story.lab.start(lambda make=make: story.serve(make()), name=name)


def day(orders: int = FEW, **more: Any) -> Shift:
    """So many visitors, and the payment service that these need."""
    return FrontEnds(lambda lab: Shop(lab, orders, **more), 300, MOST_EVENTS)


# What is promised


def seen(record: Record, shop: Shop, visit: Visit, expected: Told | str, mistake: Enum, **numbers: Any) -> Problem:
    """A broken promise to one visitor, with what the front end tried for that order."""
    at = record.seconds
    own = [one for one in shop.tries if one[0] == visit.order][:MOST_SHOWN]
    tried = [told(words.TRIED, at=at(when), by=by, order=order) for order, by, when in own]
    calls = [call for call in record.calls if call.by == visit.by and visit.began <= call.at <= visit.ended]
    seconds = (visit.ended - visit.began) / SECOND
    line = told(words.ANSWERED, at=at(visit.ended), order=visit.order, answer=repr(visit.answer)[:20], seconds=seconds)
    return broken([*tried, *calls], [line], expected, mistake, belief=False, **numbers)


def each(find: Callable[[Record, Shop, Visit], Problem | None]) -> shared.Judge:
    """What holds for every visit."""
    return lambda record, shop: next((found for one in shop.visits if (found := find(record, shop, one))), None)


def in_time(record: Record, shop: Shop, visit: Visit) -> Problem | None:
    """Answered within the budget."""
    if visit.ended - visit.began <= BUDGET * SECOND:
        return None
    tries = [when for order, by, when in shop.tries if order == visit.order and visit.began <= when <= visit.ended]
    ends = [*tries[1:], visit.ended]
    longest = max(((end - at) / SECOND for at, end in zip(tries, ends, strict=True)), default=0)
    mistake = Mistake.ONE_TOO_LONG if longest > BUDGET else Mistake.ALL_TOO_LONG
    return seen(record, shop, visit, told(words.IN_TIME, seconds=BUDGET), mistake, longest=longest, tries=len(tries))


def everybody(record: Record, shop: Shop) -> Problem | None:
    """Nobody waits still when the day is over."""
    waits = next((job for job in shop.jobs if job.finished is None and job.died is None), None)
    if waits is None:
        return None
    visit = Visit(waits.name, waits.by, waits.began, record.events[-1].at, None)
    tries = sum(order == waits.name for order, _, _ in shop.tries)
    return seen(record, shop, visit, told(words.IN_TIME, seconds=BUDGET), Mistake.NEVER_ENDS, tries=tries)


def answered(record: Record, shop: Shop, visit: Visit) -> Problem | None:
    """Answered with one of the two words, not with an error page."""
    if visit.answer in (PAID, ACCEPTED):
        return None
    mistake = Mistake.ERROR_PAGE if visit.answer is None else Mistake.OTHER_WORD
    return seen(record, shop, visit, words.ANSWER, mistake)


def true(record: Record, shop: Shop, visit: Visit) -> Problem | None:
    """What is *paid* had been confirmed, and what is *accepted* is in the queue by then."""
    sent = any(
        change.before is None and change.at <= visit.ended for change in Trail(record, shop, visit.order).changes
    )
    if visit.answer == ACCEPTED and not sent:
        return seen(record, shop, visit, words.TRUE, Mistake.NOT_QUEUED)
    if visit.answer == PAID and visit.order not in {one.name for one in shop.effects if one.at <= visit.ended}:
        shared_key = any(one.name == visit.order and one.at <= visit.ended for one in shop.attempts)
        mistake = Shared.KEY_SHARED if shared_key else Mistake.NOT_PAID
        return seen(record, shop, visit, words.TRUE, mistake, body=visit.order, kind="charge")
    return None


def at_once(record: Record, shop: Shop, visit: Visit) -> Problem | None:
    """Paid while the visitor waits, where the payment service is well."""
    if visit.answer == PAID:
        return None
    tried = any(order == visit.order for order, _, _ in shop.tries)
    return seen(record, shop, visit, words.AT_ONCE, Mistake.NOT_AGAIN if tried else Mistake.NEVER_TRIED)


def collected(record: Record, shop: Shop) -> Problem | None:
    """Every order was paid in the end."""
    visit = next((one for one in shop.visits if not shop.effects_of("charge", one.order)), None)
    return visit and seen(record, shop, visit, words.ONCE, Mistake.NOT_QUEUED)


ONCE = shared.singly("charge", told(words.ONCE))
KEPT = shared.first_of(everybody, each(answered), each(true), ONCE, collected)
SERVED = shared.first_of(each(in_time), KEPT)
WELL = shared.first_of(SERVED, each(at_once))


def _told(record: Record, shop: Shop) -> str:
    slowest = max((one.ended - one.began for one in shop.visits), default=0) / SECOND
    paid = sum(one.answer == PAID for one in shop.visits)
    return say(words.TOLD, visitors=len(shop.visits), paid=paid, slowest=slowest)


EXERCISE = Exercise(
    id="01-time-budget",
    title=words.TITLE,
    signatures=["checkout(order, pay, sqs, queue_url)"],
    runs=[
        Run(words.WELL, day(DAY), WELL, _told),
        Run(words.SLOW, day(DAY, slow=(8, 22)), SERVED, _told),
        Run(words.FAULTS, day(DAY, slow=(8, 22)), KEPT, _told, faults=Faults.documented(), seed=2),
        *standing(day, KEPT, fails={}, without={Standing.FAILING: "Payments fail in the story itself, on each day."}),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["async-1", "async-2", "std-3"],
    myths=[],
    source="solutions/01_sync_and_async.py",
    limits=["3 s", "0.2 s", "20 s", "60 s"],
)
