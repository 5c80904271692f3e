"""Message filtering: who gets which message, which policies SNS refuses, and what filtering at the topic saves."""

from __future__ import annotations

import json
from itertools import chain

from labkit.probes import wrong_filters as wrong
from labkit.probes.bench import ACCEPTED, Bench
from labkit.probes.filter_bench import (
    ATTRIBUTES,
    BODY,
    NONE,
    emptied,
    filtering,
    number,
    publish_all,
    see_answer,
    see_passing,
    subscribed,
    text,
)  # fmt: skip
from labkit.probes.registry import probe
from labkit.probes.topic_bench import subscribe, topic, total
from labkit.probes.worlds import MOCK_ALONE

REFUSED = "InvalidParameter"


@probe(
    "filter-1",
    "A policy on the key kind, and a kind in the attributes of one message and in the body of another: by attributes "
    "{attributes} passes, by the body {body}",
    wrong=wrong.OF_ATTRIBUTES,
)
def one_scope(bench: Bench) -> None:
    urls = {scope: subscribed(bench, {scope: {"kind": ["order"]}}, scope)[scope] for scope in (ATTRIBUTES, BODY)}
    inside = json.dumps({"kind": "order"})
    publish_all(bench, {"no JSON": text(kind="order"), inside: text(other="order")})
    for name, scope, expected in (("attributes", ATTRIBUTES, "no JSON"), ("body", BODY, inside)):
        bench.see(name, ", ".join(chain(*emptied(bench, urls[scope]))), expected)


@probe(
    "filter-2",
    "Two messages: {without} without a policy, {empty} with an empty one, {some} with one for orders",
    wrong=wrong.NOTHING_WITHOUT,
)
def without_a_policy(bench: Bench) -> None:
    urls = subscribed(bench, {"without": None, "empty": {}, "some": {"kind": ["order"]}})
    publish_all(bench, {kind: text(kind=kind) for kind in ("order", "refund")})
    for name, expected in (("without", 2), ("empty", 2), ("some", 1)):
        bench.see(name, sum(map(len, emptied(bench, urls[name]))), expected)


@probe("filter-keys-and-values", "Orders or refunds, and from Spain: {passing} pass", wrong=wrong.ANY_KEY)
def every_key_one_value(bench: Bench) -> None:
    policy = {"kind": ["order", "refund"], "country": ["ES"]}
    messages = {
        f"{kind} from {country}": text(kind=kind, country=country)
        for kind in ("order", "refund", "visit")
        for country in ("ES", "FR")
    }
    see_passing(bench, messages, {"passing": (policy, "order from ES, refund from ES")})


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
    see_passing(bench, messages, {"passing": ({"kind": ["shoes"], "$or": either}, "Spain, dear, both")})


@probe(
    "filter-missing",
    "A policy on the channel: {strict}; with exists false beside the value: {lenient}",
    wrong=wrong.MISSING_PASSES,
)
def missing_key(bench: Bench) -> None:
    messages = {"web": text(channel="web"), "app": text(channel="app"), "no channel": text(kind="order")}
    strict, lenient = {"channel": ["web"]}, {"channel": ["web", {"exists": False}]}
    see_passing(bench, messages, {"strict": (strict, "web"), "lenient": (lenient, "web, no channel")})


@probe("filter-exists", "exists true: {present}; exists false: {absent}", wrong=wrong.NO_EFFECT)
def existing_key(bench: Bench) -> None:
    messages = {"with it": text(gift="yes"), "with another": text(kind="order"), "with none": NONE}
    present, absent = ({"gift": [{"exists": exists}]} for exists in (True, False))
    see_passing(bench, messages, {"present": (present, "with it"), "absent": (absent, "with another")})


@probe(
    "filter-silent",
    "Publish answers with status {status}; in the queue {queue}, in its dead-letter queue {dead}",
    wrong=wrong.NO_EFFECT,
)
def no_error(bench: Bench) -> None:
    events = topic(bench, "events")
    dead = bench.create("dead")
    redrive = json.dumps({"deadLetterTargetArn": bench.let_sns(dead, events)})
    url = subscribe(bench, events, "some", filtering({"kind": ["refund"]}) | {"RedrivePolicy": redrive})
    given = {"TopicArn": events, "Message": "order", "MessageAttributes": text(kind="order")}
    bench.see("status", bench.client("sns").publish(**given)["ResponseMetadata"]["HTTPStatusCode"], 200)
    bench.see("queue", sum(map(len, emptied(bench, url))), 0)
    bench.url = dead
    bench.see("dead", bench.counts()[0], 0)


@probe(
    "filter-number",
    "From 1,000 up, and a price of 1,200: as an attribute {attributes}, in the body {body}",
    wrong=wrong.DIGITS_ARE_NUMBERS,
)
def text_is_no_number(bench: Bench) -> None:
    policy = {"price": [{"numeric": [">=", 1000]}]}
    messages = {"the Number": number(price=1200), "the String": text(price="1200")}
    see_passing(bench, messages, {"attributes": (policy, "the Number")})
    bodies = {"without quotes": '{"price": 1200}', "with quotes": '{"price": "1200"}'}
    see_passing(bench, bodies, {"body": (policy, "without quotes")}, BODY)


@probe("filter-numeric", "From 100 up to but not including 500: {passing} pass", wrong=wrong.NO_EFFECT)
def at_the_bounds(bench: Bench) -> None:
    prices = (99.99, 100, 300, 499.99, 500)
    messages = {f"{price}": number(price=price) for price in prices}
    policy = {"price": [{"numeric": [">=", 100, "<", 500]}]}
    see_passing(bench, messages, {"passing": (policy, "100, 300, 499.99")})


@probe(
    "filter-case",
    "shoes: {exact}; shoes in any case: {folded}; under the key Kind: {key}",
    wrong=wrong.CASE_IGNORED,
)
def case_by_case(bench: Bench) -> None:
    policies = {
        "exact": ({"kind": ["shoes"]}, "shoes"),
        "folded": ({"kind": [{"equals-ignore-case": "shoes"}]}, "shoes, Shoes, SHOES"),
        "key": ({"Kind": ["shoes"]}, "nothing"),
    }
    see_passing(bench, {kind: text(kind=kind) for kind in ("shoes", "Shoes", "SHOES")}, policies)


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
    policies = {name: ({"event": [rule]}, expected) for name, (rule, expected) in RULES.items()}
    see_passing(bench, {event: text(event=event) for event in EVENTS}, policies)


@probe("filter-cidr", "In 10.1.0.0/16: {passing}", wrong=wrong.NO_EFFECT)
def in_a_network(bench: Bench) -> None:
    addresses = ("10.0.255.255", "10.1.0.0", "10.1.7.9", "10.1.255.255", "10.2.0.0", "somewhere")
    messages = {address: text(source=address) for address in addresses}
    policy = {"source": [{"cidr": "10.1.0.0/16"}]}
    see_passing(bench, messages, {"passing": (policy, "10.1.0.0, 10.1.7.9, 10.1.255.255")})


@probe(
    "filter-anything-but",
    "Anything but tests: {alone}; or no kind at all: {beside}",
    wrong=wrong.MISSING_PASSES,
)
def anything_is_something(bench: Bench) -> None:
    messages = {"a test": text(kind="test"), "an order": text(kind="order"), "no kind": text(country="ES")}
    alone = {"kind": [{"anything-but": ["test"]}]}
    beside = {"kind": [{"anything-but": ["test"]}, {"exists": False}]}
    see_passing(bench, messages, {"alone": (alone, "an order"), "beside": (beside, "an order, no kind")})


@probe("filter-array", "For tennis: {attributes}; in the body: {body}", wrong=wrong.NO_ARRAYS)
def one_element(bench: Bench) -> None:
    both = json.dumps(["rugby", "tennis"])
    messages = {"the array": {"likes": {"DataType": "String.Array", "StringValue": both}}, "the text": text(likes=both)}
    policy = {"likes": ["tennis"]}
    see_passing(bench, messages, {"attributes": (policy, "the array")})
    bodies = {"the list": json.dumps({"likes": ["rugby", "tennis"]}), "another list": json.dumps({"likes": ["rugby"]})}
    see_passing(bench, bodies, {"body": (policy, "the list")}, BODY)


NESTED = {"customer": {"country": ["ES"]}}


@probe(
    "filter-nested",
    "customer.country is ES: {passing} passes; on attributes the policy is {answer}",
    wrong=wrong.NEVER_REFUSED,
)
def inside_a_property(bench: Bench) -> None:
    bodies = {"inside": json.dumps({"customer": {"country": "ES"}}), "outside": json.dumps({"country": "ES"})}
    see_passing(bench, bodies, {"passing": (NESTED, "inside")}, BODY)
    see_answer(bench, "answer", NESTED, REFUSED)


@probe("filter-body-json", "A policy on the body, and three bodies: {passing} passes", wrong=wrong.NO_EFFECT)
def no_json_no_match(bench: Bench) -> None:
    order = {"kind": "order"}
    bodies = {"the object": json.dumps(order), "the text": "kind: order", "the list": json.dumps([order])}
    see_passing(bench, bodies, {"passing": ({"kind": ["order"]}, "the object")}, BODY)


@probe(
    "filter-refused",
    "An unknown operator is answered with {answer}; after it {passing} passes, as before",
    wrong=wrong.NEVER_REFUSED,
)
def the_policy_before(bench: Bench) -> None:
    urls = subscribed(bench, {"some": {"kind": ["order"]}})
    sns = bench.client("sns")
    (one,) = sns.list_subscriptions_by_topic(TopicArn=topic(bench, "events"))["Subscriptions"]
    given = {"SubscriptionArn": one["SubscriptionArn"], "AttributeName": "FilterPolicy"}
    broken = json.dumps({"kind": [{"begins-with": "re"}]})
    bench.see("answer", bench.answer("set_subscription_attributes", "sns", **given, AttributeValue=broken), REFUSED)
    publish_all(bench, {kind: text(kind=kind) for kind in ("order", "refund")})
    bench.see("passing", ", ".join(chain(*emptied(bench, urls["some"]))), "order")


def _keys(*numbers: int) -> dict[str, list[str]]:
    """A policy with so many keys, each with so many values."""
    return {f"key-{place}": [f"value-{n}" for n in range(values)] for place, values in enumerate(numbers)}


@probe("filter-keys-limit", "Five keys are {five}, six get {six}", wrong=wrong.NEVER_REFUSED)
def five_keys(bench: Bench) -> None:
    see_answer(bench, "five", _keys(1, 1, 1, 1, 1), ACCEPTED)
    see_answer(bench, "six", _keys(1, 1, 1, 1, 1, 1), REFUSED)


@probe("filter-combinations", "5 x 5 x 6 values are {fewer}, 5 x 5 x 7 get {more}", wrong=wrong.NEVER_REFUSED)
def as_many_combinations(bench: Bench) -> None:
    see_answer(bench, "fewer", _keys(5, 5, 6), ACCEPTED)
    see_answer(bench, "more", _keys(5, 5, 7), REFUSED)


@probe(
    "filter-metric",
    "Of a kind that the policy does not want: {other} filtered out; without attributes, counted apart: {none}; with an "
    "array that is none: {broken}",
    wrong=MOCK_ALONE,
)
def counted_in_cloudwatch(bench: Bench) -> None:
    subscribed(bench, {"some": {"kind": ["order"]}})
    publish_all(bench, {"note": text(kind="note")})
    bench.wait(60)
    bench.see("other", total(bench, "NumberOfNotificationsFilteredOut", "events"), 1.0)
    publish_all(bench, {"none": NONE, "array": {"kind": {"DataType": "String.Array", "StringValue": "[note"}}})
    bench.wait(60)
    for name, reason in (("none", "NoMessageAttributes"), ("broken", "InvalidAttributes")):
        bench.see(name, total(bench, f"NumberOfNotificationsFilteredOut-{reason}", "events"), 1.0)


@probe(
    "filter-saves-calls",
    "100 orders of which 5 matter. Filtered by the consumer: {stored} stored, {calls} requests; by the topic: "
    "{kept} stored, {fewer} requests",
    wrong=wrong.NO_EFFECT,
)
def fewer_requests(bench: Bench) -> None:
    urls = subscribed(bench, {"all": None, "some": {"price": [{"numeric": [">=", 950]}]}})
    publish_all(bench, {f"order-{n}": number(price=n * 10) for n in range(100)})
    for name, stored, calls, expected in (("all", "stored", "calls", (100, 111)), ("some", "kept", "fewer", (5, 7))):
        received = emptied(bench, urls[name])
        deletes = sum(map(len, received))
        bench.see(stored, deletes, expected[0])
        bench.see(calls, deletes + len(received) + 1, expected[1])  # the last receive finds nothing
