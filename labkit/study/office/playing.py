"""The office's FIFO queue, its workers and its book of applied events, in virtual time and under every order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labkit.aws.sqs import data_plane
from labkit.interleavings import Bounds, Checked, End, Story, every_order
from labkit.interleavings.machine import machines
from labkit.study.exercise import Function
from labkit.study.shift import SECOND, Job, Jobs, let_pass, start_workers
from labkit.words import error, say
from labkit.words import orders_in_order as words

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

STEPS = ("placed", "paid", "shipped")
QUEUE = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
WORKERS = ("worker A", "worker B")
MOST_EVENTS = 700
REFUSAL = 2
RECORDS, BOOK = "records", "booked events"
FOR_EVER = 10**6 * SECOND


@dataclass(frozen=True)
class Day:
    """A day: how many orders, seconds an event takes, which event is refused once, at which one a machine dies.

    `dies_after`: whether that event has been applied when the machine dies.
    """

    orders: int
    seconds: float = 8
    refused: str = ""
    dies_at: str = ""
    dies_after: bool = False

    @property
    def events(self) -> list[str]:
        """All events, first every order placed, then paid, then shipped."""
        return [f"order-{number} {step}" for step in STEPS for number in range(1, self.orders + 1)]


class Office(Jobs):
    """Applies events for whoever asks, and knows what has been applied."""

    def __init__(self, lab: Lab, day: Day) -> None:
        super().__init__(lab, day.events)
        self.day = day
        self.refusals: list[Job] = []
        self._dies_at = day.dies_at

    def apply(self, event: str) -> bool:
        """Apply an event; False when it is refused for now. Raises `LabError` for what is no event."""
        if not isinstance(event, str) or event not in self.names:
            raise error(words.NO_EVENT, given=repr(event)[:30])
        if event == self.day.refused and not self.refusals:
            return self._refuse(event)
        job = self.begin(event)
        if event == self._dies_at:
            self._die(job)
        self.lab.scheduler.sleep(round(self.day.seconds * SECOND))
        job.finished = self.lab.scheduler.now
        return True

    def _refuse(self, event: str) -> bool:
        job = self.begin(event)
        self.jobs.remove(job)
        self.refusals.append(job)
        self.lab.scheduler.sleep(REFUSAL * SECOND)
        job.finished = self.lab.scheduler.now
        return False

    def _die(self, job: Job) -> None:
        self._dies_at = ""
        scheduler = self.lab.scheduler
        scheduler.sleep(round(self.day.seconds * SECOND * (1 if self.day.dies_after else 0.5)))
        job.died = scheduler.now
        job.finished = scheduler.now if self.day.dies_after else None
        data_plane.crash(self.lab, job.by)
        while True:  # a dead machine never comes back, whatever time it becomes
            scheduler.sleep(FOR_EVER)

    def is_applied(self, event: str) -> bool:
        """Whether an event has been applied."""
        return any(job.name == event and job.finished is not None for job in self.jobs)


def day(day: Day, seconds: int = 900, forgiving: bool = False) -> Callable[[Lab, Function], Office]:
    """Play a day with two workers on two machines; `forgiving`: a worker that AWS's answer has stopped starts again."""

    def play(lab: Lab, function: Function) -> Office:
        office, sqs = Office(lab, day), lab.client("sqs")
        url = sqs.create_queue(QueueName="events.fifo", Attributes=QUEUE)["QueueUrl"]
        for event in day.events:
            sqs.send_message(QueueUrl=url, MessageBody=event, MessageGroupId=event.split()[0])
        given = (sqs, url, lambda event: office.apply(event), lambda event: office.is_applied(event))
        for name, machine in zip(WORKERS, _machines(function), strict=True):
            start_workers(lab, machine, given, [name], forgiving=forgiving)
        let_pass(office, seconds, MOST_EVENTS, over=office.is_over)
        return office

    return play


def _machines(function: Function) -> list[Function]:
    make = machines(function)
    return [make() for _ in WORKERS]


def every_crash(events: Sequence[str]) -> Callable[[Lab, Function], Checked]:
    """Play one worker under every order of deliver, crash, timeout and lost answer; its book is a table."""
    story = Story(
        [{"MessageBody": event, "MessageGroupId": event.split()[0]} for event in events],
        _wrong,
        tables={RECORDS: "name"},
        attributes=QUEUE,
        queue="events.fifo",
    )

    def play(lab: Lab, function: Function) -> Checked:
        make = machines(function)

        def consumer(sqs: Any, queue_url: str, dynamodb: Any) -> None:
            while True:
                make()(sqs, queue_url, lambda event: _note(dynamodb, event), lambda event: event in _noted(dynamodb))

        return every_order(consumer, story, Bounds(len(events), 1, 1), rules=lab.rules.get("sqs"))

    return play


def _note(dynamodb: Any, event: str) -> bool:
    """Write an event at the end of the book, once, however often the SDK tries: that is the work itself."""
    key, number = {"name": {"S": BOOK}}, len(_noted(dynamodb))
    with suppress(dynamodb.exceptions.ConditionalCheckFailedException):  # the try before has written it
        dynamodb.update_item(
            TableName=RECORDS,
            Key=key,
            UpdateExpression="SET applied = list_append(if_not_exists(applied, :none), :one)",
            ConditionExpression="attribute_not_exists(applied) OR size(applied) = :number",
            ExpressionAttributeValues={
                ":none": {"L": []}, ":one": {"L": [{"S": event}]}, ":number": {"N": str(number)},
            },
        )  # fmt: skip
    return True


def _noted(dynamodb: Any) -> list[str]:
    return _texts(dynamodb.get_item(TableName=RECORDS, Key={"name": {"S": BOOK}}).get("Item", {}))


def _texts(item: Any) -> list[str]:
    return [one["S"] for one in item.get("applied", {"L": []})["L"]]


def _wrong(end: End) -> str | None:
    """Every event applied once, each order's in their order."""
    applied = [event for row in end.rows[RECORDS] for event in _texts(row)]
    for event in end.sent:
        if applied.count(event) != 1:
            times = applied.count(event)
            return say(words.NOT_ONCE, event=event, times=times) if times else say(words.NOT_AT_ALL, event=event)
    for earlier, later in zip(end.sent, end.sent[1:], strict=False):
        if earlier.split()[0] == later.split()[0] and applied.index(earlier) > applied.index(later):
            return say(words.OVERTAKEN, later=later, earlier=earlier)
    return None
