"""Queue configuration as AWS accepts it: names, ranges, policies. moto keeps what passes."""

from __future__ import annotations

import re
from typing import Any

from moto.utilities.utils import get_partition

from labkit.aws.records import Records
from labkit.ledger import quota
from labkit.rules import SECOND, Refused, queue_policy

from . import encryption, redrive_policy
from .fifo_configuration import check_fifo
from .ranges import RANGES, in_range

KMS = {"KmsMasterKeyId", "SqsManagedSseEnabled"}
POLICIES = {"Policy", "RedrivePolicy", "RedriveAllowPolicy"}
FIFO_MODES = {"DeduplicationScope", "FifoThroughputLimit"}
FIFO = {"FifoQueue", "ContentBasedDeduplication"} | FIFO_MODES
NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
FIFO_NAME = re.compile(r"[A-Za-z0-9_-]{1,75}\.fifo")
SIGNS = "can only include alphanumeric characters, hyphens, or underscores"
BAD_NAME = f"{SIGNS.capitalize()}. 1 to 80 in length"
BAD_FIFO_NAME = f"The name of a FIFO queue {SIGNS}, must end with .fifo suffix and be 1 to 80 in length."
WAIT = quota("sqs.delete_queue.interval")


def check_new(lab: Records, backend: Any, name: str, attributes: dict[str, Any]) -> None:
    """Raise `Refused` for what CreateQueue does not accept."""
    fifo = str(attributes.get("FifoQueue", "")).lower() == "true"
    _check_name(name, fifo)
    deleted = backend.__dict__.get("deleted_queues", {}).get(name)
    if deleted is not None and lab.scheduler.now < deleted + WAIT * SECOND:
        text = f"You must wait {WAIT} seconds after deleting a queue before you can create another with the same name."
        raise Refused("AWS.SimpleQueueService.QueueDeletedRecently", text)
    check(attributes, fifo)
    if fifo:
        check_fifo(attributes)
    redrive_policy.check(attributes, _arn(backend, name), fifo)


def _check_name(name: str, fifo: bool) -> None:
    form, words = (FIFO_NAME, BAD_FIFO_NAME) if fifo else (NAME, BAD_NAME)
    if not form.fullmatch(name):
        raise Refused("InvalidParameterValue", words)


def check_change(queue: Any, attributes: dict[str, Any]) -> None:
    """Raise `Refused` for what SetQueueAttributes does not accept."""
    check(attributes, queue.fifo_queue)
    if queue.fifo_queue:
        check_fifo(attributes, queue)
    redrive_policy.check(attributes, queue.queue_arn, bool(queue.fifo_queue))


def check(attributes: dict[str, Any], fifo: bool) -> None:
    """Raise `Refused` for an unknown attribute name or a value outside AWS's range."""
    for name, value in attributes.items():
        if name in FIFO_MODES and not fifo:
            text = f"You can specify the {name} only when FifoQueue is set to true."
            raise Refused("InvalidAttributeName", text)
        if name not in RANGES and name not in KMS | POLICIES and not (fifo and name in FIFO):
            raise Refused("InvalidAttributeName", f"Unknown Attribute {name}.")
        if name in RANGES and not in_range(value, *RANGES[name]):
            raise Refused("InvalidAttributeValue", f"Invalid value for the parameter {name}.")
    if attributes.get("Policy"):
        queue_policy.check(attributes["Policy"])
    encryption.check(attributes)


def _arn(backend: Any, name: str) -> str:
    return f"arn:{get_partition(backend.region_name)}:sqs:{backend.region_name}:{backend.account_id}:{name}"
