"""What a decision on a policy costs, the policy being read once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from labkit.rules.policy import Kind, Policy, Principal, Request, context_of_service, decide
from tests.benchmarks.measure import Figure, at_most, side_by_side

DECISIONS = 5_000
OWNER, REGION = "123456789012", "us-east-1"
QUEUE, TOPIC = (f"arn:aws:{service}:{REGION}:{OWNER}:orders" for service in ("sqs", "sns"))
NOW = 1_767_225_600_000_000


def figures(full: bool) -> Iterator[Figure]:
    """SNS sends to a queue: by the one statement that lets it in, and by the last of twenty with a Deny before them."""
    one, twenty = ([_statement(f"{TOPIC}-{number}") for number in range(most)] for most in (0, 18))
    usual = _deciding([*one, _statement(TOPIC)])
    largest = _deciding([_insecure(), *twenty, _statement(TOPIC)])
    alone, among_twenty = (took / DECISIONS * 1e6 for took in side_by_side(5, usual, largest))
    yield at_most("microseconds for a decision by a queue policy of one statement with a condition", alone, 20.0)
    yield at_most("the same by one of twenty statements, the most that a queue policy has", among_twenty, 100.0)


def _statement(topic: str) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
        "Condition": {"ArnLike": {"aws:SourceArn": topic}},
    }


def _insecure() -> dict[str, Any]:
    given = _statement(TOPIC) | {"Effect": "Deny", "Principal": "*", "Action": "sqs:*"}
    return given | {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}


def _deciding(statements: list[dict[str, Any]]) -> Any:
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    sns = Principal.service("sns.amazonaws.com")
    context = context_of_service("sns.amazonaws.com", TOPIC, OWNER, OWNER, REGION, NOW)

    def decisions() -> None:
        for _ in range(DECISIONS):
            asked = Request.of(sns, "sqs:SendMessage", QUEUE, context)
            if not decide(asked, [(Kind.RESOURCE, Policy.of(text))]).allowed:
                raise AssertionError("SNS was not let in")

    return decisions
