"""Which rules belong to which of moto's queues, and moto's configuration as the rules read it."""

from __future__ import annotations

import re
from typing import Any

from moto.sqs.models import sqs_backends

from labkit.aws.records import Records
from labkit.rules import FifoQueue, Receipt, Refused, StandardQueue

from . import handles

NO_QUEUE = "AWS.SimpleQueueService.NonExistentQueue"
ACCOUNT = re.compile(r"\d{12}")


class LiveSettings:
    """The settings of one of moto's queues, read anew at each use."""

    def __init__(self, queue: Any, lab: Records) -> None:
        self._queue = queue
        self._lab = lab

    @property
    def visibility_timeout(self) -> int:
        return int(self._queue.visibility_timeout)

    @property
    def delay_seconds(self) -> int:
        return int(self._queue.delay_seconds)

    @property
    def message_retention_period(self) -> int:
        return int(self._queue.message_retention_period)

    @property
    def max_receive_count(self) -> int | None:
        policy = self._queue.redrive_policy
        return int(policy["maxReceiveCount"]) if policy else None

    @property
    def dead_letter_queue(self) -> StandardQueue | None:
        target = dead_letter_queue_of(self._queue)
        return None if target is None else rules_of(target, self._lab)

    @property
    def content_based_deduplication(self) -> bool:
        return str(self._queue.content_based_deduplication).lower() == "true"

    @property
    def deduplication_scope(self) -> str:
        return str(self._queue.deduplication_scope)

    @property
    def fifo_throughput_limit(self) -> str:
        return str(self._queue.fifo_throughput_limit)

    @property
    def region(self) -> str:
        return str(self._queue.region)


def backend_of(account: str, region: str) -> Any:
    """moto's backend of an account and Region; moto looks whether it may make one at each time it is asked."""
    regions = dict.get(sqs_backends, account)
    found = None if regions is None else dict.get(regions, region)
    return sqs_backends[account][region] if found is None else found


def rules_of(queue: Any, lab: Records) -> StandardQueue:
    """Return the rules that keep the messages of one of moto's queues; made at its first use.

    Rules given to the lab hold for queues of their own type, AWS's for the others.
    """
    rules: StandardQueue | None = queue.__dict__.get("rules")
    if rules is None:
        given, fifo = lab.rules.get("sqs"), bool(queue.fifo_queue)
        usual = FifoQueue if fifo else StandardQueue
        kind = given if given is not None and issubclass(given, FifoQueue) == fifo else usual
        rules = kind(queue.name, LiveSettings(queue, lab), seed=lab.seed, faults=lab.faults)
        rules.owner = (lab.seed, queue.queue_arn, queue.created_timestamp)
        queue.rules = rules
    return rules


def queue_of_arn(arn: str) -> Any:
    """One of moto's queues by its ARN; None when there is none."""
    parts = arn.split(":")
    if len(parts) != 6 or parts[2] != "sqs" or not ACCOUNT.fullmatch(parts[4]):
        return None
    queue = sqs_backends[parts[4]][parts[3]].queues.get(parts[5]) if parts[3] in sqs_backends[parts[4]] else None
    return queue if queue is not None and queue.queue_arn == arn else None


def dead_letter_queue_of(queue: Any) -> Any:
    """The queue that a redrive policy names, which may have been made anew since; None when there is none."""
    policy = queue.redrive_policy
    target = queue_of_arn(str(policy["deadLetterTargetArn"])) if policy else None
    return target if target is not None and bool(target.fifo_queue) == bool(queue.fifo_queue) else None


def sources_of(queue: Any) -> list[Any]:
    """The queues of the same account and Region that name this one as their dead-letter queue, by name."""
    names = sorted(sqs_backends[queue.account_id][queue.region].queues.items())
    return [source for _, source in names if dead_letter_queue_of(source) is queue]


def all_queues() -> list[Any]:
    """All of moto's queues, of every account and region."""
    return [queue for _, _, backend in sqs_backends.iter_backends() for queue in backend.queues.values()]


def receipt_of(queue: Any, rules: StandardQueue, text: str) -> Receipt:
    """Return the delivery a receipt handle stands for. Raises `Refused` (ReceiptHandleIsInvalid) for another text."""
    found = handles.receipt(rules.owner, text)
    if found is None:
        sentence = 'The receipt handle "{}" is not valid for this queue.'
        if not handles.looks_real(text):
            sentence = 'The input receipt handle "{}" is not a valid receipt handle.'
        raise Refused("ReceiptHandleIsInvalid", sentence.format(text))
    return found
