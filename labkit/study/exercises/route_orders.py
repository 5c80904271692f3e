"""Exercise 12-route-orders: the filter policies of four services, judged by who gets which of hundreds of events."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from labkit.causes import Mismatch, Step
from labkit.history.log import Delivery
from labkit.probes.bench import let_sns
from labkit.rules import Faults, draw
from labkit.rules.filters import Failure, FilterPolicy, Published
from labkit.study.exercise import Exercise, Function, Problem, Run, broken
from labkit.study.record import Record
from labkit.words import Told, say, told
from labkit.words import route_orders as words
from labkit.words.filters import why_not
from labkit.words.route_orders import Mistake

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

DRAWN, BATCH = 184, 10
ATTRIBUTES, BODY = "MessageAttributes", "MessageBody"
WHATS = ("order", "order", "order", "refund", "visit", "test")
COUNTRIES = ("ES", "PT", "FR", "DE", None)
TAGS = ("fragile", "glass-blue", "glass-green", "books", "looking-glass")
LEVELS = ("new", "plain", "gold")
WEIGHTS, TOTALS = (2.0, 30.0), (1000.0,)


@dataclass(frozen=True)
class Event:
    """What happened in a shop: web, app or till, each of which writes its events in a way of its own."""

    name: str
    shop: str
    what: str
    country: str | None
    weight: float
    tags: tuple[str, ...]
    total: float
    level: str

    @property
    def kind(self) -> str | None:
        """The kind among the attributes: the app has capitals, and a till has none."""
        return {"web": self.what, "app": self.what.capitalize()}.get(self.shop)

    def attributes(self) -> dict[str, dict[str, str]]:
        """The attributes; the total is written as text."""
        texts = {"shop": self.shop, "kind": self.kind, "country": self.country, "total": f"{self.total:g}"}
        found = {name: {"DataType": "String", "StringValue": text} for name, text in texts.items() if text is not None}
        found["weight"] = {"DataType": "Number", "StringValue": f"{self.weight:g}"}
        if self.tags:
            found["tags"] = {"DataType": "String.Array", "StringValue": json.dumps(self.tags)}
        return found

    def body(self) -> dict[str, Any]:
        """The body, in which kinds are written in one way and the total is a number."""
        return {"event": self.name, "kind": self.what, "total": self.total, "customer": {"level": self.level}}


def events() -> list[Event]:
    """Drawn events, and then those at each bound and of each spelling."""
    found = [_drawn(number) for number in range(1, DRAWN + 1)]
    edges = [
        *(("web", "order", "ES", weight, ("fragile",), 20.0, "plain") for weight in (1.99, 2.0, 29.99, 30.0, 30.01)),
        *(("web", "order", "FR", 5.0, (), total, "gold") for total in (999.99, 1000.0, 1000.01, 90.0)),
        *(("app", what, "PT", 1.0, ("looking-glass",), 20.0, "new") for what in ("order", "visit", "test", "refund")),
        *(("till", what, "ES", 40.0, ("glass-blue", "books"), 4800.0, "plain") for what in ("order", "refund")),
        ("web", "refund", None, 10.0, ("books", "glass-red"), 4800.0, "new"),
    ]
    return found + [Event(f"event-{DRAWN + place}", *edge) for place, edge in enumerate(edges, 1)]


def _drawn(number: int) -> Event:
    def one(of: str, some: tuple[Any, ...]) -> Any:
        return some[int(draw("12-route-orders", number, of) * len(some))]

    tags = tuple(tag for tag in TAGS if draw("12-route-orders", number, tag) < 0.3)
    weight, total = (round(draw("12-route-orders", number, of) * most, 2) for of, most in (("kg", 50), ("total", 2000)))
    shop, what, country = one("shop", ("web", "app", "till")), one("what", WHATS), one("country", COUNTRIES)
    return Event(f"event-{number}", shop, what, country, weight, tags, total, one("level", LEVELS))


# What the services wish, in Python and without any policy


Test = Callable[[Event], bool]


@dataclass(frozen=True)
class Wish:
    """What a service wants: each key of `every` must be right, and one of those of `either` if there are some."""

    every: Mapping[str, Test]
    either: Mapping[str, Test]

    def wants(self, event: Event) -> bool:
        """Whether the service wants an event."""
        one = not self.either or any(test(event) for test in self.either.values())
        return one and all(test(event) for test in self.every.values())

    def wrong(self, event: Event) -> str:
        """The first key that makes an event unwanted."""
        return next(key for key, test in {**self.every, **self.either}.items() if not test(event))

    def allows(self, key: str, event: Event) -> bool:
        """Whether what an event has under a key is what the service wants there."""
        return key in {**self.every, **self.either} and {**self.every, **self.either}[key](event)


WISHES = {
    "warehouse": Wish(
        {"kind": lambda one: one.kind in ("order", "Order"), "country": lambda one: one.country in ("ES", "PT")}, {}
    ),
    "letters": Wish({"kind": lambda one: one.kind not in ("visit", "Visit", "test", "Test")}, {}),
    "fraud": Wish(
        {"kind": lambda one: one.what == "order"},
        {"total": lambda one: one.total >= TOTALS[0], "customer.level": lambda one: one.level == "new"},
    ),
    "parcels": Wish(
        {
            "weight": lambda one: WEIGHTS[0] <= one.weight < WEIGHTS[1],
            "tags": lambda one: any(tag == "fragile" or tag.startswith("glass-") for tag in one.tags),
        },
        {},
    ),
}


# The day


@dataclass
class Day:
    """What a run was: the policies that the answer gave, what SNS refused, and the events by their bodies."""

    given: Any
    refused: tuple[str, ClientError] | None
    published: dict[str, Event]


def play(lab: Lab, policies: Function) -> Day:
    """Subscribe the four services with the answer's policies, and publish the events of the three shops."""
    given = policies()
    day = Day(given, None, {json.dumps(event.body()): event for event in events()})
    if _unusable(given) or _missing(given) is not None:
        return day
    topic = lab.client("sns").create_topic(Name="events")["TopicArn"]
    for service in WISHES:
        try:
            _subscribe(lab, topic, service, _attributes(given, service))
        except ClientError as refused:
            day.refused = (service, refused)
            return day
    _publish(lab, topic, day.published)
    return day


def _attributes(given: Any, service: str) -> dict[str, str]:
    """What Subscribe is given: a policy as text, and everything else as it is."""
    policy, scope = given[service].get("FilterPolicy", {}), given[service].get("FilterPolicyScope", ATTRIBUTES)
    return {
        "FilterPolicy": policy if isinstance(policy, str) else json.dumps(policy),
        "FilterPolicyScope": str(scope),
        "RawMessageDelivery": "true",
    }


def _unusable(given: Any) -> bool:
    """Whether these are no policies of the four services: another type, another name, what can't be JSON."""
    try:
        return not (
            set(given) <= set(WISHES) and all(isinstance(one, dict) for one in given.values()) and json.dumps(given)
        )
    except (TypeError, ValueError, AttributeError):
        return True


def _missing(given: Any) -> str | None:
    """The first service that was forgotten."""
    return next((name for name in WISHES if name not in given or "FilterPolicy" not in given[name]), None)


def _subscribe(lab: Lab, topic: str, service: str, attributes: dict[str, str]) -> None:
    sqs, sns = lab.client("sqs"), lab.client("sns")
    arn = let_sns(sqs, sqs.create_queue(QueueName=service)["QueueUrl"], topic)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)


def _publish(lab: Lab, topic: str, published: Mapping[str, Event]) -> None:
    entries = [
        {"Id": event.name, "Message": body, "MessageAttributes": event.attributes()}
        for body, event in published.items()
    ]
    for start in range(0, len(entries), BATCH):
        lab.client("sns").publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries[start : start + BATCH])


# Who got what, and why


@dataclass(frozen=True)
class Wrong:
    """An event that came where nobody wanted it, or was held back where it was wanted, and the policy that did so."""

    service: str
    event: Event
    cell: Delivery
    policy: Any
    scope: str

    @property
    def lost(self) -> bool:
        """Whether it was held back."""
        return self.cell.step is Step.FILTERED


def judge(record: Record, day: Day) -> Problem | None:
    """The first promise that is broken: four policies, which SNS takes, and which let the wanted events pass."""
    if _unusable(day.given):
        return _not_four(day, Mistake.NOT_POLICIES)
    if (missing := _missing(day.given)) is not None:
        return _not_four(day, Mistake.MISSING_SERVICE, service=missing)
    if day.refused is not None:
        return _refused(day, *day.refused)
    found = min(_wrong(record, day), key=lambda one: list(WISHES).index(one.service), default=None)
    return None if found is None else _problem(day, found)


def _not_four(day: Day, mistake: Mistake, **numbers: object) -> Problem:
    returned = told(words.RETURNED, given=repr(day.given)[:60])
    return _broken([words.CALLED], [returned], told(words.FOUR, names=", ".join(WISHES)), mistake, **numbers)


def _broken(called: list[Any], came_back: list[Any], expected: Told, mistake: Enum, **numbers: object) -> Problem:
    return broken(called, came_back, expected, mistake, belief=False, **numbers)


def _refused(day: Day, service: str, refused: ClientError) -> Problem:
    policy, scope = _read(day.given, service)
    details = refused.response["Error"]
    line = told(words.REFUSED_BY, code=details["Code"], text=details["Message"])
    mistake = Mistake.REFUSED
    if any(len(rule) > 1 for _, rules in _keys(policy) for rule in rules if isinstance(rule, dict)):
        mistake = Mistake.TWO_OPERATORS
    elif scope == ATTRIBUTES and any("." in path for path, _ in _keys(policy)):
        mistake = Mistake.NESTED
    return _broken([_subscribed(day, service)], [line], _expected(service), mistake)


def _wrong(record: Record, day: Day) -> Iterator[Wrong]:
    for one in record.deliveries:
        if one.endpoint in WISHES and one.step in (Step.FILTERED, Step.DELIVERED):
            event = day.published[one.body]
            if WISHES[one.endpoint].wants(event) != (one.step is Step.DELIVERED):
                yield Wrong(one.endpoint, event, one, *_read(day.given, one.endpoint))


def _read(given: Any, service: str) -> tuple[Any, str]:
    """A service's policy as a tree (what is no JSON is an empty one), and its scope."""
    attributes = _attributes(given, service)
    try:
        return json.loads(attributes["FilterPolicy"] or "{}"), attributes["FilterPolicyScope"]
    except ValueError:
        return {}, attributes["FilterPolicyScope"]


def _keys(policy: Any, within: str = "") -> Iterator[tuple[str, list[Any]]]:
    """The keys of a policy by their paths, those inside `$or` among them, with the rules of each."""
    for name, value in policy.items() if isinstance(policy, dict) else ():
        if name == "$or" and isinstance(value, list):
            for group in value:
                yield from _keys(group, within)
        elif isinstance(value, dict):
            yield from _keys(value, f"{within}{name}.")
        elif isinstance(value, list):
            yield f"{within}{name}", value


def _problem(day: Day, wrong: Wrong) -> Problem:
    event, failure = wrong.event, _failure(wrong)
    why = "" if failure is None else why_not(failure.why, failure.key, failure.found)
    told_of = told(words.PUBLISHED, event=event.name, attributes=_shown(event), body=json.dumps(event.body()))
    line = told(words.HELD if wrong.lost else words.GOT, event=event.name, service=wrong.service, why=why)
    mistake, key = _let_in(wrong) if failure is None else _held_back(wrong, failure)
    place = "body" if wrong.scope == ATTRIBUTES else "attributes"
    more = {"key": key, "why": why, "place": place, "found": "" if failure is None else ", ".join(failure.found)}
    return _broken([_subscribed(day, wrong.service), told_of], [line], _expected(wrong.service), mistake, **more)


def _shown(event: Event) -> str:
    return ", ".join(f"{name} = {one['StringValue']} ({one['DataType']})" for name, one in event.attributes().items())


def _subscribed(day: Day, service: str) -> Told:
    attributes = _attributes(day.given, service)
    return told(
        words.SUBSCRIBED, service=service, scope=attributes["FilterPolicyScope"], policy=attributes["FilterPolicy"]
    )


def _expected(service: str) -> Told:
    return told(words.EXPECTED, service=service, wish=words.WISHES[service])


KNOWN = {
    ATTRIBUTES: {"shop", "kind", "country", "total", "weight", "tags"},
    BODY: {"event", "kind", "total", "customer.level"},
}


def _failure(wrong: Wrong) -> Failure | None:
    """The key that held a wanted event back: of several one whose value was wanted, else one that no event has."""
    if not wrong.lost:
        return None
    published = Published(wrong.event.attributes(), wrong.cell.body)
    decision = FilterPolicy(json.dumps(wrong.policy), wrong.scope).decide(published)
    wish, failures = WISHES[wrong.service], [one for way in decision.ways for one in way]
    wanted = [one for one in failures if wish.allows(one.key, wrong.event)]
    unknown = [one for one in failures if one.key not in KNOWN[wrong.scope]]
    return [*wanted, *unknown, *decision.failing][0]


def _held_back(wrong: Wrong, failure: Failure) -> tuple[Mistake, str]:
    """Why a wanted event was held back, by the key that failed and what the event has there."""
    key, why, wish = failure.key, failure.why, WISHES[wrong.service]
    (elsewhere,) = (known for scope, known in KNOWN.items() if scope != wrong.scope)
    if key not in KNOWN[wrong.scope]:
        return (Mistake.WRONG_SCOPE if key in elsewhere else Mistake.UNKNOWN_KEY), key
    if why is Mismatch.WRONG_TYPE:
        return Mistake.AS_TEXT, key
    if why in (Mismatch.MISSING, Mismatch.NOTHING_AT_ALL):
        return Mistake.MISSING_KEY, key
    if key in wish.either and not wish.allows(key, wrong.event) and "$or" not in wrong.policy:
        return Mistake.OR_AS_AND, key
    if _is_at_bound(key, wrong.event):
        return Mistake.BOUND_OUT, key
    if why is Mismatch.NOT_LISTED and _is_listed_otherwise(wrong.policy, failure):
        return Mistake.CASE, key
    return Mistake.HELD_BACK, key


def _is_listed_otherwise(policy: Any, failure: Failure) -> bool:
    """Whether a policy lists what an event has, in another spelling."""
    listed = [
        rule.casefold() for path, rules in _keys(policy) if path == failure.key for rule in map(json.dumps, rules)
    ]
    return any(found.casefold() in listed for found in failure.found)


def _let_in(wrong: Wrong) -> tuple[Mistake, str]:
    """Why an unwanted event passed, by the first key that makes it unwanted."""
    key = WISHES[wrong.service].wrong(wrong.event)
    beside = {name: value for name, value in wrong.policy.items() if name != "$or"}
    if key not in {path for path, _ in _keys(wrong.policy)}:
        return Mistake.FORGOTTEN, key
    if key in WISHES[wrong.service].every and key not in {path for path, _ in _keys(beside)}:
        return Mistake.OR_TOO_WIDE, key
    rules = [rule for path, found in _keys(wrong.policy) if path == key for rule in found]
    if sum(isinstance(rule, dict) and "numeric" in rule for rule in rules) > 1:
        return Mistake.BOUNDS_APART, key
    if _is_at_bound(key, wrong.event):
        return Mistake.BOUND_IN, key
    if key == "kind" and wrong.event.kind != wrong.event.what and f'"{wrong.event.what}"' in json.dumps(rules):
        return Mistake.CASE, key
    return Mistake.LET_IN, key


def _is_at_bound(key: str, event: Event) -> bool:
    return (key == "weight" and event.weight in WEIGHTS) or (key == "total" and event.total in TOTALS)


def _told(record: Record, day: Day) -> str:
    copies = {(one.endpoint, one.body) for one in record.deliveries if one.step is Step.DELIVERED}
    return say(words.TOLD, events=len(day.published), copies=len(copies))


EXERCISE = Exercise(
    id="12-route-orders",
    title=words.TITLE,
    signatures=["policies()"],
    runs=[
        Run(words.DAY, play, judge, _told),
        Run(words.FAULTS, play, judge, _told, faults=Faults.documented(), seed=2),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["filter-1", "filter-keys-and-values", "filter-or", "filter-missing", "filter-number", "filter-case"],
    myths=[],
    source="solutions/12_message_filtering.py",
    limits=["1000", "2", "30"],
)
