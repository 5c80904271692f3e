"""Queue configuration as AWS accepts it: names, ranges, policies. moto keeps what passes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from moto.sqs.models import sqs_backends

from labkit.ledger import quota
from labkit.rules import SECOND, Refused

from .fifo_configuration import check_fifo

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

RANGES = {
    "VisibilityTimeout": (0, quota("sqs.visibility_timeout.maximum")),
    "DelaySeconds": (0, quota("sqs.delay.maximum")),
    "MessageRetentionPeriod": (quota("sqs.retention.minimum"), quota("sqs.retention.maximum")),
    "ReceiveMessageWaitTimeSeconds": (0, quota("sqs.wait_time.maximum")),
    "MaximumMessageSize": (quota("sqs.message_size.minimum_setting"), quota("sqs.message_size.maximum")),
}
KMS = {"KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"}
POLICIES = {"Policy", "RedrivePolicy", "RedriveAllowPolicy"}
FIFO_MODES = {"DeduplicationScope", "FifoThroughputLimit"}
FIFO = {"FifoQueue", "ContentBasedDeduplication"} | FIFO_MODES
NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
FIFO_NAME = re.compile(r"[A-Za-z0-9_-]{1,75}\.fifo")
BAD_NAME = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
WAIT = quota("sqs.delete_queue.interval")
RECEIVES = (quota("sqs.redrive.max_receive_count.minimum"), quota("sqs.redrive.max_receive_count.maximum"))


def check_new(lab: Lab, backend: Any, name: str, attributes: dict[str, Any]) -> None:
    """Raise `Refused` for what CreateQueue does not accept."""
    fifo = str(attributes.get("FifoQueue", "")).lower() == "true"
    if not (FIFO_NAME if fifo else NAME).fullmatch(name):
        raise Refused("InvalidParameterValue", BAD_NAME)
    deleted = backend.__dict__.get("deleted_queues", {}).get(name)
    if deleted is not None and lab.scheduler.now < deleted + WAIT * SECOND:
        text = f"You must wait {WAIT} seconds after deleting a queue before you can create another with the same name."
        raise Refused("AWS.SimpleQueueService.QueueDeletedRecently", text)
    check(attributes, fifo)
    if fifo:
        check_fifo(attributes)
    _check_redrive(backend, attributes, fifo)
    if name in backend.queues:
        _check_same(backend.queues[name], attributes)


def check_change(backend: Any, queue: Any, attributes: dict[str, Any]) -> None:
    """Raise `Refused` for what SetQueueAttributes does not accept."""
    check(attributes, queue.fifo_queue)
    if queue.fifo_queue:
        check_fifo(attributes, queue)
    _check_redrive(backend, attributes, queue.fifo_queue)


def check(attributes: dict[str, Any], fifo: bool) -> None:
    """Raise `Refused` for an unknown attribute name or a value outside AWS's range."""
    for name, value in attributes.items():
        if name in FIFO_MODES and not fifo:
            text = f"You can specify the {name} only when FifoQueue is set to true."
            raise Refused("InvalidAttributeName", text)
        if name not in RANGES and name not in KMS | POLICIES and not (fifo and name in FIFO):
            raise Refused("InvalidAttributeName", f"Unknown Attribute {name}.")
        if name in RANGES and not _in_range(value, *RANGES[name]):
            raise Refused("InvalidAttributeValue", f"Invalid value for the parameter {name}.")
    if attributes.get("Policy"):
        _check_json(attributes["Policy"])
    if attributes.get("KmsMasterKeyId") and str(attributes.get("SqsManagedSseEnabled", "")).lower() == "true":
        text = "You can use one type of server-side encryption (SSE) at one time."
        raise Refused("InvalidAttributeValue", f"{text} You can either enable KMS SSE or SQS SSE.")


def _in_range(value: Any, low: int, high: int) -> bool:
    return re.fullmatch(r"-?\d+", str(value)) is not None and low <= int(value) <= high


def _check_json(policy: Any) -> None:
    try:
        json.loads(policy) if isinstance(policy, str) else None
    except ValueError:
        raise Refused("InvalidAttributeValue", "Invalid value for the parameter Policy.") from None


def _check_redrive(backend: Any, attributes: dict[str, Any], fifo: bool) -> None:
    given = attributes.get("RedrivePolicy")
    if not given:
        return
    start = f"Value {given} for parameter RedrivePolicy is invalid. Reason: "
    problem = _redrive_problem(backend, given, fifo)
    if problem:
        raise Refused("InvalidParameterValue", start + problem)


def _redrive_problem(backend: Any, given: Any, fifo: bool) -> str | None:
    try:
        policy = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        return "Redrive policy is not a valid JSON map."
    if not isinstance(policy, dict):
        return "Redrive policy is not a valid JSON map."
    for name in ("maxReceiveCount", "deadLetterTargetArn"):
        if name not in policy:
            return f"Redrive policy does not contain mandatory attribute: {name}."
    if not _in_range(policy["maxReceiveCount"], *RECEIVES):
        number = policy["maxReceiveCount"]
        valid = f"valid values are from {RECEIVES[0]} to {RECEIVES[1]} both inclusive."
        return f"Invalid value for maxReceiveCount: {number}, {valid}"
    return _target_problem(backend, str(policy["deadLetterTargetArn"]), fifo)


def _target_problem(backend: Any, arn: str, fifo: bool) -> str | None:
    parts = arn.split(":")
    if len(parts) != 6 or parts[2] != "sqs":
        return "Invalid value for deadLetterTargetArn."
    target = sqs_backends[backend.account_id][backend.region_name].queues.get(parts[5])
    if target is None or target.queue_arn != arn:
        return "Dead letter target does not exist."
    if bool(target.fifo_queue) != fifo:
        return "Dead-letter queue must be same type of queue as the source.."
    return None


def _check_same(queue: Any, attributes: dict[str, Any]) -> None:
    existing = {name: str(value) for name, value in queue.attributes.items() if value is not None}
    for name, value in attributes.items():
        if _plain(existing.get(name, "")) != _plain(str(value)):
            text = f"A queue already exists with the same name and a different value for attribute {name}"
            raise Refused("QueueAlreadyExists", text)


def _plain(value: str) -> str:
    try:
        return json.dumps(json.loads(value), sort_keys=True)
    except ValueError:
        return value.lower()
