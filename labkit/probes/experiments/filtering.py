"""Message filtering: who gets which message, which policies SNS refuses, and what filtering at the topic saves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from labkit.probes import wrong_filters as wrong
from labkit.probes.bench import ACCEPTED, Bench
from labkit.probes.registry import probe

ATTRIBUTES, BODY = "MessageAttributes", "MessageBody"
Attributes = dict[str, dict[str, str]]
NONE: Attributes = {}


def text(**values: str) -> Attributes:
    """Attributes of type String."""
    return {name: {"DataType": "String", "StringValue": value} for name, value in values.items()}


def number(**values: float) -> Attributes:
    """Attributes of type Number."""
    return {name: {"DataType": "Number", "StringValue": f"{value}"} for name, value in values.items()}


class Topic:
    """A topic and the queues subscribed to it, which get the messages as they were published."""

    def __init__(self, bench: Bench) -> None:
        self._bench, self._urls = bench, dict[str, str]()
        self.calls = 0  # those that empty a queue
        self.sns = bench.client("sns")
        self.arn: str = self.sns.create_topic(Name="events")["TopicArn"]

    def subscribe(self, name: str, policy: Any = None, scope: str = ATTRIBUTES, **more: str) -> str:
        """Subscribe a new queue and return the subscription's ARN."""
        self._urls[name] = self._bench.create(name)
        attributes = self.attributes(policy, scope) | more | {"RawMessageDelivery": "true"}
        endpoint = self._bench.let_sns(self._urls[name], self.arn)
        answer = self.sns.subscribe(TopicArn=self.arn, Protocol="sqs", Endpoint=endpoint, Attributes=attributes)
        found: str = answer["SubscriptionArn"]
        return found

    def attributes(self, policy: Any, scope: str = ATTRIBUTES) -> dict[str, str]:
        """The attributes of a subscription with this policy."""
        return {} if policy is None else {"FilterPolicy": json.dumps(policy), "FilterPolicyScope": scope}

    def answer(self, policy: Any, scope: str = ATTRIBUTES) -> str:
        """What Subscribe answers to a policy: "accepted", or AWS's error code."""
        name = f"queue-{len(self._urls)}"
        self._urls[name] = self._bench.create(name)
        given = {"TopicArn": self.arn, "Protocol": "sqs", "Endpoint": self._bench.let_sns(self._urls[name], self.arn)}
        return self._bench.answer("subscribe", "sns", **given, Attributes=self.attributes(policy, scope))

    def publish(self, body: str, attributes: Attributes = NONE) -> dict[str, Any]:
        """Publish a message and return what Publish answered."""
        more = {"MessageAttributes": attributes} if attributes else {}
        answer: dict[str, Any] = self.sns.publish(TopicArn=self.arn, Message=body, **more)
        return answer

    def got(self, name: str) -> list[str]:
        """The bodies of all messages that wait in a queue, which are deleted."""
        found: list[str] = []
        self._bench.url = self._urls[name]
        while messages := self._bench.receive(10):
            found += [message["Body"] for message in messages]
            self.calls += 1 + len(messages)
            for message in messages:
                self._bench.delete(message)
        self.calls += 1
        return found


def passing(bench: Bench, policy: Any, messages: Mapping[str, Attributes]) -> str:
    """Which of these messages pass a policy on attributes, by name."""
    topic = Topic(bench)
    topic.subscribe("some", policy)
    for name, attributes in messages.items():
        topic.publish(name, attributes)
    return _listed(topic.got("some"), list(messages))


def passing_bodies(bench: Bench, policy: Any, bodies: Mapping[str, str]) -> str:
    """Which of these bodies pass a policy on the body, by name."""
    topic = Topic(bench)
    topic.subscribe("bodies", policy, BODY)
    for body in bodies.values():
        topic.publish(body)
    got = set(topic.got("bodies"))
    return _listed([name for name, body in bodies.items() if body in got], list(bodies))


def _listed(found: list[str], order: list[str]) -> str:
    return ", ".join(sorted(found, key=order.index)) or "nothing"


@probe(
    "filter-1",
    "A policy on the key kind, and a kind in the attributes of one message and in the body of another: by attributes "
    "{attributes} passes, by the body {body}",
    wrong=wrong.OF_ATTRIBUTES,
)
def one_scope(bench: Bench) -> None:
    topic = Topic(bench)
    for scope in (ATTRIBUTES, BODY):
        topic.subscribe(scope, {"kind": ["order"]}, scope)
    inside = json.dumps({"kind": "order"})
    topic.publish("no JSON", text(kind="order"))
    topic.publish(inside, text(other="order"))
    bench.see("attributes", ", ".join(topic.got(ATTRIBUTES)), "no JSON")
    bench.see("body", ", ".join(topic.got(BODY)), inside)


@probe(
    "filter-2",
    "Two messages: {without} without a policy, {empty} with an empty one, {some} with one for orders",
    wrong=wrong.NOTHING_WITHOUT,
)
def without_a_policy(bench: Bench) -> None:
    topic = Topic(bench)
    for name, policy in (("without", None), ("empty", {}), ("some", {"kind": ["order"]})):
        topic.subscribe(name, policy)
    for kind in ("order", "refund"):
        topic.publish(kind, text(kind=kind))
    for name, expected in (("without", 2), ("empty", 2), ("some", 1)):
        bench.see(name, len(topic.got(name)), expected)


@probe("filter-keys-and-values", "Orders or refunds, and from Spain: {passing} pass", wrong=wrong.ANY_KEY)
def every_key_one_value(bench: Bench) -> None:
    policy = {"kind": ["order", "refund"], "country": ["ES"]}
    messages = {
        f"{kind} from {country}": text(kind=kind, country=country)
        for kind in ("order", "refund", "visit")
        for country in ("ES", "FR")
    }
    bench.see("passing", passing(bench, policy, messages), "order from ES, refund from ES")


@probe("filter-or", "For shoes: from Spain, or from 100 up: {passing} pass", wrong=wrong.NO_EFFECT)
def one_group(bench: Bench) -> None:
    either = [{"country": ["ES"]}, {"price": [{"numeric": [">=", 100]}]}]
    messages = {
        "neither": text(kind="shoes", country="FR") | number(price=20),
        "Spain": text(kind="shoes", country="ES") | number(price=20),
        "dear": text(kind="shoes", country="FR") | number(price=200),
        "both": text(kind="shoes", country="ES") | number(price=200),
        "both, but hats": text(kind="hats", country="ES") | number(price=200),
    }
    bench.see("passing", passing(bench, {"kind": ["shoes"], "$or": either}, messages), "Spain, dear, both")


@probe(
    "filter-missing",
    "A policy on the channel: {strict}; with exists false beside the value: {lenient}",
    wrong=wrong.MISSING_PASSES,
)
def missing_key(bench: Bench) -> None:
    messages = {"web": text(channel="web"), "app": text(channel="app"), "no channel": text(kind="order")}
    topic = Topic(bench)
    topic.subscribe("strict", {"channel": ["web"]})
    topic.subscribe("lenient", {"channel": ["web", {"exists": False}]})
    for name, attributes in messages.items():
        topic.publish(name, attributes)
    bench.see("strict", _listed(topic.got("strict"), list(messages)), "web")
    bench.see("lenient", _listed(topic.got("lenient"), list(messages)), "web, no channel")


@probe("filter-exists", "exists true: {present}; exists false: {absent}", wrong=wrong.NO_EFFECT)
def existing_key(bench: Bench) -> None:
    messages = {"with it": text(gift="yes"), "with another": text(kind="order"), "with none": NONE}
    topic = Topic(bench)
    topic.subscribe("present", {"gift": [{"exists": True}]})
    topic.subscribe("absent", {"gift": [{"exists": False}]})
    for name, attributes in messages.items():
        topic.publish(name, attributes)
    bench.see("present", ", ".join(topic.got("present")), "with it")
    bench.see("absent", ", ".join(topic.got("absent")), "with another")


@probe(
    "filter-silent",
    "Publish answers with status {status}; in the queue {queue}, in its dead-letter queue {dead}",
    wrong=wrong.NO_EFFECT,
)
def no_error(bench: Bench) -> None:
    topic = Topic(bench)
    dead = bench.let_sns(bench.create("dead"), topic.arn)
    topic.subscribe("some", {"kind": ["refund"]}, RedrivePolicy=json.dumps({"deadLetterTargetArn": dead}))
    answer = topic.publish("order", text(kind="order"))
    bench.see("status", answer["ResponseMetadata"]["HTTPStatusCode"], 200)
    bench.see("queue", len(topic.got("some")), 0)
    bench.url = bench.create("dead")
    bench.see("dead", bench.counts()[0], 0)


@probe(
    "filter-number",
    "From 1,000 up, and a price of 1,200: as an attribute {attributes}, in the body {body}",
    wrong=wrong.DIGITS_ARE_NUMBERS,
)
def text_is_no_number(bench: Bench) -> None:
    policy = {"price": [{"numeric": [">=", 1000]}]}
    messages = {"the Number": number(price=1200), "the String": text(price="1200")}
    bench.see("attributes", passing(bench, policy, messages), "the Number")
    bodies = {"without quotes": '{"price": 1200}', "with quotes": '{"price": "1200"}'}
    bench.see("body", passing_bodies(bench, policy, bodies), "without quotes")


@probe("filter-numeric", "From 100 up to but not including 500: {passing} pass", wrong=wrong.NO_EFFECT)
def at_the_bounds(bench: Bench) -> None:
    prices = (99.99, 100, 300, 499.99, 500)
    messages = {f"{price}": number(price=price) for price in prices}
    policy = {"price": [{"numeric": [">=", 100, "<", 500]}]}
    bench.see("passing", passing(bench, policy, messages), "100, 300, 499.99")


@probe(
    "filter-case",
    "shoes: {exact}; shoes in any case: {folded}; under the key Kind: {key}",
    wrong=wrong.CASE_IGNORED,
)
def case_by_case(bench: Bench) -> None:
    topic = Topic(bench)
    topic.subscribe("exact", {"kind": ["shoes"]})
    topic.subscribe("folded", {"kind": [{"equals-ignore-case": "shoes"}]})
    topic.subscribe("key", {"Kind": ["shoes"]})
    kinds = ["shoes", "Shoes", "SHOES"]
    for kind in kinds:
        topic.publish(kind, text(kind=kind))
    bench.see("exact", _listed(topic.got("exact"), kinds), "shoes")
    bench.see("folded", _listed(topic.got("folded"), kinds), "shoes, Shoes, SHOES")
    bench.see("key", _listed(topic.got("key"), kinds), "nothing")


EVENTS = ["order.placed", "order.paid", "refund.paid", "Order.placed"]
RULES = {
    "prefix": ({"prefix": "order."}, "order.placed, order.paid"),
    "suffix": ({"suffix": ".paid"}, "order.paid, refund.paid"),
    "wildcard": ({"wildcard": "o*.p*d"}, "order.placed, order.paid"),
    "but_value": ({"anything-but": ["order.paid"]}, "order.placed, refund.paid, Order.placed"),
    "but_prefix": ({"anything-but": {"prefix": "order."}}, "refund.paid, Order.placed"),
    "but_suffix": ({"anything-but": {"suffix": ".paid"}}, "order.placed, Order.placed"),
}


@probe(
    "filter-text",
    "prefix: {prefix}; suffix: {suffix}; wildcard: {wildcard}; anything but a value: {but_value}, "
    "a prefix: {but_prefix}, a suffix: {but_suffix}",
    wrong=wrong.NO_EFFECT,
)
def parts_of_a_text(bench: Bench) -> None:
    topic = Topic(bench)
    for name, (rule, _) in RULES.items():
        topic.subscribe(name, {"event": [rule]})
    for event in EVENTS:
        topic.publish(event, text(event=event))
    for name, (_, expected) in RULES.items():
        bench.see(name, _listed(topic.got(name), EVENTS), expected)


@probe("filter-cidr", "In 10.1.0.0/16: {passing}", wrong=wrong.NO_EFFECT)
def in_a_network(bench: Bench) -> None:
    addresses = ("10.0.255.255", "10.1.0.0", "10.1.7.9", "10.1.255.255", "10.2.0.0", "somewhere")
    messages = {address: text(source=address) for address in addresses}
    policy = {"source": [{"cidr": "10.1.0.0/16"}]}
    bench.see("passing", passing(bench, policy, messages), "10.1.0.0, 10.1.7.9, 10.1.255.255")


@probe(
    "filter-anything-but",
    "Anything but tests: {alone}; or no kind at all: {beside}",
    wrong=wrong.MISSING_PASSES,
)
def anything_is_something(bench: Bench) -> None:
    messages = {"a test": text(kind="test"), "an order": text(kind="order"), "no kind": text(country="ES")}
    topic = Topic(bench)
    topic.subscribe("alone", {"kind": [{"anything-but": ["test"]}]})
    topic.subscribe("beside", {"kind": [{"anything-but": ["test"]}, {"exists": False}]})
    for name, attributes in messages.items():
        topic.publish(name, attributes)
    bench.see("alone", _listed(topic.got("alone"), list(messages)), "an order")
    bench.see("beside", _listed(topic.got("beside"), list(messages)), "an order, no kind")


@probe("filter-array", "For tennis: {attributes}; in the body: {body}", wrong=wrong.NO_ARRAYS)
def one_element(bench: Bench) -> None:
    both = json.dumps(["rugby", "tennis"])
    messages = {"the array": {"likes": {"DataType": "String.Array", "StringValue": both}}, "the text": text(likes=both)}
    policy = {"likes": ["tennis"]}
    bench.see("attributes", passing(bench, policy, messages), "the array")
    bodies = {"the list": json.dumps({"likes": ["rugby", "tennis"]}), "another list": json.dumps({"likes": ["rugby"]})}
    bench.see("body", passing_bodies(bench, policy, bodies), "the list")


NESTED = {"customer": {"country": ["ES"]}}


@probe(
    "filter-nested",
    "customer.country is ES: {passing} passes; on attributes the policy is {answer}",
    wrong=wrong.NEVER_REFUSED,
)
def inside_a_property(bench: Bench) -> None:
    bodies = {"inside": json.dumps({"customer": {"country": "ES"}}), "outside": json.dumps({"country": "ES"})}
    bench.see("passing", passing_bodies(bench, NESTED, bodies), "inside")
    bench.see("answer", Topic(bench).answer(NESTED), "InvalidParameter")


@probe("filter-body-json", "A policy on the body, and three bodies: {passing} passes", wrong=wrong.NO_EFFECT)
def no_json_no_match(bench: Bench) -> None:
    order = {"kind": "order"}
    bodies = {"the object": json.dumps(order), "the text": "kind: order", "the list": json.dumps([order])}
    bench.see("passing", passing_bodies(bench, {"kind": ["order"]}, bodies), "the object")


@probe(
    "filter-refused",
    "An unknown operator is answered with {answer}; after it {passing} passes, as before",
    wrong=wrong.NEVER_REFUSED,
)
def the_policy_before(bench: Bench) -> None:
    topic = Topic(bench)
    subscription = topic.subscribe("some", {"kind": ["order"]})
    given = {"SubscriptionArn": subscription, "AttributeName": "FilterPolicy"}
    broken = json.dumps({"kind": [{"begins-with": "re"}]})
    bench.see(
        "answer", bench.answer("set_subscription_attributes", "sns", **given, AttributeValue=broken), "InvalidParameter"
    )
    kinds = ["order", "refund"]
    for kind in kinds:
        topic.publish(kind, text(kind=kind))
    bench.see("passing", _listed(topic.got("some"), kinds), "order")


def _keys(*numbers: int) -> dict[str, list[str]]:
    """A policy with so many keys, each with so many values."""
    return {f"key-{place}": [f"value-{n}" for n in range(values)] for place, values in enumerate(numbers)}


@probe("filter-keys-limit", "Five keys are {five}, six get {six}", wrong=wrong.NEVER_REFUSED)
def five_keys(bench: Bench) -> None:
    topic = Topic(bench)
    bench.see("five", topic.answer(_keys(1, 1, 1, 1, 1)), ACCEPTED)
    bench.see("six", topic.answer(_keys(1, 1, 1, 1, 1, 1)), "InvalidParameter")


@probe("filter-combinations", "5 x 5 x 6 values are {fewer}, 5 x 5 x 7 get {more}", wrong=wrong.NEVER_REFUSED)
def as_many_combinations(bench: Bench) -> None:
    topic = Topic(bench)
    bench.see("fewer", topic.answer(_keys(5, 5, 6)), ACCEPTED)
    bench.see("more", topic.answer(_keys(5, 5, 7)), "InvalidParameter")


@probe(
    "filter-saves-calls",
    "100 orders of which 5 matter. Filtered by the consumer: {stored} stored, {calls} requests; by the topic: "
    "{kept} stored, {fewer} requests",
    wrong=wrong.NO_EFFECT,
)
def fewer_requests(bench: Bench) -> None:
    topic = Topic(bench)
    topic.subscribe("all")
    topic.subscribe("some", {"price": [{"numeric": [">=", 950]}]})
    for n in range(100):
        topic.publish(f"order-{n}", number(price=n * 10))
    bench.see("stored", len(topic.got("all")), 100)
    bench.see("calls", topic.calls, 111)
    bench.see("kept", len(topic.got("some")), 5)
    bench.see("fewer", topic.calls - 111, 7)
