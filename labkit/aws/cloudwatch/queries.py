"""GetMetricStatistics, GetMetricData and ListMetrics on the data points of services and of PutMetricData."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.cloudwatch.exceptions import InvalidParameterValue, ValidationError
from moto.cloudwatch.models import MetricAggregatedDatum, MetricDatum
from moto.cloudwatch.models import Statistics as MockStatistics

from labkit.aws.current import current_lab
from labkit.aws.records import Records
from labkit.rules import metric_math
from labkit.rules.metric import Sample, Statistics, data_points, rounded_start
from labkit.rules.refused import Refused

from .sources import MetricName, micros, moment, published, samples


@dataclass(frozen=True, slots=True)
class Query:
    """One of several series: a metric's statistic over periods of so many seconds, or an expression over the others."""

    id: str
    metric: MetricName | None
    statistic: str
    period: int
    expression: str
    returned: bool
    label: str

    @classmethod
    def of(cls, given: dict[str, Any], period: int = 60) -> Query:
        """Read a MetricDataQuery as the API takes it; `period` is for one that names none."""
        stat = given.get("MetricStat") or {}
        metric = stat.get("Metric") or {}
        name = None
        if metric:
            name = MetricName.of(
                metric["Namespace"], metric["MetricName"], metric.get("Dimensions") or [], stat.get("Unit")
            )
        label = given.get("Label") or (f"{metric['MetricName']} {stat['Stat']}" if metric else given["Id"])
        seconds = int(stat.get("Period") or given.get("Period") or period)
        returned = given.get("ReturnData") is not False
        return cls(given["Id"], name, stat.get("Stat", ""), seconds, given.get("Expression") or "", returned, label)


def get_metric_statistics(
    backend: Any, namespace: str, metric_name: str, start_time: datetime, end_time: datetime, period: int,
    stats: list[str], dimensions: list[dict[str, str]], unit: str | None = None,
) -> list[MockStatistics]:  # fmt: skip
    """GetMetricStatistics."""
    _check_period(period)
    start, end = _window(current_lab(), start_time, end_time, period)
    if start >= end:
        raise InvalidParameterValue("The parameter StartTime must be less than the parameter EndTime.")
    metric = MetricName.of(namespace, metric_name, dimensions or [], unit)
    found, published_unit = samples(current_lab(), backend, metric, start, end)
    points = data_points(found, start, end, period * 1_000_000)
    return [_answer(at, statistics, stats, published_unit) for at, statistics in points]


def get_metric_data(
    backend: Any, queries: list[dict[str, Any]], start_time: datetime, end_time: datetime,
    scan_by: str = "TimestampDescending",
) -> list[dict[str, Any]]:  # fmt: skip
    """GetMetricData."""
    if not queries:
        raise ValidationError("The parameter MetricDataQueries is required.")
    read = [Query.of(query) for query in queries]
    start, end = _window(current_lab(), start_time, end_time, min(query.period for query in read))
    if start >= end:
        raise ValidationError("The parameter EndTime must be greater than StartTime.")
    return _results(current_lab(), backend, read, start, end, scan_by)


def _check_period(period: int) -> None:
    if period not in (1, 5, 10, 20, 30) and (period < 60 or period % 60):
        raise InvalidParameterValue("The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.")


def _window(lab: Records, start: datetime, end: datetime, period: int) -> tuple[int, int]:
    return rounded_start(micros(start), lab.scheduler.now, period * 1_000_000), micros(end)


def _answer(at: int, statistics: Statistics, names: list[str], unit: str) -> MockStatistics:
    answer = MockStatistics(names, moment(at), unit)
    numbers = (statistics.smallest, statistics.largest, statistics.count, statistics.total)
    answer.metric_data = [MetricAggregatedDatum("", "", *numbers, [], None)]
    return answer


def _results(
    lab: Records, backend: Any, queries: list[Query], start: int, end: int, scan_by: str
) -> list[dict[str, Any]]:
    try:
        found = evaluate(lab, backend, queries, start, end)
    except Refused as refused:
        raise ValidationError(refused.message) from None
    results = []
    for query in queries:
        if query.returned:
            values = sorted(found[query.id].items(), reverse=scan_by != "TimestampAscending")
            numbers = {"timestamps": [moment(at) for at, _ in values], "values": [value for _, value in values]}
            results.append({"id": query.id, "label": query.label, "status_code": "Complete"} | numbers)
    return results


def evaluate(lab: Records, backend: Any, queries: Sequence[Query], start: int, end: int) -> dict[str, dict[int, float]]:
    """Return each query's values by the beginning of their period. Raises `Refused` for what metric math cannot do."""
    found: dict[str, dict[int, float]] = {}
    for query in queries:
        if query.metric is not None:
            data, _ = samples(lab, backend, query.metric, start, end)
            points = data_points(data, start, end, query.period * 1_000_000)
            found[query.id] = _values(points, query.statistic)
    left = [query for query in queries if query.metric is None]
    while left:
        query = next((one for one in left if not _names_one_of(one.expression, left)), left[0])
        times = range(start, end, query.period * 1_000_000)
        found[query.id] = metric_math.evaluate(query.expression, found, times)
        left.remove(query)
    return found


def _names_one_of(expression: str, queries: list[Query]) -> bool:
    names = metric_math.names(expression)
    return any(query.id in names for query in queries)


def _values(points: list[Sample], statistic: str) -> dict[int, float]:
    try:
        return {at: statistics.value(statistic) for at, statistics in points}
    except KeyError:
        raise Refused("ValidationError", f"The statistic {statistic} is not supported here.") from None


def _every_metric(lab: Records, backend: Any) -> list[MetricDatum]:
    """One entry a metric of a service, for moto's ListMetrics."""
    return [
        MetricDatum(namespace, name, 0, [{"Name": dimension, "Value": value}], None)
        for namespace, name, dimension, value in published(lab, backend)
    ]


# By their names in moto's `CloudWatchBackend`.
METHODS: dict[str, Any] = {
    "get_metric_statistics": get_metric_statistics,
    "get_metric_data": get_metric_data,
    "aws_metric_data": property(lambda backend: _every_metric(current_lab(), backend)),
}
