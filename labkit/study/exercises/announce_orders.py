"""Exercise 10-announce-orders: services that read queues of their own hear of every order through a topic."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from labkit.aws.sqs.stores import all_queues, rules_of
from labkit.causes import Obstacle, Step
from labkit.history import Call, Delivery
from labkit.rules import Faults
from labkit.study.exercise import Exercise, Function, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.coming import Coming
from labkit.study.shift.jobs import SECOND
from labkit.study.shift.several import Pages, played
from labkit.study.shift.standing import Standing, standing
from labkit.study.shift.trail import SET, worker_calls
from labkit.study.shift.why import Why
from labkit.words import announce_orders as words
from labkit.words import say, told
from labkit.words.announce_orders import Mistake

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

SERVICES, NEW, DELETED, STRANGE = ("invoices", "letters", "parcels"), "reports", "letters", "newsletter"
QUEUES = (*SERVICES, NEW)
ORDERS = {f"order-{number}": 10.0 * number for number in range(1, 12)}
FEW = {"order-1": 5.0, "order-2": 30.0, "order-3": 65.0, "order-4": 70.0}
KINDS = ("book", "gift")
DEPLOYED, GONE = 60, 30
MOST_CALLS, MOST_EVENTS = 120, 2_000
LATE_MACHINE = "worker B"
NO_SUCH_QUEUE = ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue")


class Copy(NamedTuple):
    """One message that lies in a queue at the end of a day."""

    body: str
    kind: str | None


class Bookshop(Coming):
    """A page that takes orders, on two machines, and the queues of the services; who connects them is the answer."""

    def __init__(self, lab: Lab, orders: dict[str, float] = ORDERS, late: float = 0, gone: bool = False) -> None:
        super().__init__(lab, orders, late)
        self.sns, self.sqs = lab.client("sns"), lab.client("sqs")
        self.topic = self.sns.create_topic(Name="orders")["TopicArn"]
        self._urls = {name: self._queue(name) for name in QUEUES}
        self.gone = DELETED if gone else None
        self.connected: dict[str, int] = {}  # since when each queue is: a machine's connect has returned
        self.found = defaultdict[str, list[Copy]](list)
        self.strange: list[str] = []
        if gone:
            lab.start(self._delete, name="somebody")

    def _queue(self, name: str) -> str:
        url: str = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        return url

    def _delete(self) -> None:
        self.lab.scheduler.sleep(GONE * SECOND)
        self.sqs.delete_queue(QueueUrl=self._urls[DELETED])

    def kind(self, order: str) -> str:
        """Whether an order is a gift; every second one is."""
        return KINDS[self.names.index(order) % 2]

    def page(self, connect: Function, announce: Function) -> None:
        """One machine's start: it connects the queues that its version knows, and announces the orders it gets."""
        if self.by == LATE_MACHINE:
            self.wait_until(self._start + DEPLOYED * SECOND)
        is_new = self.lab.scheduler.now >= self._start + DEPLOYED * SECOND
        names = QUEUES if is_new else SERVICES
        connect(self.sns, self.sqs, self.topic, [self._urls[name] for name in names])
        for name in names:
            self.connected.setdefault(name, self.lab.scheduler.now)
        while True:
            order = self.next()
            job = self.begin(order)
            announce(self.sns, self.topic, order, self.kind(order))
            job.finished = self.lab.scheduler.now

    def is_over(self) -> bool:
        """Whether every order is announced, also to the service that came later."""
        return super().is_over() and NEW in self.connected

    def close(self) -> None:
        """Look into the queues, and let another team's topic try one of them."""
        for queue in all_queues():
            stored = rules_of(queue, self.lab).stored()
            self.found[queue.name] = [Copy(one.body, _kind(one.attributes)) for one in stored]
        if self.was_stopped:
            return
        strange = self.sns.create_topic(Name=STRANGE)["TopicArn"]
        parcels = next(queue for queue in all_queues() if queue.name == "parcels")
        self.sns.subscribe(TopicArn=strange, Protocol="sqs", Endpoint=parcels.queue_arn)
        self.sns.publish(TopicArn=strange, Message="advertisement")
        before = len(self.found["parcels"])
        self.strange = [one.body for one in rules_of(parcels, self.lab).stored()[before:]]


def _kind(attributes: Any) -> str | None:
    value = attributes.get("kind", {}).get("StringValue")
    return None if value is None else str(value)


def day(orders: dict[str, float] = FEW, **more: Any) -> Any:
    """A day: ten minutes, or until all orders are announced."""
    return played(Pages(lambda lab: Bookshop(lab, orders, **more), 600, MOST_EVENTS))


# What is promised


class Missing(NamedTuple):
    """An order that a queue lacks as it should be there, and what became of it on its way."""

    queue: str
    order: str
    ends: list[Delivery]


def published(record: Record, shop: Bookshop, order: str) -> list[Delivery]:
    """The messages by which the page announced an order: those that its machine published while it did."""
    jobs = [job for job in shop.jobs if job.name == order]
    return [
        one
        for one in record.deliveries
        if one.step is Step.PUBLISHED
        and any(one.by == job.by and job.began <= one.at <= (job.finished or job.died or one.at) for job in jobs)
    ]


def wanted(record: Record, shop: Bookshop, queue: str) -> list[str]:
    """The orders that have to lie in a queue: those that were begun after it was connected."""
    if queue not in shop.connected or queue == shop.gone:
        return []
    since = shop.connected[queue] if queue == NEW else 0
    return [job.name for job in shop.jobs if job.finished is not None and job.began >= since]


def missing(record: Record, shop: Bookshop) -> Missing | None:
    """The first order that a queue doesn't have as its text alone."""
    for queue in QUEUES:
        bodies = {copy.body for copy in shop.found[queue]}
        for order in wanted(record, shop, queue):
            if order not in bodies:
                ids = {one.message for one in published(record, shop, order)}
                ends = [one for one in record.deliveries if one.message in ids and one.endpoint == queue]
                return Missing(queue, order, ends)
    return None


def heard(record: Record, shop: Bookshop) -> Problem | None:
    """Each service has each order, as its text alone."""
    lack = missing(record, shop)
    if lack is None:
        return None
    mistake, numbers = why_unheard(record, shop, lack)
    lines = [one.why for one in lack.ends[-1:]]
    bodies = [copy.body for copy in shop.found[lack.queue] if copy.body not in shop.names]
    sentence = words.HOLDS if lack.ends and bodies else words.HOLDS_NOT
    lines.append(say(sentence, queue=lack.queue, order=lack.order, body=bodies[0][:60] if bodies else ""))
    if mistake is Mistake.WRONG_POLICY:
        lines.append(_policy(record, lack.queue))
    called = _calls_about(record, shop, lack) or shared.own_calls(record)
    return broken(called, lines, told(words.ALL), mistake, belief=False, **numbers)


def _calls_about(record: Record, shop: Bookshop, lack: Missing) -> list[Call]:
    """What was asked of AWS about the queue, or sent or published for the order."""
    ids = {one.message for one in published(record, shop, lack.order)}
    asked = worker_calls(record, "Subscribe", "Unsubscribe", SET, "Publish", "PublishBatch", "SendMessage")
    asked += [call for call in worker_calls(record, "GetQueueAttributes") if call.error]
    begun = [job for job in shop.jobs if job.name == lack.order]
    about = [
        call
        for call in asked
        if call.resource == lack.queue
        or _names(call, lack.queue)
        or call.error in NO_SUCH_QUEUE
        or call.operation == "Unsubscribe"
        or ids.intersection(call.messages)
        or call.parameters.get("MessageBody") == lack.order
    ]
    about.sort(key=lambda call: (call.at, call.order))
    return [call for call in about if call.at <= (begun[-1].finished or record.events[-1].at)][-4:]


def _policy(record: Record, queue: str) -> str:
    """The last policy that a queue was given."""
    given = [call.parameters.get("Attributes", {}) for call in worker_calls(record, SET) if call.resource == queue]
    policies = [one["Policy"] for one in given if "Policy" in one]
    return say(words.POLICY, queue=queue, policy=policies[-1] if policies else "")


def why_unheard(record: Record, shop: Bookshop, lack: Missing) -> Why:
    """Why a queue lacks an order: by what became of its message, else by what was never asked of AWS."""
    numbers = {"queue": lack.queue, "order": lack.order}
    if not published(record, shop, lack.order):
        sent = worker_calls(record, "SendMessage", "SendMessageBatch")
        return (Mistake.SENT_ITSELF if sent else Mistake.NOT_PUBLISHED), numbers
    if not lack.ends:
        return _why_no_subscription(record, shop, lack), numbers
    end = lack.ends[-1]
    if end.step is Step.DELIVERED:
        return _why_other_body(shop, lack.queue), numbers
    if end.step is Step.FILTERED:
        return Mistake.FILTERED, numbers
    if end.obstacle is Obstacle.NOT_ALLOWED:
        return (Mistake.WRONG_POLICY if _has_policy(record, lack.queue) else Mistake.NO_POLICY), numbers
    return Mistake.NOT_DELIVERED, numbers


def _why_no_subscription(record: Record, shop: Bookshop, lack: Missing) -> Mistake:
    subscribed = [call for call in worker_calls(record, "Subscribe") if not call.error and _names(call, lack.queue)]
    asked = [call for call in subscribed if call.parameters.get("TopicArn") == shop.topic]
    if subscribed and not asked:
        return Mistake.OTHER_TOPIC
    at = published(record, shop, lack.order)[0].at
    if any(call.at < at for call in asked):
        return Mistake.UNSUBSCRIBED if worker_calls(record, "Unsubscribe") else Mistake.NOT_SUBSCRIBED
    if asked:
        return Mistake.LATE
    refused = any(call.error in NO_SUCH_QUEUE for call in worker_calls(record, "GetQueueAttributes", SET))
    return Mistake.STOPPED_AT_GONE if refused else Mistake.NOT_SUBSCRIBED


def _names(call: Call, queue: str) -> bool:
    return str(call.parameters.get("Endpoint")).endswith(f":{queue}")


def _has_policy(record: Record, queue: str) -> bool:
    return any(
        call.resource == queue
        and (call.operation == "AddPermission" or "Policy" in call.parameters.get("Attributes", {}))
        for call in worker_calls(record, SET, "AddPermission")
        if not call.error
    )


def _why_other_body(shop: Bookshop, queue: str) -> Mistake:
    for copy in shop.found[queue]:
        try:
            is_envelope = json.loads(copy.body).get("Type") == "Notification"
        except (ValueError, AttributeError):
            is_envelope = False
        if is_envelope:
            return Mistake.ENVELOPE
    return Mistake.OTHER_BODY


def kinds(record: Record, shop: Bookshop) -> Problem | None:
    """Each copy carries the order's kind as a message attribute."""
    for queue in QUEUES:
        for copy in shop.found[queue]:
            if copy.body in shop.names and copy.kind != shop.kind(copy.body):
                mistake = Mistake.NO_KIND if copy.kind is None else Mistake.WRONG_KIND
                lines = [say(words.HAS_KIND, queue=queue, order=copy.body, kind=copy.kind or say(words.NO_KIND))]
                called = worker_calls(record, "Publish", "PublishBatch")[:2]
                wants = told(words.KIND)
                return broken(called, lines, wants, mistake, belief=False, kind=copy.kind, right=shop.kind(copy.body))
    return None


def singly(record: Record, shop: Bookshop) -> Problem | None:
    """Where no answer gets lost and no machine dies, each service has each order once."""
    for queue in QUEUES:
        bodies = [copy.body for copy in shop.found[queue]]
        for order in shop.names:
            if bodies.count(order) > 1:
                called = worker_calls(record, "Publish", "PublishBatch", "SendMessage")[:4]
                mistake = Mistake.SENT_TOO if worker_calls(record, "SendMessage") else Mistake.TWICE
                lines = [say(words.SEVERAL, queue=queue, order=order, number=bodies.count(order))]
                return broken(called, lines, told(words.ONCE), mistake, belief=False)
    return None


def closed(record: Record, shop: Bookshop) -> Problem | None:
    """No other topic may send to the queues."""
    if not shop.strange:
        return None
    lines = [say(words.STRANGE, queue="parcels", topic=STRANGE), _policy(record, "parcels")]
    called = [call for call in worker_calls(record, SET) if call.resource == "parcels"]
    return broken(called[:1], lines, told(words.CLOSED), Mistake.OPEN, belief=False)


def announced(record: Record, shop: Bookshop) -> Problem | None:
    """Each function came back: an order whose announcement doesn't end is told to nobody."""
    if not shop.unfinished:
        return None
    called = shared.own_calls(record)
    lines = [say(words.NOT_ANNOUNCED, order=shop.unfinished[0])]
    mistake = Mistake.STILL_AT_IT if shop.jobs else Mistake.STILL_CONNECTING
    return broken(called, lines, told(words.RETURNS), mistake, belief=False)


CALLS = told(words.WITHIN, budget=MOST_CALLS)
WITHIN = shared.within(MOST_CALLS, CALLS)
AT_LEAST_ONCE = shared.first_of(shared.calm(MOST_CALLS, CALLS), announced, heard, kinds, closed)
ON_A_DAY = shared.first_of(AT_LEAST_ONCE, singly, WITHIN)

# What is told


def _told_day(record: Record, shop: Bookshop) -> str:
    calls = shared.count_calls(record).total()
    return say(words.TOLD_DAY, orders=len(shop.names), services=len(SERVICES), late=len(shop.found[NEW]), calls=calls)


def _told_gone(record: Record, shop: Bookshop) -> str:
    return say(words.TOLD_GONE, queue=DELETED)


def _told_faults(record: Record, shop: Bookshop) -> str:
    again = len(shop.found["parcels"]) - len(shop.names)
    return say(words.TOLD_FAULTS, again=again)


EXERCISE = Exercise(
    id="10-announce-orders",
    title=words.TITLE,
    signatures=["connect(sns, sqs, topic, queue_urls)", "announce(sns, topic, order, kind)"],
    runs=[
        Run(words.DAY, day(ORDERS), ON_A_DAY, _told_day),
        Run(words.GONE, day(ORDERS, gone=True), ON_A_DAY, _told_gone),
        Run(words.FAULTS, day(ORDERS), AT_LEAST_ONCE, _told_faults, faults=Faults.documented(), seed=1),
        *standing(
            day,
            AT_LEAST_ONCE,
            fails={},
            without={
                Standing.FAILING: "the answer is given nothing but AWS, whose calls the SDK repeats",
                Standing.TOGETHER: "nobody receives in this story",
            },
            deaths=8,
        ),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=[
        "publish-no-policy",
        "publish-raw",
        "publish-subscribe-again",
        "publish-late-subscriber",
        "publish-independent",
        "publish-twice",
    ],
    myths=[],
    source="solutions/10_publish_subscribe.py",
    limits=["120", "60 s", "30 s"],
)
