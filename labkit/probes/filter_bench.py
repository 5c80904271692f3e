"""The usual calls of experiments with filter policies: who is subscribed with which, and what passes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import chain
from typing import Any

from labkit.probes.bench import Bench
from labkit.probes.topic_bench import RAW, publish, subscribe, topic

ATTRIBUTES, BODY = "MessageAttributes", "MessageBody"
Attributes = dict[str, dict[str, str]]
NONE: Attributes = {}
Messages = Mapping[str, Attributes | str]  # by name: its attributes, or its body


def text(**values: str) -> Attributes:
    """Attributes of type String."""
    return {name: {"DataType": "String", "StringValue": value} for name, value in values.items()}


def number(**values: float) -> Attributes:
    """Attributes of type Number."""
    return {name: {"DataType": "Number", "StringValue": f"{value}"} for name, value in values.items()}


def filtering(policy: Any, scope: str = ATTRIBUTES) -> dict[str, str]:
    """The attributes of a raw subscription with this policy; None is none."""
    return RAW if policy is None else RAW | {"FilterPolicy": json.dumps(policy), "FilterPolicyScope": scope}


def emptied(bench: Bench, url: str) -> list[list[str]]:
    """The bodies of all messages that wait in a queue, receive by receive; each is deleted."""
    found: list[list[str]] = []
    bench.url = url
    while messages := bench.receive(10):
        found.append([message["Body"] for message in messages])
        for message in messages:
            bench.delete(message)
    return found


def subscribed(bench: Bench, policies: Mapping[str, Any], scope: str = ATTRIBUTES) -> dict[str, str]:
    """Subscribe a queue with each policy, and return the queues' URLs by name."""
    events = topic(bench, "events")
    return {name: subscribe(bench, events, name, filtering(policy, scope)) for name, policy in policies.items()}


def publish_all(bench: Bench, messages: Messages) -> None:
    """Publish messages by name: what has attributes has its name as its body."""
    for name, one in messages.items():
        given = (one, NONE) if isinstance(one, str) else (name, one)
        publish(bench, topic(bench, "events"), given[0], MessageAttributes=given[1])


def see_passing(
    bench: Bench, messages: Messages, policies: Mapping[str, tuple[Any, str]], scope: str = ATTRIBUTES
) -> None:
    """See which messages pass each policy, beside those of which AWS says so, both by the messages' names."""
    urls = subscribed(bench, {name: policy for name, (policy, _) in policies.items()}, scope)
    publish_all(bench, messages)
    names = {one if isinstance(one, str) else name: name for name, one in messages.items()}
    for see, (_, expected) in policies.items():
        passing = [names[body] for body in chain(*emptied(bench, urls[see]))]
        bench.see(see, ", ".join(sorted(passing, key=list(messages).index)) or "nothing", expected)


def see_answer(bench: Bench, name: str, policy: Any, expected: str) -> None:
    """See what Subscribe answers to a policy on attributes: "accepted", or AWS's error code."""
    events = topic(bench, "events")
    given = {"TopicArn": events, "Protocol": "sqs", "Endpoint": bench.let_sns(bench.create(name), events)}
    bench.see(name, bench.answer("subscribe", "sns", **given, Attributes=filtering(policy)), expected)
