"""The metrics of a lab's queues, worked out from its history when somebody asks for them."""

from __future__ import annotations

from collections import defaultdict

from labkit.aws.records import Records
from labkit.causes import Batch
from labkit.history import Call, StateChange
from labkit.history.log import Event
from labkit.rules import limits, queue_metrics
from labkit.rules.queue_metrics import QueueMetrics

from .reading import HistoryReader

GONE = "AWS.SimpleQueueService.NonExistentQueue"


class Queues(HistoryReader):
    """The metrics of every queue by name. What happened is read once, as far as somebody asks."""

    def __init__(self, lab: Records) -> None:
        super().__init__(lab)
        self._metrics: dict[str, QueueMetrics] = {}
        self._sizes: defaultdict[tuple[str, str], list[int]] = defaultdict(list)

    def of(self, queue: str) -> QueueMetrics | None:
        """The metrics of a queue, brought up to the last full minute; None for a queue that nobody ever used."""
        self.catch_up()
        return self._metrics.get(queue)

    def take(self, event: Event) -> None:
        """Take in a change of a message, or a call that names a queue."""
        if isinstance(event, StateChange):
            self._change(event)
        elif isinstance(event, Call) and event.service == "sqs" and event.resource and event.error != GONE:
            self._call(event)

    def _metrics_of(self, queue: str) -> QueueMetrics:
        if queue not in self._metrics:
            self._metrics[queue] = QueueMetrics(keeps_order=queue.endswith(".fifo"))
        return self._metrics[queue]

    def _change(self, change: StateChange) -> None:
        metrics = self._metrics_of(change.queue)
        metrics.moved(change.at, change.message, change.before, change.after, change.receives)
        if change.before is None:
            sizes = self._sizes.get((change.queue, change.body))
            metrics.count(queue_metrics.SENT, change.at)
            metrics.count(queue_metrics.SIZE, change.at, sizes.pop(0) if sizes else len(change.body.encode()))

    def _call(self, call: Call) -> None:
        metrics = self._metrics_of(call.resource)
        metrics.called(call.at)
        if call.error is not None:
            return
        operation = call.operation
        if operation == "DeleteQueue":
            metrics.deleted(call.at)
        elif operation == "ReceiveMessage":
            metrics.count(queue_metrics.RECEIVED, call.at, len(call.messages))
            metrics.count(queue_metrics.EMPTY, call.at, 0 if call.messages else 1)
        elif operation.startswith("DeleteMessage"):
            metrics.count(queue_metrics.DELETED, call.at, _deleted(call))
        elif operation.startswith("SendMessage"):
            self._note_sizes(call)

    def _note_sizes(self, call: Call) -> None:
        """A change of state knows a message's body only; its attributes, which count too, are in the call."""
        self._sizes.clear()
        for entry in call.parameters.get("Entries") or [call.parameters]:
            size = limits.size(entry["MessageBody"], entry.get("MessageAttributes") or {})
            self._sizes[call.resource, entry["MessageBody"]].append(size)


def _deleted(call: Call) -> int:
    return call.result.done if isinstance(call.result, Batch) else 1
