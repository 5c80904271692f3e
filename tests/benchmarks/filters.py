"""Messages through the filter policies of a topic, by the rules alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from labkit.rules.filters import ATTRIBUTES, BODY, FilterPolicy, Published
from tests.benchmarks.measure import Figure, at_most, processor_time

POLICIES = 100
CITIES = [f"city-{number}" for number in range(1_000)]
TYPES = ["order-placed", "order-paid", "order-cancelled", "parcel-sent", "parcel-lost", "data-entry"]


def figures(full: bool) -> Iterator[Figure]:
    """A decision in each scope, messages read and all; and one with many values against one with few."""
    number = 1_000_000 if full else 10_000
    for scope, share in ((ATTRIBUTES, 1), (BODY, 10)):
        messages = number // share
        policies = [FilterPolicy(json.dumps(policy(one)), scope) for one in range(POLICIES)]
        taken = processor_time(lambda messages=messages, policies=policies: run(messages, policies))
        figure = f"{messages:,} messages through {POLICIES} filter policies on {scope}, microseconds a decision"
        yield at_most(figure, taken / messages / POLICIES * 1e6, 2.0)
    yield _many_values()


def policy(number: int) -> dict[str, Any]:
    """One of a hundred policies: each operator, and lists of up to a hundred values."""
    return [
        {"type": TYPES[number % 6 : number % 6 + 2] or TYPES[:1], "city": CITIES[number : number + 70]},
        {"type": [{"prefix": "order-"}], "total": [{"numeric": [">", number, "<=", number + 200]}]},
        {"type": [{"anything-but": ["data-entry", "parcel-lost"]}], "city": [{"suffix": f"-{number}"}]},
        {"tags": [f"tag-{one}" for one in range(number % 50, number % 50 + 5)], "total": [{"numeric": ["<", 500]}]},
        {"$or": [{"city": CITIES[number:900:9]}, {"tags": [{"wildcard": f"tag-*{number % 10}"}]}]},
    ][number % 5]


def run(messages: int, policies: list[FilterPolicy]) -> int:
    """Publish so many messages, each as attributes and as a body, of which a policy reads one."""
    passed = 0
    for number in range(messages):
        published = message(number)
        for one in policies:
            passed += one.passes(published)
    return passed


def message(number: int) -> Published:
    """A message of four attributes, and a body that says the same."""
    kind, city, total = TYPES[number % 6], CITIES[number % 1_000], number % 700 + 0.25
    tags = [f"tag-{number % 60}", f"tag-{number % 7}"]
    attributes = {
        "type": {"DataType": "String", "StringValue": kind},
        "city": {"DataType": "String", "StringValue": city},
        "total": {"DataType": "Number", "StringValue": str(total)},
        "tags": {"DataType": "String.Array", "StringValue": json.dumps(tags)},
    }
    return Published(attributes, json.dumps({"type": kind, "city": city, "total": total, "tags": tags}))


def _many_values() -> Figure:
    """A key's 150 values against 2, of each operator whose values are many."""
    few, many = ([FilterPolicy(json.dumps({"city": rules}), ATTRIBUTES) for rules in lists(one)] for one in (2, 150))
    messages = [message(number) for number in range(2_000)]

    def decide(policies: list[FilterPolicy]) -> None:
        for published in messages:
            for one in policies:
                one.passes(published)

    decide(few)
    costs = [
        min(processor_time(lambda policies=policies: decide(policies)) for _ in range(5)) for policies in (few, many)
    ]
    return at_most("a decision of a policy of 150 values, against one of 2", costs[1] / costs[0], 1.5)


def lists(number: int) -> Iterator[list[Any]]:
    """So many values of each operator."""
    yield CITIES[:number]
    for operator in ("prefix", "suffix", "equals-ignore-case"):
        yield [{operator: city} for city in CITIES[:number]]
    yield [{"anything-but": CITIES[:number]}]
