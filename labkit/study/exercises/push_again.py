"""Exercise 14-push-again: pushes reach the customers' telephones, whatever has become of app, token and endpoint."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labkit.aws.sns.outbox import Letter
from labkit.aws.sns.platforms import endpoint_of_arn
from labkit.history import Call
from labkit.rules import Faults
from labkit.study.exercise import Exercise, Function, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.coming import Coming
from labkit.study.shift.jobs import SECOND, Job
from labkit.study.shift.several import Pages, played
from labkit.study.shift.standing import Standing, standing
from labkit.words import push_again as words
from labkit.words import say, told
from labkit.words.push_again import Mistake

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

APPLE, GOOGLE = "APNS", "GCM"
APPLICATION = {"Name": "shop", "Attributes": {"PlatformPrincipal": "certificate", "PlatformCredential": "key"}}
MOST_CALLS, MOST_EVENTS = 60, 600
STARTS = {1: "ann", 2: "ben", 3: "cem", 20: "ann", 26: "ben", 28: "dee", 30: "fay", 35: "cem"}
NEWS = {10: "ann", 11: "ben", 15: "cem", 18: "cem", 33: "ann", 40: "ben", 45: "cem", 48: "dee", 50: "fay"}
START, ORDER = "start", "order"
# What comes to the shop's server, at which second and of whom: an app has started, or there is news of an order.
TASKS = {
    f"{what}-{number}": (second, customer)
    for what, times in ((START, STARTS), (ORDER, NEWS))
    for number, (second, customer) in enumerate(times.items(), 1)
}
GONE, TURNED, BACK = 12, 25, 34  # Cem deletes the app, Ben's gets another token, Cem has the app again


@dataclass
class Phone:
    """A customer's telephone: whose push service it has, and the app's token now."""

    customer: str
    platform: str
    token: str


@dataclass
class Push:
    """One push that was asked for, with what was true when it began, and what the answer returned."""

    order: str
    phone: Phone
    job: Job
    token: str  # the app's
    known: str  # the endpoint's
    is_on: bool
    is_current: bool  # the app is there and has brought its token
    returned: Any = None


class Shop(Coming):
    """A server on two machines, five telephones with the shop's app, and what their owners do."""

    def __init__(self, lab: Lab, late: float = 0) -> None:
        super().__init__(lab, {name: second for name, (second, _) in TASKS.items()}, late)
        self._opened = lab.scheduler.now + round(late * SECOND)
        self.sns = lab.client("sns")
        made = {one: self.sns.create_platform_application(Platform=one, **APPLICATION) for one in (APPLE, GOOGLE)}
        self._apps = {platform: answer["PlatformApplicationArn"] for platform, answer in made.items()}
        platforms = {"ann": APPLE, "ben": GOOGLE, "cem": APPLE, "dee": APPLE, "fay": GOOGLE}
        self.phones = {name: Phone(name, platform, f"token-of-{name}") for name, platform in platforms.items()}
        self.stored = {name: self._yesterday(self.phones[name]) for name in ("dee", "fay")}
        self.sns.set_endpoint_attributes(EndpointArn=self.stored["dee"], Attributes={"Enabled": "false"})
        self.sns.delete_endpoint(EndpointArn=self.stored["fay"])
        self.registered: dict[str, str] = {}  # the token that each customer's app brought last
        self.first: dict[str, str] = {}  # the endpoint that each customer's first start of the day brought
        self.pushes: list[Push] = []
        self.odd: list[tuple[Job, Any]] = []
        self.letters: list[Letter] = []
        lab.start(self._owners, name="customers")

    def _yesterday(self, phone: Phone) -> str:
        given = {"PlatformApplicationArn": self._apps[phone.platform], "Token": phone.token}
        return str(self.sns.create_platform_endpoint(**given)["EndpointArn"])

    def _owners(self) -> None:
        for second, name in ((GONE, "cem"), (TURNED, "ben"), (BACK, "cem")):
            self.wait_until(self._opened + second * SECOND)
            phone = self.phones[name]
            self.lab.outbox.disable(phone.token)
            phone.token = phone.token if second == GONE else f"another-token-of-{name}"

    def page(self, register: Function, push: Function) -> None:
        """What one machine does: whatever comes next that no living machine has begun."""
        while True:
            job = self.begin(self.next())
            phone = self.phones[TASKS[job.name][1]]
            if job.name.startswith(START):
                self._app_starts(register, phone, job)
            else:
                self._bring(push, phone, job)
            job.finished = self.lab.scheduler.now

    def _app_starts(self, register: Function, phone: Phone, job: Job) -> None:
        token = phone.token
        endpoint = register(self.sns, self._apps[phone.platform], self.stored.get(phone.customer), token)
        if not isinstance(endpoint, str) or endpoint_of_arn(endpoint) is None:
            self.stored.pop(phone.customer, None)
            return self.odd.append((job, endpoint))
        self.stored[phone.customer], self.registered[phone.customer] = endpoint, token
        self.first.setdefault(phone.customer, endpoint)
        return None

    def _bring(self, push: Function, phone: Phone, job: Job) -> None:
        endpoint = self.stored.get(phone.customer)
        found = endpoint and endpoint_of_arn(endpoint)
        if not found:
            return
        known, is_on = found.attributes["Token"], found.attributes["Enabled"] == "true"
        is_current = self.registered.get(phone.customer) == phone.token and not self.lab.outbox.is_invalid(phone.token)
        self.pushes.append(one := Push(job.name, phone, job, phone.token, known, is_on, is_current))
        one.returned = push(self.sns, endpoint, news(job.name))

    def close(self) -> None:
        """In the evening an offer goes to the endpoints that have been subscribed since each customer's first start."""
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


def day(**more: Any) -> Any:
    """A day: ten minutes, or until everything that came is done."""
    return played(Pages(lambda lab: Shop(lab, **more), 600, MOST_EVENTS))


# What is promised


def _calls(record: Record, job: Job) -> list[Call]:
    """What the machine asked of AWS for one job."""
    until = job.finished or record.events[-1].at
    return [call for call in record.calls if call.by == job.by and job.began <= call.at <= until]


def _registering(record: Record, shop: Shop, customer: str, before: int) -> list[Call]:
    """What was asked of AWS when a customer's app had started the last time."""
    starts = [one for one in shop.finished if one.name.startswith(START) and one.began < before]
    own = [one for one in starts if TASKS[one.name][1] == customer]
    return _calls(record, own[-1]) if own else []


def _wrong(calls: list[Call], lines: list[str], expected: str, mistake: Mistake, **numbers: object) -> Problem:
    return broken(calls, lines, told(expected), mistake, belief=False, **numbers)


def _endpoint(one: Push) -> str:
    return say(words.ENDPOINT, token=one.known, state=say(words.IS_ON if one.is_on else words.IS_OFF))


def returned(record: Record, shop: Shop) -> Problem | None:
    """Registering returns the ARN of an endpoint."""
    for job, given in shop.odd:
        mistake = Mistake.GONE if isinstance(given, str) and ":endpoint/" in given else Mistake.NO_ARN
        return _wrong(_calls(record, job), [say(words.RETURNED, given=repr(given)[:99])], words.ARN, mistake)
    return None


def ended(record: Record, shop: Shop) -> Problem | None:
    """Both functions come back."""
    for name in shop.unfinished:
        calls = shared.own_calls(record)
        return _wrong(calls, [say(words.NOT_ENDED, name=name)], words.COME_BACK, Mistake.STILL_AT_IT)
    return None


def reached(record: Record, shop: Shop) -> Problem | None:
    """An app that is there and has brought its token gets each push."""
    for one in shop.pushes:
        if one.job.finished is None or not one.is_current or shop.arrived(one.token, news(one.order)):
            continue
        own, name = _calls(record, one.job), one.phone.customer
        lines = [say(words.NOT_ARRIVED, order=one.order, customer=name, token=one.token), _endpoint(one)]
        calls = [*_registering(record, shop, name, one.job.began), *own]
        return _wrong(calls, lines, words.REACHED, _why_not_reached(one, own), customer=name)
    return None


def _why_not_reached(one: Push, own: list[Call]) -> Mistake:
    if one.known != one.token or not one.is_on:
        return Mistake.STILL_OFF if one.known == one.token else Mistake.OLD_TOKEN
    return Mistake.OTHER_TEXT if any(call.operation == "Publish" for call in own) else Mistake.NOT_PUBLISHED


def shaped(record: Record, shop: Shop) -> Problem | None:
    """Each push is the JSON that the telephone's push service wants, with the news in it."""
    for one in shop.pushes:
        text, platform = news(one.order), one.phone.platform
        for letter in shop.arrived(one.token, text):
            if text not in _readable(letter.text, platform):
                lines = [say(words.GOT, customer=one.phone.customer, platform=platform, text=letter.text[:80])]
                mistake = (
                    Mistake.NO_PAYLOAD if letter.text == text or platform in letter.text else Mistake.WRONG_PAYLOAD
                )
                return _wrong(_calls(record, one.job), lines, words.SHAPED, mistake, platform=platform)
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


def singly(record: Record, shop: Shop) -> Problem | None:
    """Where no answer gets lost and no machine dies, nothing is published twice."""
    for one in shop.pushes:
        calls = [call for call in _calls(record, one.job) if call.operation == "Publish" and not call.error]
        if len(calls) > 1:
            return _wrong(calls, [say(words.TWICE, order=one.order)], words.ONCE, Mistake.TWICE)
    return None


def honest(record: Record, shop: Shop) -> Problem | None:
    """Pushing says whether the endpoint took it; where it says no, the shop writes an e-mail."""
    for one in shop.pushes:
        if one.job.finished is not None and one.returned is not one.is_on:
            lines = [say(words.SAID, order=one.order, given=repr(one.returned)[:40]), _endpoint(one)]
            mistake = Mistake.SAID_NO if one.is_on else Mistake.SAID_YES
            return _wrong(_calls(record, one.job), lines, words.HONEST, mistake, order=one.order)
    return None


def kept(record: Record, shop: Shop) -> Problem | None:
    """The endpoint of a customer stays the one that is subscribed to the offers."""
    for name, endpoint in shop.first.items():
        phone = shop.phones[name]
        if shop.registered[name] == phone.token and not shop.arrived(phone.token, words.OFFER):
            lines = [say(words.NO_OFFER, customer=name, first=endpoint[-12:], now=shop.stored[name][-12:])]
            calls = _registering(record, shop, name, before=record.events[-1].at)
            return _wrong(calls, lines, words.KEPT, Mistake.NEW_ENDPOINT)
    return None


CALLS = told(words.WITHIN, budget=MOST_CALLS)
ARRIVED = shared.first_of(shared.calm(MOST_CALLS, CALLS), returned, ended, reached, shaped)
PROMISED = shared.first_of(ARRIVED, honest, kept)
ON_A_DAY = shared.first_of(ARRIVED, singly, PROMISED, shared.within(MOST_CALLS, CALLS))


def _told(record: Record, shop: Shop) -> str:
    mails = sum(one.returned is False for one in shop.pushes)
    return say(words.TOLD, orders=len(shop.pushes), mails=mails, calls=shared.count_calls(record).total())


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
        ),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["snspub-6", "snspub-7", "ends-payloads", "ends-disabled", "ends-register"],
    myths=[],
    source="solutions/14_push_to_people_and_devices.py",
    limits=["60"],
)
