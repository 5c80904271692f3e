"""Exercise 07-orders-in-order: batches of a FIFO queue worked through in order, once, though payments fail."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from labkit.interleavings import Bounds, Checked, End, Story, Wrong, every_order
from labkit.interleavings.machine import machines
from labkit.rules import Faults
from labkit.study.exercise import Exercise, Function, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.jobs import SECOND, Job, Jobs, given_as
from labkit.study.shift.playing import arrive
from labkit.study.shift.shift import Shift
from labkit.study.shift.standing import Standing, standing
from labkit.study.shift.trail import DELETE, Trail, is_worker
from labkit.study.shift.why import Why, why_again, why_missing
from labkit.words import error, say, told
from labkit.words import orders_in_order as words
from labkit.words.orders_in_order import Mistake
from labkit.words.shift import Mistake as Shared

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

STEPS = ("placed", "paid", "shipped")
QUEUE = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
BOOKING, SLOWLY, REFUSING = 8, 14, 2
BUDGET, MOST_EVENTS = 55, 700
RECORDS, BOOK = "records", "booked events"


class NotNow(Exception):
    """The bank refuses; `apply` returns False."""


class Office(Jobs):
    """Books events, so many seconds each, and knows what was; the bank may refuse one event once at each machine."""

    def __init__(
        self,
        lab: Lab,
        orders: int,
        takes: float = BOOKING,
        refused: str = "",
        late: float = 0,
        fails_once: Mapping[str, type[Exception]] | None = None,
    ) -> None:
        ids = [f"order-{number}" for number in range(1, orders + 1)]
        super().__init__(lab, [f"{order} {step}" for step in STEPS for order in ids], fails_once)
        self.refusals: list[Job] = []
        self.questions: list[tuple[str, str, int]] = []
        self._takes, self._refused = takes, refused
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="events.fifo", Attributes=QUEUE)["QueueUrl"]
        for order in ids if late else []:
            arrive(lab, url, {f"{order} {step}": late for step in STEPS}, MessageGroupId=order)
        for event in [] if late else self.names:
            sqs.send_message(QueueUrl=url, MessageBody=event, MessageGroupId=event.split()[0])
        self.given = (sqs, url, *given_as(self.apply, self.is_applied))

    def apply(self, event: str) -> bool:
        """Book an event; False when the bank says: not now."""
        if not isinstance(event, str) or event not in self.names:
            raise error(words.NO_EVENT, given=repr(event)[:30])
        try:
            self.may_fail("booking")
            if event == self._refused and all(job.by != self.by for job in self.refusals):
                raise NotNow
        except NotNow:
            self.refusals.append(Job(event, self.by, self.lab.scheduler.now))
            self.lab.scheduler.sleep(REFUSING * SECOND)
            return False
        self.do(event, self._takes)
        return True

    def is_applied(self, event: str) -> bool:
        """Whether an event has been booked."""
        self.questions.append((self.by, event, self.lab.scheduler.now))
        return any(job.name == event for job in self.finished)


def day(orders: int, seconds: float = 900, **more: Any) -> Shift:
    """Two workers, and so many orders of three events; `more` are Office's options and Shift's."""
    own = {name: more.pop(name) for name in ("takes", "refused", "late", "fails_once") if name in more}
    return Shift(lambda lab: Office(lab, orders, **own), seconds, MOST_EVENTS, **more)


def every_crash(lab: Lab, function: Function) -> Checked:
    """Play one worker under every order of deliver, crash, timeout and lost answer; its book is a table."""
    events, make = ["order-1 placed", "order-1 paid"], machines(function)
    sent = [{"MessageBody": event, "MessageGroupId": event.split()[0]} for event in events]
    story = Story(sent, _wrong, tables={RECORDS: "name"}, attributes=QUEUE, queue="events.fifo")

    def consumer(sqs: Any, queue_url: str, dynamodb: Any) -> None:
        while True:
            make()(sqs, queue_url, partial(_note, dynamodb), lambda event: event in _noted(dynamodb))

    return every_order(consumer, story, Bounds(len(events), 1, 1), rules=lab.rules.get("sqs"))


def _note(dynamodb: Any, event: str) -> bool:
    """Write an event at the end of the book, once, however often the SDK tries: that is the work itself."""
    number = len(_noted(dynamodb))
    with suppress(dynamodb.exceptions.ConditionalCheckFailedException):  # the try before has written it
        dynamodb.update_item(
            TableName=RECORDS,
            Key={"name": {"S": BOOK}},
            UpdateExpression="SET applied = list_append(if_not_exists(applied, :none), :one)",
            ConditionExpression="attribute_not_exists(applied) OR size(applied) = :number",
            ExpressionAttributeValues={
                ":none": {"L": []},
                ":one": {"L": [{"S": event}]},
                ":number": {"N": str(number)},
            },
        )
    return True


def _noted(dynamodb: Any) -> list[str]:
    return _texts(dynamodb.get_item(TableName=RECORDS, Key={"name": {"S": BOOK}}).get("Item", {}))


def _texts(item: Any) -> list[str]:
    return [one["S"] for one in item.get("applied", {"L": []})["L"]]


def _wrong(end: End) -> Wrong | None:
    """Every event booked once, each order's in their order."""
    applied = [event for row in end.rows[RECORDS] for event in _texts(row)]
    for event in end.sent:
        times = applied.count(event)
        if times == 0:
            return Wrong(Mistake.LOST, words.NOT_AT_ALL, {"event": event})
        if times > 1:
            return Wrong(Mistake.ANY_TIME, words.NOT_ONCE, {"event": event, "times": times})
    for before, later in pairwise(end.sent):
        if before.split()[0] == later.split()[0] and applied.index(before) > applied.index(later):
            return Wrong(Mistake.ORDER, words.OVERTAKEN, {"before": before, "later": later})
    return None


# What is promised


def begun(record: Record, office: Office) -> Problem | None:
    """Some event was booked, or refused."""
    problem = shared.begun(ALL)(record, office)
    if problem is None or office.refusals or not office.questions:
        return None if office.refusals else problem
    return broken(problem.called, problem.came_back, ALL, Mistake.ONLY_ASKED, belief=False)


def in_order(record: Record, office: Office) -> Problem | None:
    """An event is begun when the one before it in its order has been booked."""
    for order in dict.fromkeys(name.split()[0] for name in office.names):
        for before, after in pairwise(f"{order} {step}" for step in STEPS):
            began = next((job for job in office.jobs if job.name == after), None)
            done = next((job.finished for job in office.finished if job.name == before), None)
            if began is not None and (done is None or began.began < done):
                return _overtaken(Trail(record, office, before), began)
    return None


def _overtaken(trail: Trail, after: Job) -> Problem:
    at, refused = trail.record.seconds, _refusal(trail)
    lines = [told(words.BEGAN, at=at(after.began), by=after.by, event=after.name)]
    if refused is not None and refused.began <= after.began:
        lines.insert(0, told(words.REFUSED, at=at(refused.began), by=refused.by, event=refused.name))
    mistake: Any = Mistake.ORDER if len(lines) == 1 else Mistake.WENT_ON
    numbers: dict[str, Any] = {}
    if trail.last is not None and trail.last.after == "deleted" and trail.last.at <= after.began:
        mistake, numbers = _why_missing(trail)
    calls = Trail(trail.record, trail.story, after.name).receive_calls(after.began)
    return broken(calls, lines, told(words.IN_ORDER), mistake, **numbers | {"before": trail.body})


def _refusal(trail: Trail) -> Job | None:
    return next((job for job in trail.story.refusals if job.name == trail.body), None)


def _why_missing(trail: Trail) -> Why:
    """Why an event was not booked: after a refusal it was deleted, or passed over by the machine that remembered it."""
    mistake, numbers = why_missing(trail)
    refused = _refusal(trail)
    if refused is None:
        return mistake, numbers
    again = [one for one in trail.receives if one.by == refused.by and one.at > refused.began]
    if mistake in (Shared.HIDDEN, Shared.NOBODY) and len(again) > 1:
        return Mistake.PASSED_OVER, numbers | {"by": refused.by, "times": len(again)}
    return (Mistake.DELETED_REFUSED if mistake is Shared.DELETED_UNDONE else mistake), numbers


def _why_again(trail: Trail, first: Job, second: Job) -> Why:
    """Why an event was booked again: of what a dead machine had booked, whether anybody asked."""
    mistake, numbers = why_again(trail, first, second)
    received = trail.received_by(second.by, second.began)
    since = received.at if received is not None else 0
    asked = [at for by, event, at in trail.story.questions if (by, event) == (second.by, trail.body)]
    if mistake is Shared.DIED and not any(since <= at <= second.began for at in asked):
        return Mistake.NOT_ASKED, numbers
    return mistake, numbers


def once(record: Record, office: Office) -> Problem | None:
    """No event was booked twice; whoever doesn't ask whether one was booked has no belief about SQS."""
    problem = shared.once(ALL, _why_again)(record, office)
    return problem and replace(problem, belief=problem.mistake is not Mistake.NOT_ASKED)


def some_delete(record: Record, office: Office) -> Problem | None:
    """Whoever books deletes: without a single delete nothing else need be said."""
    deletes = any(call.operation.startswith(DELETE) and is_worker(call.by) for call in record.calls)
    return None if deletes else shared.deleted(ALL)(record, office)


def every_schedule(record: Record, checked: Checked) -> Problem | None:
    """No order of events goes wrong; the shortest that does tells itself."""
    if checked.wrong is None:
        return None
    code, values = checked.wrong.code, checked.wrong.values
    is_deleted = any(DELETE in operation.signature for operation in checked.operations)
    otherwise = Mistake.ANY_TIME if is_deleted else Shared.NO_DELETE
    mistake = code if isinstance(code, Mistake) else otherwise
    why = told(mistake.value, **values)
    return Problem(checked.sentences[:-1], checked.sentences[-1:], ALL, why, replay=checked.replay, mistake=mistake)


ALL, CALLS = told(words.ALL), told(words.WITHIN, budget=BUDGET)
ORDERLY = shared.first_of(
    begun, in_order, once, some_delete, shared.calm(BUDGET, CALLS), shared.done(ALL, _why_missing), shared.deleted(ALL)
)
ORDINARY = shared.first_of(ORDERLY, shared.within(BUDGET, CALLS))

# What is told


def _tell(sentence: str, record: Record, office: Office) -> str:
    return say(sentence, events=len(office.names), calls=shared.count_calls(record).total())


EXERCISE = Exercise(
    id="07-orders-in-order",
    title=words.TITLE,
    signatures=["worker(sqs, queue_url, apply, is_applied)"],
    runs=[
        Run(words.DAY, day(10, refused="order-4 placed"), ORDINARY, partial(_tell, words.TOLD_DAY)),
        Run(words.SLOW, day(3, takes=SLOWLY, forgiving=True), ORDERLY, partial(_tell, words.TOLD_SLOW)),
        *standing(
            partial(day, 2, forgiving=True),
            ORDERLY,
            fails={"booking": NotNow},
            without={
                Standing.TOGETHER: "A FIFO queue brings neither duplicates nor another order.",
            },
        ),
        Run(
            words.EVERY_ORDER,
            every_crash,
            every_schedule,
            lambda record, checked: say(words.TOLD_EVERY_ORDER, schedules=checked.schedules),
        ),
        Run(
            words.FAULTS,
            day(8, 3600, refused="order-2 placed", forgiving=True),
            ORDERLY,
            partial(_tell, words.TOLD_FAULTS),
            faults=Faults.documented(),
            seed=7,
        ),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["fifo-6", "fifo-7", "fifo-group-batch", "fifo-resume-head", "fifo-late-delete", "sqsord-2"],
    myths=["fifo-exactly-once", "one-of-a-group-at-once", "late-delete-on-fifo"],
    source="solutions/07_fifo.py",
    limits=["30 s", "8 s", "14 s", "55", "15 min"],
)
