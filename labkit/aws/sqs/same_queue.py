"""CreateQueue for a queue that exists: the same one by what its attributes and tags mean, whatever they look like."""

from __future__ import annotations

import json
from typing import Any

from labkit.rules import Refused

from .ranges import RANGES

EXISTS = "QueueAlreadyExists"
EVERY_SOURCE = {"redrivePermission": "allowAll"}
REUSE = "KmsDataKeyReusePeriodSeconds"


def check_same(shown: dict[str, Any], kept: dict[str, str], given: dict[str, Any], tags: dict[str, str] | None) -> None:
    """Raise `Refused` where attributes or tags that are given mean something else than those of the queue.

    `shown` is what GetQueueAttributes shows of it and `kept` are its tags. What isn't given isn't compared.
    """
    for name, value in given.items():
        if name == REUSE and not shown.get("KmsMasterKeyId"):
            continue  # without a key SQS ignores the period (terraform-provider-aws, pull request 962)
        if _meaning(name, shown.get(name)) != _meaning(name, value):
            text = f"A queue already exists with the same name and a different value for attribute {name}"
            raise Refused(EXISTS, text)
    if tags and tags != kept:
        # That AWS answers this code is reported (dramatiq_sqs, pull request 13); the wording is ours.
        raise Refused(EXISTS, "A queue already exists with the same name and different tags")


def _meaning(name: str, value: Any) -> Any:
    if name == "RedriveAllowPolicy":
        return _ordered(_policy(value) or EVERY_SOURCE)
    if value is None or value == "":
        return None
    if name in RANGES:
        return int(value)
    if name == "Policy":
        return _policy(value)
    if name == "RedrivePolicy":
        policy = _policy(value)
        return policy and policy | {"maxReceiveCount": int(policy["maxReceiveCount"])}
    return str(value) if name == "KmsMasterKeyId" else str(value).lower()


def _policy(value: Any) -> Any:
    """A policy as JSON means it: text from the API, or a map from CloudFormation; None where there is none."""
    return (json.loads(value) if isinstance(value, str) and value else value) or None


def _ordered(policy: dict[str, Any]) -> dict[str, Any]:
    """A redrive allow policy's sources in an order, which they haven't got for AWS."""
    return policy | {"sourceQueueArns": sorted(policy.get("sourceQueueArns", []))}
