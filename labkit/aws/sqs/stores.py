"""Which rules belong to which of moto's queues, and moto's configuration as the rules read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.sqs.models import sqs_backends

from labkit.rules import FifoQueue, Receipt, Refused, StandardQueue

from . import handles

if TYPE_CHECKING:
    from labkit.aws.lab import Lab


class LiveSettings:
    """The settings of one of moto's queues, read anew at each use."""

    def __init__(self, queue: Any, lab: Lab) -> None:
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
        target = self._queue.dead_letter_queue
        if target is None or sqs_backends[target.account_id][target.region].queues.get(target.name) is not target:
            return None
        return rules_of(target, self._lab)

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


def rules_of(queue: Any, lab: Lab) -> StandardQueue:
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
