"""Exercise 13-stock-in-order: changes of a shop's stock through a FIFO topic, in order for each article and once."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from labkit.causes import Step
from labkit.history import Call, Delivery
from labkit.rules import Faults
from labkit.study.exercise import Exercise, Function, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.jobs import SECOND, Job, Jobs
from labkit.study.shift.services import Handled, Service, open_queue, stored
from labkit.study.shift.several import Pages, played
from labkit.study.shift.standing import Standing, standing
from labkit.study.shift.trail import is_worker
from labkit.words import say, told
from labkit.words import stock_in_order as words
from labkit.words.stock_in_order import Mistake

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

SERVICES, AUDIT, SLOW = ("shop.fifo", "buyers.fifo"), "audit", "piano"
CHANGES = [
    ("tea +9", 5), ("piano +2", 6), ("tea -1", 8), ("cup +4", 9), ("tea -1", 12), ("piano -1", 14), ("cup -1", 17),
    ("tea -2", 21), ("cup -1", 25), ("tea +9", 30), ("piano -1", 33), ("cup +4", 36),
]  # fmt: skip
WORK, SLOW_WORK, LATEST, NOTING = 1, 40, 20, SECOND // 2
MOST_CALLS, MOST_EVENTS, DAY, HIDDEN = 60, 3_000, 600, "120"
PUBLISH = ("Publish", "PublishBatch")
ID = "MessageDeduplicationId"


def article_of(change: str) -> str:
    """The first word of a change."""
    return change.partition(" ")[0]


def _takes(change: str) -> float:
    return SLOW_WORK if article_of(change) == SLOW else WORK


class Stock(Jobs):
    """Tills that tell changes of stock, on two machines, and two services with two clerks each, who apply them."""

    def __init__(self, lab: Lab, changes: int = len(CHANGES), late: float = 0) -> None:
        self.changes = {f"receipt-{number}": change for number, (change, _) in enumerate(CHANGES[:changes], 1)}
        super().__init__(lab, list(self.changes))
        seconds, start = [second + late for _, second in CHANGES], lab.scheduler.now
        self._due = {name: start + round(at * SECOND) for name, at in zip(self.names, seconds, strict=False)}
        self.services = {name: Service(lab, name, 2, _takes, VisibilityTimeout=HIDDEN) for name in SERVICES}
        self._audit = open_queue(lab, AUDIT)
        self.returned: list[Any] = []
        self.audited: list[str] = []

    def page(self, connect: Function, announce: Function) -> None:
        """One machine's start: it connects the queues, and tells the changes that are due."""
        sns, sqs = self.lab.client("sns"), self.lab.client("sqs")
        topic = connect(sns, sqs, [*(one.url for one in self.services.values()), self._audit])
        self.returned.append(topic)
        while isinstance(topic, str):
            job = self.begin(self._next())
            announce(sns, topic, job.name, self.changes[job.name])
            self.lab.scheduler.sleep(NOTING)  # a machine that dies here has told, and nobody knows
            job.finished = self.lab.scheduler.now
        self.lab.scheduler.sleep(DAY * SECOND)

    def _next(self) -> str:
        """Wait for the next change that nobody tells, and before which the article's others were told."""
        while True:
            at_work = {job.name for job in self.jobs if job.died is None and job.finished is None}
            busy = {article_of(self.changes[name]) for name in at_work}
            for name in self.unfinished:
                if article_of(self.changes[name]) not in busy and self._due[name] <= self.lab.scheduler.now:
                    return name
            self.lab.scheduler.sleep(SECOND)

    def is_over(self) -> bool:
        """Whether every change was told, nobody tells one, and the clerks have nothing left."""
        at_work = any(job.finished is None and job.died is None for job in self.jobs)
        return not self.unfinished and not at_work and not any(stored(self.lab, name) for name in SERVICES)

    def close(self) -> None:
        """Look into the audit's queue."""
        self.audited = stored(self.lab, AUDIT)

    def seen(self, queue: str) -> list[str]:
        """What came to a queue."""
        return self.audited if queue == AUDIT else [one.body for one in self.services[queue].handled]

    def of(self, article: str) -> list[str]:
        """The receipts of an article's changes, in order."""
        return [name for name, change in self.changes.items() if article_of(change) == article]

    def applied(self, queue: str, article: str) -> list[Handled]:
        """What a service has done with an article, in order."""
        return [one for one in self.services[queue].handled if article_of(one.body) == article]


def day(changes: int = 6, **more: Any) -> Any:
    """Ten minutes, or until all is told and applied."""
    return played(Pages(lambda lab: Stock(lab, changes, **more), DAY, MOST_EVENTS))


# What is promised


def connected(record: Record, stock: Stock) -> Problem | None:
    """Both functions came back, the first with a topic."""
    wrong = [one for one in stock.returned if not isinstance(one, str)]
    if not stock.unfinished and not wrong:
        return None
    lines = [told(words.RETURNED, given=repr(one)[:40]) for one in wrong[:1]]
    lines = lines or [told(words.NOT_TOLD, receipt=stock.unfinished[0])]
    mistake = Mistake.STILL_AT_IT if stock.jobs else Mistake.STILL_CONNECTING
    mistake = Mistake.NO_TOPIC if wrong else mistake
    return broken(shared.own_calls(record), lines, told(words.RETURNS), mistake, belief=False)


def everything(record: Record, stock: Stock) -> Problem | None:
    """Each queue has every change, as its text alone."""
    for queue in (*SERVICES, AUDIT):
        missing = Counter(stock.changes.values()) - Counter(stock.seen(queue))
        if missing:
            job, steps = _lost(record, stock, queue, next(iter(missing)))
            mistake = _why_lost(record, stock, queue, job, steps)
            lines = [told(words.LACKS, queue=queue, change=stock.changes[job.name], receipt=job.name)]
            calls = [*_subscribed(record, queue), *_with_same_id(record, job), *_published(record, job)]
            numbers = {"queue": queue, "receipt": job.name}
            return broken(calls, lines, told(words.ALL), mistake, belief=False, **numbers)
    return None


def _lost(record: Record, stock: Stock, queue: str, change: str) -> tuple[Job, list[Delivery]]:
    """Of the changes with this text, the first that has no copy of its own there, with what became of it."""
    events = [event for event in record.events if isinstance(event, Delivery)]
    copies = Counter(one.copy for one in events if one.endpoint == queue)
    found = []
    for job in (one for one in stock.finished if stock.changes[one.name] == change):
        own = [one for one in events if _during(job, one)]
        ids = {one.message for one in own if one.step is Step.PUBLISHED}
        steps = [one for one in own if one.endpoint is None]
        steps += [one for one in events if one.message in ids and one.endpoint == queue]
        found.append((job, steps))
        if not any(one.step is Step.DELIVERED and copies[one.copy] == 1 for one in steps):
            return found[-1]
    return found[0]


def _during(job: Job, event: Call | Delivery) -> bool:
    return event.by == job.by and job.began <= event.at <= (job.finished or job.died or event.at)


def _why_lost(record: Record, stock: Stock, queue: str, job: Job, steps: list[Delivery]) -> Mistake:
    """Why a queue lacks a change."""
    known = {one.step for one in steps}
    if not known:
        return Mistake.NOT_PUBLISHED
    if Step.PUBLISHED not in known:
        return (
            Mistake.SAME_ID if any(ID in str(one.parameters) for one in _published(record, job)) else Mistake.SAME_TEXT
        )
    if Step.DELIVERED not in known:
        return Mistake.FILTERED if Step.FILTERED in known else Mistake.NOT_SUBSCRIBED
    strange = [one for one in stock.seen(queue) if one not in stock.changes.values()]
    if any('"Notification"' in one for one in strange):
        return Mistake.ENVELOPE
    return Mistake.OTHER_BODY if strange else Mistake.QUEUE_DUPLICATE


def _own(record: Record, *operations: str) -> list[Call]:
    return [call for call in record.calls if is_worker(call.by) and call.operation in operations]


def _subscribed(record: Record, queue: str) -> list[Call]:
    return [call for call in _own(record, "Subscribe") if str(call.parameters["Endpoint"]).endswith(f":{queue}")][:1]


def _published(record: Record, job: Job) -> list[Call]:
    return [call for call in _own(record, *PUBLISH) if _during(job, call)]


def _with_same_id(record: Record, job: Job) -> list[Call]:
    """The first call that had published with an id, or for want of one with a text, of this job's."""
    ids = {call.parameters.get(ID, call.parameters.get("Message")) for call in _published(record, job)}
    before = [call for call in _own(record, *PUBLISH) if call.at < job.began]
    return [call for call in before if call.parameters.get(ID, call.parameters.get("Message")) in ids][:1]


def once(record: Record, stock: Stock) -> Problem | None:
    """No service applies a change twice."""
    wanted = Counter(stock.changes.values())
    for queue in SERVICES:
        seen = Counter(stock.seen(queue))
        extra = seen - wanted
        if extra:
            change = next(iter(extra))
            jobs = [job for job in stock.jobs if stock.changes[job.name] == change]
            calls = [call for job in jobs for call in _published(record, job)]
            lines = [told(words.TOO_OFTEN, queue=queue, change=change, times=seen[change], wanted=wanted[change])]
            return broken(calls[:4], lines, told(words.ONCE), Mistake.NEW_ID, belief=False)
    return None


def in_order(record: Record, stock: Stock) -> Problem | None:
    """A service begins a change of an article when it has done with the one before."""
    for queue in SERVICES:
        for article in dict.fromkeys(map(article_of, stock.changes.values())):
            applied = stock.applied(queue, article)
            wanted = [stock.changes[name] for name in stock.of(article)]
            for place, (before, one) in enumerate(pairwise(applied), 1):
                if one.began < (before.finished or one.began + 1) or one.body != wanted[place]:
                    lines = [
                        told(words.BEGAN, at=record.seconds(x.began), by=x.by, change=x.body) for x in (before, one)
                    ]
                    calls = [call for call in _own(record, *PUBLISH) if article in str(call.parameters)]
                    return broken(calls[:3], lines, told(words.IN_ORDER), Mistake.GROUPS, belief=False, article=article)
    return None


def in_time(record: Record, stock: Stock) -> Problem | None:
    """No article waits for a piano."""
    for queue in SERVICES:
        for job in (one for one in stock.finished if article_of(stock.changes[one.name]) != SLOW):
            article = article_of(stock.changes[job.name])
            one = stock.applied(queue, article)[stock.of(article).index(job.name)]
            waited = (one.began - (job.finished or 0)) / SECOND
            if waited > LATEST:
                lines = [told(words.WAITED, queue=queue, change=one.body, receipt=job.name, seconds=waited)]
                pianos = [call for call in _own(record, *PUBLISH) if SLOW in str(call.parameters)][:1]
                calls = pianos + _published(record, job)
                return broken(calls, lines, told(words.SOON), Mistake.HELD_BACK, belief=False, article=article)
    return None


CALLS = told(words.WITHIN, budget=MOST_CALLS)
ALWAYS = shared.first_of(shared.calm(MOST_CALLS, CALLS), connected, everything, once, in_order)
ON_A_DAY = shared.first_of(ALWAYS, in_time, shared.within(MOST_CALLS, CALLS))


def _told(record: Record, stock: Stock) -> str:
    return say(words.TOLD, changes=len(stock.names), calls=shared.count_calls(record).total())


EXERCISE = Exercise(
    id="13-stock-in-order",
    title=words.TITLE,
    signatures=["connect(sns, sqs, queue_urls)", "announce(sns, topic, receipt, change)"],
    runs=[
        Run(words.DAY, day(len(CHANGES)), ON_A_DAY, _told),
        Run(words.FAULTS, day(len(CHANGES)), ALWAYS, lambda *_: say(words.TOLD_FAULTS), Faults.documented(), seed=3),
        *standing(
            day,
            ALWAYS,
            fails={},
            without={
                Standing.FAILING: "the answer is given nothing but AWS, whose calls the SDK repeats",
                Standing.TOGETHER: "nobody but the check's own clerks receives in this story",
                Standing.NEXT_DAY: "a topic knows a receipt for five minutes; a day later the services have to know it",
            },
            deaths=8,
        ),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["snsfifo-3", "fifo-topic-repeat", "fifo-topic-content", "fifo-topic-own-pace", "fifo-topic-standard-queue"],
    myths=[],
    source="solutions/13_fifo_topics.py",
    limits=["20 s", "40 s", "60"],
)
