"""Exercise 14-push-again: pushes reach the customers' telephones, whatever has become of app, token and endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from labkit.aws.sns.outbox import Letter
from labkit.aws.sns.platforms import endpoint_of_arn
from labkit.history import Call
from labkit.rules import Faults
from labkit.study.exercise import Exercise, Function, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.jobs import SECOND, Job, Jobs
from labkit.study.shift.several import Pages, played
from labkit.study.shift.standing import Standing, standing
from labkit.study.shift.trail import is_worker
from labkit.words import push_again as words
from labkit.words import say, told
from labkit.words.push_again import Mistake

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

APPLE, GOOGLE = "APNS", "GCM"
CREDENTIALS = {"PlatformPrincipal": "certificate", "PlatformCredential": "key"}
ON, OFF = "true", "false"
MOST_CALLS, MOST_EVENTS = 60, 600


class Task(NamedTuple):
    """What comes to the shop's server: a customer's app has started, or there is news of an order."""

    second: float
    name: str
    customer: str
    is_order: bool = False


STARTS = ((1, "ann"), (2, "ben"), (3, "cem"), (20, "ann"), (26, "ben"), (28, "dee"), (30, "fay"), (35, "cem"))
ORDERS = (
    (10, "ann"),
    (11, "ben"),
    (15, "cem"),
    (18, "cem"),
    (33, "ann"),
    (40, "ben"),
    (45, "cem"),
    (48, "dee"),
    (50, "fay"),
)
TASKS = sorted(
    [Task(second, f"start-{number}", customer) for number, (second, customer) in enumerate(STARTS, 1)]
    + [Task(second, f"order-{number}", customer, True) for number, (second, customer) in enumerate(ORDERS, 1)]
)
GONE, TURNED, BACK = 12, 25, 34  # Cem deletes the app, Ben's gets another token, Cem has the app again


@dataclass
class Phone:
    """A customer's telephone: whose push service it has, the app's token now, and whether the app is there."""

    customer: str
    platform: str
    token: str
    installed: bool = True


@dataclass
class Push:
    """One push that was asked for, with what was true when it began, and what the answer returned."""

    order: str
    phone: Phone
    job: Job
    token: str  # the app's
    known: str  # the endpoint's
    is_on: bool
    reachable: bool
    returned: Any = None


class Shop(Jobs):
    """A server on two machines, five telephones with the shop's app, and what their owners do."""

    def __init__(self, lab: Lab, late: float = 0) -> None:
        super().__init__(lab, [task.name for task in TASKS])
        self._start, self._late = lab.scheduler.now, late
        self.sns = lab.client("sns")
        self._apps = {one: self._app(one) for one in (APPLE, GOOGLE)}
        platforms = {"ann": APPLE, "ben": GOOGLE, "cem": APPLE, "dee": APPLE, "fay": GOOGLE}
        self.phones = {name: Phone(name, platform, f"token-of-{name}") for name, platform in platforms.items()}
        self.stored = {name: self._yesterday(name) for name in ("dee", "fay")}
        self.sns.set_endpoint_attributes(EndpointArn=self.stored["dee"], Attributes={"Enabled": OFF})
        self.sns.delete_endpoint(EndpointArn=self.stored["fay"])
        self.registered: dict[str, str] = {}  # the token that each customer's app brought last
        self.first: dict[str, str] = {}  # the endpoint that each customer's first start of the day brought
        self.pushes: list[Push] = []
        self.odd: list[tuple[Job, Any]] = []
        self.letters: list[Letter] = []
        lab.start(self._owners, name="customers")

    def _app(self, platform: str) -> str:
        made = self.sns.create_platform_application(Name="shop", Platform=platform, Attributes=CREDENTIALS)
        return str(made["PlatformApplicationArn"])

    def _yesterday(self, name: str) -> str:
        phone = self.phones[name]
        given = {"PlatformApplicationArn": self._apps[phone.platform], "Token": phone.token}
        return str(self.sns.create_platform_endpoint(**given)["EndpointArn"])

    def _owners(self) -> None:
        for second, name in ((GONE, "cem"), (TURNED, "ben"), (BACK, "cem")):
            self._wait_until(second)
            phone = self.phones[name]
            self.lab.outbox.disable(phone.token)
            phone.installed = second != GONE
            phone.token = phone.token if second == GONE else f"another-token-of-{name}"

    def _wait_until(self, second: float) -> None:
        due = self._start + round((second + self._late) * SECOND)
        self.lab.scheduler.sleep(max(0, due - self.lab.scheduler.now))

    def page(self, register: Function, push: Function) -> None:
        """What one machine does: whatever comes next that no living machine has begun."""
        while True:
            task = self._next()
            phone, job = self.phones[task.customer], self.begin(task.name)
            if task.is_order:
                self._bring(push, phone, job)
            else:
                self._app_starts(register, phone, job)
            job.finished = self.lab.scheduler.now

    def _next(self) -> Task:
        while True:
            taken = {job.name for job in self.jobs if job.died is None}
            for task in TASKS:
                due = self._start + round((task.second + self._late) * SECOND)
                if task.name not in taken and due <= self.lab.scheduler.now:
                    return task
            self.lab.scheduler.sleep(SECOND)

    def _app_starts(self, register: Function, phone: Phone, job: Job) -> None:
        token = phone.token
        endpoint = register(self.sns, self._apps[phone.platform], self.stored.get(phone.customer), token)
        if not isinstance(endpoint, str) or ":endpoint/" not in endpoint:
            self.odd.append((job, endpoint))
            return
        self.stored[phone.customer], self.registered[phone.customer] = endpoint, token
        self.first.setdefault(phone.customer, endpoint)

    def _bring(self, push: Function, phone: Phone, job: Job) -> None:
        endpoint = self.stored.get(phone.customer)
        if endpoint is None:
            return
        found = endpoint_of_arn(endpoint)
        known, on = (found.attributes["Token"], found.attributes["Enabled"] == ON) if found else ("", False)
        reachable = phone.installed and self.registered.get(phone.customer) == phone.token
        one = Push(job.name, phone, job, phone.token, known, on, reachable)
        self.pushes.append(one)
        one.returned = push(self.sns, endpoint, news(job.name))

    def is_over(self) -> bool:
        """Whether all that came is done."""
        return not self.unfinished and not any(job.finished is None and job.died is None for job in self.jobs)

    def close(self) -> None:
        """In the evening an offer goes to the endpoints that have been subscribed since each customer's first start."""
        if not self.was_stopped:
            offers = self.sns.create_topic(Name="offers")["TopicArn"]
            for endpoint in self.first.values():
                self.sns.subscribe(TopicArn=offers, Protocol="application", Endpoint=endpoint)
            self.sns.publish(TopicArn=offers, Message=words.OFFER)
        self.letters = list(self.lab.outbox)

    def arrived(self, token: str, text: str) -> list[Letter]:
        """The pushes with a text that one app has got."""
        return [one for one in self.letters if one.to == token and text in one.text]


def news(order: str) -> str:
    """What a customer shall read."""
    return f"{order} is on its way"


def day(**more: Any) -> Callable[..., Any]:
    """A day: ten minutes, or until everything that came is done."""
    return played(Pages(lambda lab: Shop(lab, **more), 600, MOST_EVENTS))


# What is promised


def _calls(record: Record, job: Job) -> list[Call]:
    """What the machine asked of AWS for one job."""
    until = job.finished or record.events[-1].at
    return [call for call in record.calls if call.by == job.by and job.began <= call.at <= until]


def _registering(record: Record, shop: Shop, phone: Phone) -> list[Call]:
    """What was asked of AWS when a customer's app started the last time."""
    starts = {task.name for task in TASKS if task.customer == phone.customer and not task.is_order}
    jobs = [job for job in shop.jobs if job.name in starts and job.finished is not None]
    return _calls(record, jobs[-1]) if jobs else []


def returned(record: Record, shop: Shop) -> Problem | None:
    """Registering returns the endpoint's ARN."""
    for job, given in shop.odd:
        lines = [told(words.RETURNED, given=repr(given)[:60])]
        return broken(_calls(record, job), lines, told(words.ARN), Mistake.NO_ARN, belief=False)
    return None


def ended(record: Record, shop: Shop) -> Problem | None:
    """Both functions come back."""
    if not shop.unfinished:
        return None
    lines = [say(words.NOT_ENDED, name=shop.unfinished[0])]
    return broken(shared.own_calls(record), lines, told(words.COME_BACK), Mistake.STILL_AT_IT, belief=False)


def reached(record: Record, shop: Shop) -> Problem | None:
    """An app that is there and has brought its token gets each push."""
    for one in shop.pushes:
        if one.job.finished is None or not one.reachable or shop.arrived(one.token, news(one.order)):
            continue
        own = _calls(record, one.job)
        lines = [say(words.NOT_ARRIVED, order=one.order, customer=one.phone.customer, token=one.token)]
        lines += [say(words.ENDPOINT, token=one.known, state=say(words.IS_ON if one.is_on else words.IS_OFF))]
        calls = [*_registering(record, shop, one.phone), *own]
        mistake = _why_not_reached(one, own)
        return broken(calls, lines, told(words.REACHED), mistake, belief=False, customer=one.phone.customer)
    return None


def _why_not_reached(one: Push, own: list[Call]) -> Mistake:
    if one.known != one.token:
        return Mistake.OLD_TOKEN
    if not one.is_on:
        return Mistake.STILL_OFF
    published = [call for call in own if call.operation == "Publish"]
    return Mistake.OTHER_TEXT if published else Mistake.NOT_PUBLISHED


def shaped(record: Record, shop: Shop) -> Problem | None:
    """Each push is the JSON that the telephone's push service wants, with the news in it."""
    for one in shop.pushes:
        for letter in shop.arrived(one.token, news(one.order)):
            if news(one.order) in _readable(letter.text, one.phone.platform):
                continue
            lines = [say(words.GOT, customer=one.phone.customer, platform=one.phone.platform, text=letter.text[:80])]
            mistake = Mistake.NO_PAYLOAD if letter.text == news(one.order) else Mistake.WRONG_PAYLOAD
            numbers = {"platform": one.phone.platform}
            return broken(_calls(record, one.job), lines, told(words.SHAPED), mistake, belief=False, **numbers)
    return None


def _readable(text: str, platform: str) -> list[Any]:
    """The texts that a telephone shows of a payload, in the forms that its push service takes."""
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        sent = json.loads(text)
        if platform == APPLE:
            alert = sent["aps"]["alert"]
            return list(alert.values()) if isinstance(alert, dict) else [alert]
        shown = sent["fcmV1Message"]["message"] if "fcmV1Message" in sent else sent
        return list(shown["notification"].values())
    return []


def honest(record: Record, shop: Shop) -> Problem | None:
    """Pushing says whether the endpoint took it; where it says no, the shop writes an e-mail."""
    for one in shop.pushes:
        if one.job.finished is None or one.returned is one.is_on:
            continue
        lines = [say(words.SAID, order=one.order, given=repr(one.returned)[:40])]
        lines += [say(words.ENDPOINT, token=one.known, state=say(words.IS_ON if one.is_on else words.IS_OFF))]
        mistake = Mistake.SAID_NO if one.is_on else Mistake.SAID_YES
        return broken(_calls(record, one.job), lines, told(words.HONEST), mistake, belief=False, order=one.order)
    return None


def singly(record: Record, shop: Shop) -> Problem | None:
    """Where no answer gets lost and no machine dies, nobody reads a thing twice."""
    for one in shop.pushes:
        if len(shop.arrived(one.token, news(one.order))) > 1:
            lines = [say(words.TWICE, order=one.order)]
            return broken(_calls(record, one.job), lines, told(words.ONCE), Mistake.TWICE, belief=False)
    return None


def kept(record: Record, shop: Shop) -> Problem | None:
    """The endpoint of a customer stays the one that is subscribed to the offers."""
    for name, endpoint in shop.first.items():
        phone = shop.phones[name]
        if shop.registered[name] != phone.token or shop.arrived(phone.token, words.OFFER):
            continue
        lines = [say(words.NO_OFFER, customer=name, first=endpoint[-12:], now=shop.stored[name][-12:])]
        calls = _registering(record, shop, phone)
        return broken(calls, lines, told(words.KEPT), Mistake.NEW_ENDPOINT, belief=False)
    return None


CALLS = told(words.WITHIN, budget=MOST_CALLS)
PROMISED = shared.first_of(shared.calm(MOST_CALLS, CALLS), returned, ended, reached, shaped, honest, kept)
ON_A_DAY = shared.first_of(PROMISED, singly, shared.within(MOST_CALLS, CALLS))


def _told(record: Record, shop: Shop) -> str:
    mails = sum(one.returned is False for one in shop.pushes)
    calls = sum(is_worker(call.by) for call in record.calls)
    return say(words.TOLD, orders=len(shop.pushes), mails=mails, calls=calls)


EXERCISE = Exercise(
    id="14-push-again",
    title=words.TITLE,
    signatures=["register(sns, application, known, token)", "push(sns, endpoint, text)"],
    runs=[
        Run(words.DAY, day(), ON_A_DAY, _told),
        Run(words.FAULTS, day(), PROMISED, _told, faults=Faults.documented(), seed=1),
        *standing(
            day,
            PROMISED,
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
    claims=["snspub-6", "snspub-7", "ends-payloads", "ends-disabled", "ends-register"],
    myths=[],
    source="solutions/14_push_to_people_and_devices.py",
    limits=["60"],
)
