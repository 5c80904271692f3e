"""Where the data points of a metric come from: what services count, and what PutMetricData brought."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.models import MetricAggregatedDatum, MetricDatum
from moto.sqs.models import sqs_backends

from labkit.aws.kinesis.metrics import Streams
from labkit.aws.records import Records
from labkit.rules import queue_metrics, stream_metrics, topic_metrics
from labkit.rules.message import SECOND
from labkit.rules.metric import Sample, Statistics

from .groups import UNITS as GROUP_UNITS
from .groups import WatchedGroups
from .queues import Queues
from .topics import Topics

SQS, SNS, KINESIS, AUTO_SCALING = "AWS/SQS", "AWS/SNS", "AWS/Kinesis", "AWS/AutoScaling"
Key = tuple[str, str, frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class MetricName:
    """One metric: its namespace, its name and its dimensions, all of them."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]
    unit: str | None = None

    @classmethod
    def of(cls, namespace: str, name: str, dimensions: list[dict[str, str]], unit: str | None = None) -> MetricName:
        """The metric that a call names."""
        return cls(namespace, name, frozenset((one["Name"], one["Value"]) for one in dimensions), unit)


def samples(lab: Records, backend: Any, metric: MetricName, start: int, end: int) -> tuple[Iterator[Sample], str]:
    """Return what was published for a metric from `start` on and before `end` (microseconds), and its unit."""
    found: Iterator[Sample] = iter(())
    unit = "None"
    match metric.namespace, *metric.dimensions:
        case "AWS/SQS", ("QueueName", queue) if _has_queue(backend, queue):
            queues = lab.part(Queues).of(queue)
            unit = queue_metrics.UNITS.get(metric.name, unit)
            if queues is not None and metric.name in queue_metrics.UNITS:
                found = queues.samples(metric.name, start, min(end, lab.scheduler.now))
        case "AWS/SNS", ("TopicName", topic) if _has_topic(backend, topic):
            topics = lab.part(Topics).of(topic)
            unit = topic_metrics.UNITS.get(metric.name, unit)
            if topics is not None and metric.name in topics:
                found = topics.samples(metric.name, start, min(end, lab.scheduler.now))
        case "AWS/Kinesis", ("StreamName", stream):
            unit = stream_metrics.UNITS.get(metric.name, unit)
            of_stream = lab.part(Streams).of(backend.account_id, backend.region_name, stream)
            if metric.name in of_stream:
                found = of_stream.samples(metric.name, start, min(end, lab.scheduler.now))
        case "AWS/AutoScaling", ("AutoScalingGroupName", group):
            unit = GROUP_UNITS
            found = lab.part(WatchedGroups).samples(backend, group, metric.name, start, min(end, lab.scheduler.now))
        case _:
            return _custom(backend, metric, start, end)
    return (found if metric.unit in (None, unit) else iter(())), unit


def _has_queue(backend: Any, queue: str) -> bool:
    queues = sqs_backends[backend.account_id][backend.region_name]
    return queue in queues.queues or queue in queues.__dict__.get("deleted_queues", {})


def _has_topic(backend: Any, topic: str) -> bool:
    return topic in _topics(backend)


def _topics(backend: Any) -> list[str]:
    """The names of an account's topics; none before anybody has asked for SNS."""
    if "moto.sns.models" not in sys.modules:
        return []
    from moto.sns.models import sns_backends

    return [topic.name for topic in sns_backends[backend.account_id][backend.region_name].topics.values()]


def _custom(backend: Any, metric: MetricName, start: int, end: int) -> tuple[Iterator[Sample], str]:
    data = [
        (at, one)
        for one in _index(backend).get((metric.namespace, metric.name, metric.dimensions), ())
        if start <= (at := micros(one.timestamp)) < end and metric.unit in (None, one.unit)
    ]
    return iter([(at, _statistics(one)) for at, one in data]), (data[0][1].unit if data else None) or "None"


def _index(backend: Any) -> dict[Key, list[Any]]:
    """moto's list of all data it was sent, by metric; what has come since the last time is added."""
    index, read = backend.__dict__.setdefault("by_metric", ({}, [0]))
    for one in backend.metric_data[read[0] :]:
        key = (one.namespace, one.name, frozenset((d.name, d.value) for d in one.dimensions))
        index.setdefault(key, []).append(one)
    read[0] = len(backend.metric_data)
    return index


def _statistics(one: MetricDatum | MetricAggregatedDatum) -> Statistics:
    if isinstance(one, MetricAggregatedDatum):
        return Statistics(one.sample_count, one.sum, one.min, one.max)
    return Statistics.of(one.value)


def micros(moment: datetime) -> int:
    """An instant of moto's, naive ones being UTC, in microseconds since 1970."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * SECOND)


def moment(at: int) -> datetime:
    """Microseconds since 1970 as the naive UTC that moto's answers take."""
    return datetime.fromtimestamp(at / SECOND, UTC).replace(tzinfo=None)


def published(lab: Records, backend: Any) -> list[tuple[str, str, str, str]]:
    """All metrics of services that have data: namespace, name, and the name and value of their one dimension."""
    now = lab.scheduler.now
    queues = sqs_backends[backend.account_id][backend.region_name].queues
    found = [(SQS, name, "QueueName", queue) for queue in queues for name in _queue_metrics(lab, queue, now)]
    for topic in _topics(backend):
        metrics = lab.part(Topics).of(topic)
        found += [(SNS, name, "TopicName", topic) for name in ([] if metrics is None else metrics.published(now))]
    for stream, of_stream in lab.part(Streams).known(backend.account_id, backend.region_name):
        found += [(KINESIS, name, "StreamName", stream) for name in of_stream.published(now)]
    groups = lab.part(WatchedGroups).published(backend, now)
    return found + [(AUTO_SCALING, name, "AutoScalingGroupName", group) for group, name in groups]


def _queue_metrics(lab: Records, queue: str, now: int) -> list[str]:
    metrics = lab.part(Queues).of(queue)
    return [] if metrics is None else metrics.published(now)
