"""RedrivePolicy and RedriveAllowPolicy as AWS accepts them: which queue may be whose dead-letter queue."""

from __future__ import annotations

import json
from typing import Any

from labkit.ledger import quota
from labkit.rules import Refused

from .ranges import in_range
from .stores import queue_of_arn

INVALID = "InvalidParameterValue"
RECEIVES = (quota("sqs.redrive.max_receive_count.minimum"), quota("sqs.redrive.max_receive_count.maximum"))
MOST_SOURCES = quota("sqs.redrive.allow_policy.maximum_sources")
MEMBERS = ("maxReceiveCount", "deadLetterTargetArn")
PERMISSIONS = ("allowAll", "denyAll", "byQueue")
NO_MAP = "Redrive policy is not a valid JSON map."
REFUSED_ALLOW = "Amazon SQS can't create the redrive allow policy."


def check(attributes: dict[str, Any], source: str, fifo: bool) -> None:
    """Raise `Refused` for a RedrivePolicy or RedriveAllowPolicy that the queue of the ARN `source` may not have."""
    given = attributes.get("RedrivePolicy")
    if given:
        _refuse("RedrivePolicy", given, _redrive_problem(given, source, fifo))
    allow = attributes.get("RedriveAllowPolicy")
    if allow:
        _refuse("RedriveAllowPolicy", allow, _allow_problem(allow))


def _refuse(name: str, given: Any, problem: str | None) -> None:
    if problem:
        raise Refused(INVALID, f"Value {given} for parameter {name} is invalid. Reason: {problem}")


def _redrive_problem(given: Any, source: str, fifo: bool) -> str | None:
    policy = _json_map(given)
    if policy is None:
        return NO_MAP
    for name in MEMBERS:
        if name not in policy:
            return f"Redrive policy does not contain mandatory attribute: {name}."
    if set(policy) - set(MEMBERS):
        return f"Only following attributes are supported: [{', '.join(MEMBERS)}]."
    if not in_range(policy["maxReceiveCount"], *RECEIVES):
        number = policy["maxReceiveCount"]
        valid = f"valid values are from {RECEIVES[0]} to {RECEIVES[1]} both inclusive."
        return f"Invalid value for maxReceiveCount: {number}, {valid}"
    return _target_problem(str(policy["deadLetterTargetArn"]), source, fifo)


def _target_problem(arn: str, source: str, fifo: bool) -> str | None:
    parts, own = arn.split(":"), source.split(":")
    if len(parts) != 6 or parts[2] != "sqs":
        return "Invalid value for deadLetterTargetArn."
    if parts[3] != own[3]:
        return "Dead-letter target must be in same region as the source."
    if parts[4] != own[4]:
        return "Dead-letter target owner should be same as the source."
    target = queue_of_arn(arn)
    if target is None:
        return "Dead letter target does not exist."
    if bool(target.fifo_queue) != fifo:
        return "Dead-letter queue must be same type of queue as the source.."
    if not _allows(getattr(target, "redrive_allow_policy", None), source):
        return f"The redrive allow policy of {arn} does not let {source} name it as its dead-letter queue."
    return None


def _allows(allow: Any, source: str) -> bool:
    """Whether a dead-letter queue's own policy lets a queue name it: all may, unless it says otherwise."""
    policy = (_json_map(allow) if allow else None) or {}
    permission = policy.get("redrivePermission", "allowAll")
    return permission == "allowAll" or (permission == "byQueue" and source in policy["sourceQueueArns"])


def _allow_problem(given: Any) -> str | None:
    policy = _json_map(given)
    if policy is None or not _has_its_form(policy):
        text = "Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format."
        raise Refused("InvalidAttributeValue", f"Invalid value for the parameter RedriveAllowPolicy. Reason: {text}")
    sources = policy.get("sourceQueueArns")
    if policy["redrivePermission"] != "byQueue":
        to_name = "To specify one or more source queue ARNs, you must set redrivePermission to byQueue."
        return None if sources is None else f"{REFUSED_ALLOW} {to_name}"
    if not sources:
        by_queue = "When you specify the byQueue permission type, you must also specify"
        return f"{REFUSED_ALLOW} {by_queue} one or more sourceQueueArns values."
    if len(sources) > MOST_SOURCES:
        return f"{REFUSED_ALLOW} The maximum number of source queue ARNs you can specify is {MOST_SOURCES}."
    return None


def _has_its_form(policy: dict[str, Any]) -> bool:
    sources = policy.get("sourceQueueArns", [])
    texts = isinstance(sources, list) and all(isinstance(source, str) for source in sources)
    return (
        policy.get("redrivePermission") in PERMISSIONS
        and set(policy) <= {"redrivePermission", "sourceQueueArns"}
        and texts
    )


def _json_map(given: Any) -> dict[str, Any] | None:
    """A policy as a map: JSON text from the API, or a map as CloudFormation hands it over; None for all else."""
    try:
        policy = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        return None
    return policy if isinstance(policy, dict) else None
