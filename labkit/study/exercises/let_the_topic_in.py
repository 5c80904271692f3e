"""Exercise 11-let-the-topic-in: the policies by which one topic reaches three queues, and nobody else does."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from labkit.aws.sqs.stores import all_queues
from labkit.causes import Obstacle, Step
from labkit.history import Call, Delivery
from labkit.rules import Faults
from labkit.rules.policy.form import statements
from labkit.study.exercise import Exercise, Function, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift import strangers
from labkit.study.shift.jobs import SECOND, Jobs
from labkit.study.shift.shift import DAY, Starts
from labkit.study.shift.standing import Standing, standing
from labkit.study.shift.trail import SET, worker_calls
from labkit.study.shift.why import Why
from labkit.words import Told, say, told
from labkit.words import let_the_topic_in as words
from labkit.words.let_the_topic_in import Mistake

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

QUEUES, DEAD, DELETED, KEY = ("parcels", "letters", "reports"), "undelivered", "reports", "key"
MANAGED, PARTNER = "alias/aws/sqs", "222233334444"
BEFORE, AFTER = "order-1", "order-2"
LATE_MACHINE, DEPLOYED, MOST_CALLS, MOST_EVENTS = "worker B", 60, 80, 1_000


class Settings(NamedTuple):
    """How a queue or the key stands: the statements of its policy, and the key that encrypts it."""

    statements: list[Any]
    key: str = ""


class Bookshop(Jobs):
    """A topic and its queues on the day on which the answer connects them, once on each of two machines."""

    def __init__(self, lab: Lab, late: float = 0) -> None:
        super().__init__(lab, ["connect"])
        self._late = late
        self.sns, self.sqs, self.kms = (lab.client(name) for name in ("sns", "sqs", "kms"))
        self.topic = self.sns.create_topic(Name="orders")["TopicArn"]
        self.key = self.kms.create_key(Description="bookshop")["KeyMetadata"]["Arn"]
        keys = {"letters": self.key, "reports": MANAGED}
        self._urls = {name: self._queue(name, keys.get(name)) for name in (*QUEUES, DEAD)}
        self._let_partner_in()
        self.answer_gets = (self.topic, [self._urls[name] for name in QUEUES], self._urls[DEAD], self.key)
        self.was = self.settings()
        self.after: list[dict[str, Settings]] = []  # each start
        self.found: dict[str, list[str]] = {}
        self.intruders: list[tuple[str, str, str]] = []
        self.refused = ""  # the partner's send
        self.redrive = ""  # of the subscription whose queue is deleted
        self.kept: list[str] = []

    def _queue(self, name: str, key: str | None) -> str:
        given = {"Attributes": {"KmsMasterKeyId": key}} if key else {}
        url: str = self.sqs.create_queue(QueueName=name, **given)["QueueUrl"]
        return url

    def _let_partner_in(self) -> None:
        queue = self.topic.replace(":sns:", ":sqs:").replace("orders", "parcels")
        let = {"Sid": "returns", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PARTNER}:root"}}
        policy = {"Version": "2012-10-17", "Statement": [let | {"Action": "sqs:SendMessage", "Resource": queue}]}
        self.sqs.set_queue_attributes(QueueUrl=self._urls["parcels"], Attributes={"Policy": json.dumps(policy)})

    def settings(self) -> dict[str, Settings]:
        """How the queues and the key stand."""
        queues = {
            one.name: Settings(statements(one._policy_json or {}), one.kms_master_key_id or "") for one in all_queues()
        }
        policy = json.loads(self.kms.get_key_policy(KeyId=self.key, PolicyName="default")["Policy"])
        return queues | {KEY: Settings(statements(policy))}

    def page(self, connect: Function) -> None:
        """One machine's start: the page connects the queues, then it is open."""
        wait = self._late + (DEPLOYED if self.by == LATE_MACHINE else 0)
        self.lab.scheduler.sleep(round(wait * SECOND))
        job = self.begin("connect")
        connect(self.sns, self.sqs, self.kms, *self.answer_gets)
        self.after.append(self.settings())
        job.finished = self.lab.scheduler.now
        self.lab.scheduler.sleep(DAY * SECOND)

    def is_over(self) -> bool:
        """Whether the page is open on two machines."""
        return len(self.finished) > 1 and not any(self.open_of(job.by) for job in self.jobs)

    def close(self) -> None:
        """What happens to a page that is open: an order, strangers, a return, and a queue that is deleted."""
        if not self.is_over():
            return
        self.lab.faults = Faults.none()  # the answer's part is over
        self.sns.publish(TopicArn=self.topic, Message=BEFORE)
        self.found = {name: strangers.bodies(self.lab, name) for name in (*QUEUES, DEAD)}
        self.intruders = list(strangers.intruders(self.lab, (*QUEUES, DEAD)))
        self.refused = strangers.send(self.lab, PARTNER, "parcels")
        self.redrive = self._redrive_of(DELETED)
        with suppress(ClientError):  # an answer may have deleted it
            self.sqs.delete_queue(QueueUrl=self._urls[DELETED])
        self.sns.publish(TopicArn=self.topic, Message=AFTER)
        self.kept = strangers.bodies(self.lab, DEAD)

    def _redrive_of(self, queue: str) -> str:
        """What the subscription of a queue says of what it can't get."""
        found = self.sns.list_subscriptions_by_topic(TopicArn=self.topic)["Subscriptions"]
        arns = [one["SubscriptionArn"] for one in found if one["Endpoint"].endswith(f":{queue}")]
        attributes = [self.sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"] for arn in arns]
        return "".join(one.get("RedrivePolicy", "") for one in attributes)


def day(late: float = 0) -> Starts:
    """Ten minutes, or until the page is open on both machines."""
    return Starts(lambda lab: Bookshop(lab, late), 600, MOST_EVENTS)


# What is promised

OF_POLICY = (Mistake.NO_POLICY, Mistake.WRONG_POLICY)
OF_KEY = (Mistake.NO_KEY_POLICY, Mistake.WRONG_KEY_POLICY)


def _calls(record: Record, of: str) -> list[Call]:
    """The calls of the first machine that changed a queue, or the key."""
    found = [call for call in worker_calls(record) if of in _changed(call)]
    return [call for call in found if call.by == found[0].by][:3] or shared.own_calls(record)


def _changed(call: Call) -> tuple[str, ...]:
    named = {"PutKeyPolicy": KEY, SET: call.resource, "AddPermission": call.resource}
    return named.get(call.operation, ""), str(call.parameters.get("Endpoint")).rpartition(":")[2]


def _policy(shop: Bookshop, of: str) -> Told:
    now = shop.after[-1][of].statements
    return told(words.POLICY, of=_name(of), policy=json.dumps(now) if now else say(words.NONE))


def _name(of: str) -> str:
    return say(words.THE_KEY) if of == KEY else of


def opened(record: Record, shop: Bookshop) -> Problem | None:
    """`connect` came back."""
    if shop.found:
        return None
    called, lines = shared.own_calls(record), [told(words.NOT_BACK)]
    return broken(called, lines, told(words.RETURNS), Mistake.STILL_AT_IT, belief=False)


def heard(record: Record, shop: Bookshop) -> Problem | None:
    """Each queue has the order, as its text alone."""
    for queue in QUEUES:
        bodies = shop.found[queue]
        if bodies == [BEFORE]:
            continue
        mistake, numbers = _why_unheard(record, shop, queue)
        sentence, about = words.HOLDS if bodies else words.HAS_NOT, KEY if mistake in OF_KEY else queue
        lines = [told(sentence, queue=queue, order=BEFORE, body="".join(bodies)[:60])]
        if mistake is Mistake.MANAGED_KEY:
            lines.append(told(words.KEY_OF, queue=queue, key=MANAGED))
        elif mistake in OF_POLICY or mistake in OF_KEY:
            lines.append(_policy(shop, about))
        return broken(_calls(record, about), lines, told(words.ALL), mistake, belief=False, **numbers)
    return None


def _end(record: Record, queue: str, order: str) -> Delivery | None:
    """What became of an order on its way to a queue."""
    ends = [one for one in record.deliveries if (one.endpoint, one.body) == (queue, order)]
    return ends[-1] if ends else None


def _why_unheard(record: Record, shop: Bookshop, queue: str) -> Why:
    end, numbers = _end(record, queue, BEFORE), {"queue": queue, "order": BEFORE}
    if end is None:
        return Mistake.NOT_SUBSCRIBED, numbers
    if end.step in (Step.FILTERED, Step.DELIVERED):
        return (Mistake.FILTERED if end.step is Step.FILTERED else Mistake.ENVELOPE), numbers
    now = shop.after[-1]
    if end.obstacle is Obstacle.NOT_ALLOWED:
        return (Mistake.NO_POLICY if now[queue] == shop.was[queue] else Mistake.WRONG_POLICY), numbers
    if end.obstacle is not Obstacle.KEY_NOT_ALLOWED:
        return Mistake.NOT_DELIVERED, numbers
    if now[queue].key == MANAGED:
        return Mistake.MANAGED_KEY, numbers
    return (Mistake.NO_KEY_POLICY if now[KEY] == shop.was[KEY] else Mistake.WRONG_KEY_POLICY), numbers


def encrypted(record: Record, shop: Bookshop) -> Problem | None:
    """What was encrypted with KMS is so still."""
    for queue in ("letters", "reports"):
        if not shop.after[-1][queue].key:
            lines = [told(words.NO_KEY_OF, queue=queue)]
            wants = told(words.ENCRYPTED)
            return broken(_calls(record, queue), lines, wants, Mistake.PLAIN, belief=False, queue=queue)
    return None


def closed(record: Record, shop: Bookshop) -> Problem | None:
    """Nobody else gets in."""
    if not shop.intruders:
        return None
    queue, kind, who = shop.intruders[0]
    is_topic = kind == strangers.TOPIC
    mistake = Mistake.OPEN_TO_TOPICS if is_topic else Mistake.OPEN_TO_ALL
    lines = [told(words.TOPIC_GOT_IN if is_topic else words.ACCOUNT_GOT_IN, who=who, queue=queue), _policy(shop, queue)]
    return broken(_calls(record, queue), lines, told(words.CLOSED), mistake, belief=False, queue=queue)


def unharmed(record: Record, shop: Bookshop) -> Problem | None:
    """Who could do something before still can, and nobody else can use the key."""
    if shop.after[-1]["parcels"].key:  # on AWS whoever sends to such a queue needs the key, too
        lines, called = [told(words.PARCELS_KEY)], _calls(record, "parcels")
        return broken(called, lines, told(words.PARTNER), Mistake.PARTNER_LACKS_KEY, belief=False)
    if shop.refused:
        lines = [told(words.REFUSED, error=shop.refused), _policy(shop, "parcels")]
        return broken(_calls(record, "parcels"), lines, told(words.PARTNER), Mistake.REPLACED, belief=False)
    own, policy = shop.lab.account, {"Statement": shop.after[-1][KEY].statements}
    for account, action, wanted, sentence, mistake in (
        (own, "kms:PutKeyPolicy", True, words.ADMIN_OUT, Mistake.KEY_REPLACED),
        (strangers.STRANGER, "kms:Decrypt", False, words.STRANGER_IN, Mistake.KEY_OPEN),
    ):
        if strangers.may_use_key(shop.lab, shop.key, policy, account, action) is not wanted:
            lines = [told(sentence, account=account), _policy(shop, KEY)]
            return broken(_calls(record, KEY), lines, told(words.KEY), mistake, belief=False)
    return None


def kept(record: Record, shop: Bookshop) -> Problem | None:
    """What can't be delivered is kept."""
    if shop.found[DEAD]:
        called = _calls(record, DEAD)
        lines = [told(words.HOLDS_TOO, queue=DEAD, order=BEFORE)]
        return broken(called, lines, told(words.KEPT), Mistake.DEAD_SUBSCRIBED, belief=False)
    if AFTER in shop.kept:
        return None
    mistake = Mistake.DEAD_DENIED if f':{DEAD}"' in shop.redrive else Mistake.NO_DEAD_LETTERS
    lines = [told(words.NOT_KEPT), *([_policy(shop, DEAD)] if mistake is Mistake.DEAD_DENIED else [])]
    return broken(_calls(record, DELETED), lines, told(words.KEPT), mistake, belief=False, queue=DELETED)


def same(record: Record, shop: Bookshop) -> Problem | None:
    """A further start leaves the policies as they are."""
    first, last = shop.after[0], shop.after[-1]
    for of in first:
        if len(last[of].statements) > len(first[of].statements):
            numbers = {"first": len(first[of].statements), "last": len(last[of].statements)}
            lines = [told(words.STATEMENTS, of=_name(of), **numbers)]
            return broken(_calls(record, of), lines, told(words.SAME), Mistake.GROWS, belief=False)
    return None


CALLS = told(words.WITHIN, budget=MOST_CALLS)
PROMISES = (opened, heard, encrypted, closed, unharmed, kept, same, shared.within(MOST_CALLS, CALLS))
JUDGE = shared.first_of(shared.calm(MOST_CALLS, CALLS), *PROMISES)


def _told_day(record: Record, shop: Bookshop) -> str:
    return say(words.TOLD_DAY, queues=len(QUEUES), calls=shared.count_calls(record).total())


CLAIMS = (
    "fanout-8 fanout-dead-letters fanout-dead-letters-policy fanout-source-arn fanout-policy-replaced fanout-own-key"
)
EXERCISE = Exercise(
    id="11-let-the-topic-in",
    title=words.TITLE,
    signatures=["connect(sns, sqs, kms, topic, queue_urls, dead_url, key)"],
    runs=[
        Run(words.DAY, day(), JUDGE, _told_day),
        Run(words.FAULTS, day(), JUDGE, lambda *_: say(words.TOLD_FAULTS), faults=Faults.documented(), seed=1),
        *standing(
            day,
            JUDGE,
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
    claims=CLAIMS.split(),
    myths=[],
    source="solutions/11_fan_out.py",
    limits=["80"],
)
