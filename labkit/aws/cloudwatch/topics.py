"""The metrics of a lab's topics, worked out from its history when somebody asks for them."""

from __future__ import annotations

from labkit.aws.records import Records
from labkit.causes import Step
from labkit.history import Delivery
from labkit.history.log import Event
from labkit.rules import topic_metrics as metrics
from labkit.rules.topic_metrics import TopicMetrics

from .reading import HistoryReader

# Of these each failed try counts; of all others the message, when SNS gives it up.
EACH_TRY = ("http", "https")


class Topics(HistoryReader):
    """The metrics of every topic by name. Those of text messages and of apps on devices are not here."""

    def __init__(self, lab: Records) -> None:
        super().__init__(lab)
        self._metrics: dict[str, TopicMetrics] = {}

    def of(self, topic: str) -> TopicMetrics | None:
        """The metrics of a topic, brought up to the last full minute; None for one that nothing happened to."""
        self.catch_up()
        return self._metrics.get(topic)

    def take(self, event: Event) -> None:
        """Count what became of a message that was published to a topic."""
        if not isinstance(event, Delivery) or not event.was_published:
            return
        topic = self._metrics.setdefault(event.topic, TopicMetrics())
        for metric in _counted(event):
            topic.count(metric, event.at)
        if event.size is not None:
            topic.count(metrics.SIZE, event.at, event.size)


def _counted(event: Delivery) -> list[str]:
    """The metrics in which an event counts."""
    failed = metrics.REPLAY_FAILED if event.replayed else metrics.FAILED
    match event.step:
        case Step.PUBLISHED:
            return [metrics.PUBLISHED]
        case Step.DELIVERED:
            return [metrics.DELIVERED]
        case Step.REPLAYED:
            return [metrics.REPLAYED]
        case Step.FILTERED:
            return [metrics.FILTERED, *([] if event.filtering is None else [metrics.FILTERED_BY[event.filtering]])]
        case Step.RETRIED:
            return [failed] if event.protocol in EACH_TRY else []
        case Step.DEAD_LETTERED:
            return [failed, metrics.REDRIVEN]
        case Step.DISCARDED:
            return [failed, metrics.NOT_REDRIVEN] if event.other is not None else [failed]
        case _:
            return []
