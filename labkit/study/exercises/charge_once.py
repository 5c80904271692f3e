"""Exercise 05-charge-once: one payment for each order under every order of events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from moto.dynamodb.models import dynamodb_backends

from labkit.history import Call
from labkit.interleavings import Checked, End, Story, Wrong, every_order
from labkit.interleavings.operations import CallStep
from labkit.rules import Faults
from labkit.study.exercise import Exercise, Function, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.jobs import SECOND, Job, Jobs, Outside
from labkit.study.shift.playing import arrive
from labkit.study.shift.shift import Shift
from labkit.study.shift.standing import Standing, standing
from labkit.study.shift.trail import Trail, is_worker, refused
from labkit.study.shift.why import Why, why_keys, why_missing, why_nothing, why_refused
from labkit.words import charge_once as words
from labkit.words import say, told
from labkit.words.charge_once import Count, Mistake
from labkit.words.shift import Mistake as Shared

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

MOST_CALLS, MOST_EVENTS, SOON = 500, 1500, 2
TABLES = {"payments": "payment_id", "done": "order_id"}
KEYED_BY, FOR = "payment_id", "order_id"
WRITES, READS = ("PutItem", "UpdateItem", "TransactWriteItems", "BatchWriteItem"), ("GetItem", "Query", "Scan")
ONCE, CALLS = told(words.ONCE), told(words.CALLS, calls=MOST_CALLS)
Row = Mapping[str, Any]


class Unavailable(ClientError):
    """DynamoDB does not answer a write, for longer than the SDK tries again."""

    def __init__(self, operation: str = WRITES[0]) -> None:
        super().__init__({"Error": {"Code": "InternalServerError", "Message": words.UNAVAILABLE}}, operation)


class Checkout(Jobs):
    """A queue of orders and the tables that the workers write; the rows of `payments` are what counts."""

    def __init__(
        self, lab: Lab, orders: Sequence[str], late: float = 0, fails_once: Mapping[str, type[Exception]] | None = None
    ) -> None:
        super().__init__(lab, orders, fails_once)
        sqs, dynamodb = lab.client("sqs"), lab.client("dynamodb")
        for name, key in TABLES.items():
            dynamodb.create_table(
                TableName=name,
                KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        arrive(lab, url, dict.fromkeys(orders, late))
        if fails_once:
            dynamodb.meta.events.register("provide-client-params.dynamodb", self._write)
        self.given = (sqs, url, dynamodb)
        self.rows: list[Row] = []
        self._paid_at: int | None = None

    def _write(self, params: dict[str, Any], model: Any, **more: Any) -> None:
        try:
            self.may_fail("payment" if model.name in WRITES else "")
        except Unavailable:
            for _, order in written(params):
                self.begin(order).died = self.lab.scheduler.now
            raise Unavailable(model.name) from None

    def look(self) -> Counter[str]:
        """Look at the table, without a call in the history: how many payments each order has."""
        table = dynamodb_backends[self.lab.account][self.lab.region].tables["payments"]
        self.rows = [item.to_json()["Attributes"] for item in table.items.values()]
        return counted(self.rows)

    def is_over(self) -> bool:
        """Whether all is paid and deleted, and that for long enough that nobody is about to pay once more."""
        if not set(self.names) <= set(self.look()) or self.has_messages():
            return False
        self._paid_at = self._paid_at or self.lab.scheduler.now
        return self.lab.scheduler.now >= self._paid_at + SOON * SECOND

    def has_repeat(self) -> bool:
        """Whether an order has two payments."""
        return any(number > 1 for number in self.look().values())

    def close(self) -> None:
        """Note each payment as the work that it is, by the calls that wrote it."""
        self.look()
        events = self.lab.history.events
        calls = [one for one in events if isinstance(one, Call) and one.service == "dynamodb" and is_worker(one.by)]
        for call in calls:
            tried = [Outside("payment", order, key, call.by, call.at) for key, order in written(call.parameters)]
            self.attempts += tried if call.operation in WRITES else []
        for row in self.rows:
            key = text(row[KEYED_BY])
            by = next((call for call in calls if repr(key) in repr(call.parameters)), calls[-1])
            self.effects.append(Outside("payment", text(row.get(FOR)), key, by.by, by.at))
        paid = [one for one in self.effects if one.name in self.names]
        self.jobs += [Job(one.name, one.by, one.at, one.at) for one in paid]


def text(value: Any) -> str:
    """What an attribute in DynamoDB's form holds; one that is missing counts as ""."""
    return str(next(iter(value.values()), "")) if isinstance(value, dict) else ""


def written(value: Any) -> Iterator[tuple[str, str]]:
    """The key and the order of each payment in a call's parameters."""
    if isinstance(value, dict) and KEYED_BY in value:
        yield text(value[KEYED_BY]), text(value.get(FOR))
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from written(part)


def counted(rows: Sequence[Row]) -> Counter[str]:
    """Count the payments by order; one without an order counts as ""."""
    return Counter(text(row.get(FOR)) for row in rows)


def wrong(end: End) -> Wrong | None:
    """Find an order that has not exactly one payment at the end of a schedule."""
    paid = counted(end.rows["payments"])
    for order in dict.fromkeys(end.sent):
        if paid[order] != 1:
            code = Count.SEVERAL if paid[order] else Count.NONE
            return Wrong(code, code.value, {"order": order, "count": paid[order]})
    return None


def every(orders: Sequence[str]) -> Callable[[Lab, Function], Checked]:
    """Play every schedule of these messages, under the rules of the lab."""
    story = Story(orders, wrong, tables=TABLES)
    return lambda lab, function: every_order(function, story, rules=lab.rules.get("sqs"))


def few(orders: int = 3, **more: Any) -> Shift:
    """Two workers and so many orders, on a day on which AWS's answers may stop a worker."""
    names = [f"order-{number}" for number in range(1, orders + 1)]
    return Shift(lambda lab: Checkout(lab, names, **more), 3600, MOST_EVENTS, forgiving=True, repeats=True)


MORNING = Shift(lambda lab: Checkout(lab, ["order-1", "order-2", "order-3"]), 600, MOST_EVENTS)


# What is promised


def schedules(record: Record, checked: Checked) -> Problem | None:
    """No schedule goes wrong."""
    if checked.wrong is None:
        return None
    *steps, verdict = checked.sentences
    mistake, numbers = why_schedule(checked, checked.wrong)
    belief = mistake not in shared.NO_BELIEF
    return replace(broken(steps, [verdict], ONCE, mistake, belief=belief, **numbers), replay=checked.replay)


def why_schedule(checked: Checked, wrong: Wrong) -> Why:
    """Why a schedule goes wrong: by its end, and by what was called in it."""
    steps = [one for one in checked.operations if isinstance(one, CallStep)]
    order = str(wrong.values.get("order", ""))
    if any(step.operation.startswith("SendMessage") for step in steps):
        return Shared.SENT_AGAIN, {}
    if wrong.code is Count.SEVERAL:
        return why_several(steps, order), {"body": order}
    deletes = any(step.operation.startswith("DeleteMessage") for step in steps)
    if wrong.code is Count.NONE:
        return why_none(steps, order, deletes), {"body": order}
    if any(step.failure is not None and step.operation in WRITES for step in steps):
        return Mistake.STUCK, {}
    return (Shared.OLD_RECEIPT if deletes else Shared.NO_DELETE), {}


def why_several(steps: list[CallStep], order: str) -> Mistake | Shared:
    """Why an order was paid twice: by the keys of its payments, and by what was looked at before."""
    writes = [one for step in steps if step.failure is None for one in written(step.parameters)]
    keys = {key for key, name in writes if name == order} or {""}
    received = [one for step in steps for one in (step.answer or {}).get("Messages", [])]
    if keys <= {message["MessageId"] for message in received}:
        return Shared.KEY_IS_MESSAGE_ID
    if keys <= {message["ReceiptHandle"] for message in received}:
        return Shared.KEY_IS_HANDLE
    own = [step for step in steps if repr(order) in repr(step.parameters)]
    paid = next(number for number, step in enumerate(own) if "payments" in tables(step) and step.operation in WRITES)
    if any(step.operation in WRITES for step in own[:paid]):
        return Mistake.CLAIMED
    looked = {step.parameters.get("TableName") for step in steps if step.operation in READS}
    if looked:
        return Mistake.LOOKED_FIRST if "payments" in looked else Mistake.NOTED_AFTER
    is_conditional = "ConditionExpression" in repr(own[paid].parameters)
    return Mistake.BLIND_CONDITION if is_conditional else Mistake.NEW_KEY


def tables(step: CallStep) -> set[str]:
    """The tables that a call on the payments or on the notes names, also inside a transaction."""
    return {name for name in TABLES if repr(name) in repr(step.parameters)}


def why_none(steps: list[CallStep], order: str, deletes: bool) -> Mistake | Shared:
    """Why an order was not paid although nobody has its message any more."""
    done = [step for step in steps if step.failure is None and step.operation in WRITES]
    if any(name == order for step in done for _, name in written(step.parameters)):
        return Mistake.OVERWRITTEN
    if done:
        return Mistake.NOTED_FIRST
    return Shared.DELETED_FIRST if deletes else Shared.NOBODY


def why_no_payment(record: Record) -> Why:
    """Why there is no payment at all."""
    mistake, numbers = why_nothing(record)
    if mistake is not Shared.NOT_HANDLED:
        return mistake, numbers
    if found := [call for call in refused(record) if call.operation in WRITES]:
        return why_refused(found[0])
    return Mistake.NO_PAYMENT, {}


def why_twice(trail: Trail, first: Outside, second: Outside) -> Why:
    """Why an order was paid twice."""
    return (Shared.SENT_AGAIN, {"body": trail.body}) if trail.was_sent_again else why_keys(trail, first, second)


def why_unpaid(trail: Trail) -> Why:
    """Why an order has no payment: it was written, and another one's has the same key, or it was not written."""
    keys = {one.key for one in trail.story.attempts if one.name == trail.body}
    shares = any(one.key in keys for one in trail.story.effects)
    return (Mistake.OVERWRITTEN, {"body": trail.body}) if shares else why_missing(trail)


def for_orders(record: Record, checkout: Checkout) -> Problem | None:
    """Every payment says for which order it is."""
    for row in checkout.rows:
        if text(row.get(FOR)) not in checkout.names:
            line = told(words.FOR_WHAT, given=text(row.get(FOR))) if FOR in row else told(words.WITHOUT_ORDER)
            return broken(shared.own_calls(record), [line], ONCE, Mistake.NO_ORDER_ID, belief=False)
    return None


PAID = shared.first_of(
    for_orders,
    shared.begun(ONCE, why_no_payment),
    shared.singly("payment", ONCE, why_twice),
    shared.calm(MOST_CALLS, CALLS),
    shared.done(ONCE, why_unpaid),
    shared.deleted(ONCE),
)

# What is told


def tell(sentence: str) -> Callable[[Record, Checkout], str]:
    """Say how many deliveries came to how many payments."""

    def told_of(record: Record, checkout: Checkout) -> str:
        received = sum(len(Trail(record, checkout, name).receives) for name in checkout.names)
        return say(sentence, orders=len(checkout.names), deliveries=received, payments=len(checkout.rows))

    return told_of


def counts(sentence: str) -> Callable[[Record, Checked], str]:
    """Say how many schedules were run."""
    return lambda record, checked: say(sentence, schedules=checked.schedules)


EXERCISE = Exercise(
    id="05-charge-once",
    title=words.TITLE,
    signatures=["worker(sqs, queue_url, dynamodb)"],
    runs=[
        Run(words.ORDINARY, MORNING, PAID, tell(words.TOLD_ORDINARY)),
        Run(words.EVERY_ORDER, every(["order-1", "order-2"]), schedules, counts(words.TOLD_EVERY)),
        Run(words.SENT_TWICE, every(["order-1", "order-1"]), schedules, counts(words.TOLD_TWICE)),
        Run(words.FAULTS, few(12), PAID, tell(words.TOLD_FAULTS), faults=Faults.documented(), seed=22),
        *standing(
            few,
            PAID,
            fails={"payment": Unavailable},
            without={},
            rests={Standing.TOGETHER: None},
        ),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=[
        "delivery-exactly-once",
        "delivery-conditional-put",
        "delivery-crash-repeats",
        "delivery-delete-first",
        "delivery-check-then-act",
        "delivery-message-id",
        "delivery-memory",
    ],
    myths=["receive-removes", "hidden-until-deleted", "crash-returns-message", "deleted-for-good"],
    source="solutions/05_delivery_guarantees.py",
    limits=["500"],
)
