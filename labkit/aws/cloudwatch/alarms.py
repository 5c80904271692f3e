"""Alarms that evaluate: each full minute an alarm looks at its data points and may change its state."""

from __future__ import annotations

import json
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import CloudWatchBackend, cloudwatch_backends

from labkit.aws.acting import happened
from labkit.aws.current import current_lab
from labkit.aws.records import Records
from labkit.causes import StateUpdated
from labkit.rules import Refused, alarm_reason, metric_queries
from labkit.rules import alarm as rules
from labkit.rules.message import SECOND

from . import actions
from .items import note
from .queries import Query, evaluate
from .sources import MetricName, moment

MINUTE = 60
HIGH_RESOLUTION = 10
_put, _set_state, _delete = (
    CloudWatchBackend.put_metric_alarm, CloudWatchBackend.set_alarm_state, CloudWatchBackend.delete_alarms,
)  # fmt: skip


def put_metric_alarm(backend: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    """PutMetricAlarm: a new alarm has seen no data yet, a changed one keeps its state."""
    _check_queries(kwargs)
    before = backend.alarms.get(name)
    alarm = _put(backend, name, *args, **kwargs)
    alarm.items = [] if before is None else before.items
    if before is None:
        alarm.state_value, alarm.state_reason = rules.INSUFFICIENT_DATA, alarm_reason.UNCHECKED
    else:
        for field in ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp"):
            setattr(alarm, field, getattr(before, field))
    created = "created" if before is None else "updated"
    note(current_lab(), alarm, "ConfigurationUpdate", f'Alarm "{name}" {created}', {"type": created.title()[:-1]})
    current_lab().part(Evaluations).begin()
    return alarm


def _check_queries(given: dict[str, Any]) -> None:
    """One query of an alarm returns data; where another is its threshold, two do, and that is left to moto."""
    queries = given.get("metric_data_queries")
    if queries and not given.get("threshold_metric_id"):
        try:
            metric_queries.check_number([_returns(query) for query in queries].count(True))
        except Refused as refused:
            raise ValidationError(refused.message) from None


def _returns(query: Any) -> bool:
    return query.return_data not in (False, "false")


def set_alarm_state(backend: Any, alarm_name: str, reason: str, reason_data: str, state_value: str) -> None:
    """SetAlarmState, with what the new state asks for."""
    alarm = backend.alarms.get(alarm_name)
    before = None if alarm is None else (alarm.state_value, alarm.state_reason)
    _set_state(backend, alarm_name, reason, reason_data, state_value)
    if before is not None and before[0] != state_value:
        changed(current_lab(), backend, alarm, *before, _value_in(reason_data))


# By their names in moto's `CloudWatchBackend`.
METHODS: dict[str, Any] = {"put_metric_alarm": put_metric_alarm, "set_alarm_state": set_alarm_state}


def _value_in(reason_data: str | None) -> float | None:
    """The metric's value that SetAlarmState's StateReasonData carries for a scaling policy."""
    points = json.loads(reason_data or "{}").get("recentDatapoints") or [None]
    return points[-1]


class Evaluations:
    """Evaluates a lab's alarms, of every account and region, each full minute for as long as there is one."""

    def __init__(self, lab: Records) -> None:
        self._lab = lab
        self._waits = False
        self._due = 0

    def begin(self) -> None:
        """Evaluate from the next full minute on (from the next ten seconds for alarms of shorter periods)."""
        alarms = [alarm for _, alarm in all_alarms()]
        if alarms and not self._waits:
            self._waits = True
            step = HIGH_RESOLUTION if any((alarm.period or MINUTE) < MINUTE for alarm in alarms) else MINUTE
            self._due = _next(self._lab, step)
            self._lab.scheduler.timers.add(self._due, self._evaluate, recurring=True)

    def _evaluate(self) -> None:
        self._waits = False
        full = self._due % (MINUTE * SECOND) == 0  # a real clock shows a little more by now
        for backend, alarm in all_alarms():
            if alarm.rule is None and (full or (alarm.period or MINUTE) < MINUTE):
                evaluate_one(self._lab, backend, alarm)
        self.begin()


def _next(lab: Records, seconds: int) -> int:
    now = lab.scheduler.now
    return now - now % (seconds * SECOND) + seconds * SECOND


def all_alarms() -> list[tuple[Any, Any]]:
    """All of moto's alarms with their backends, in the order in which they were created."""
    return [
        (backend, alarm) for _, _, backend in cloudwatch_backends.iter_backends() for alarm in backend.alarms.values()
    ]


def evaluate_one(lab: Records, backend: Any, alarm: Any) -> None:
    """Evaluate one alarm now, and carry out what its state asks for."""
    condition = condition_of(alarm)
    times, values = _data_points(lab, backend, alarm, condition)
    state = rules.next_state(values, condition, alarm.state_value)
    latest = next((value for value in reversed(values) if value is not None), None)
    if state == alarm.state_value:
        actions.repeat(lab, backend, alarm, latest)
        return
    before = alarm.state_value, alarm.state_reason
    why = alarm_reason.reason(values, times, condition, state)
    period, statistic = period_of(alarm), alarm.statistic or ""
    data = alarm_reason.reason_data(values, times, condition, lab.scheduler.now, period, statistic)
    alarm.update_state(why, data, state)
    changed(lab, backend, alarm, *before, latest)


def condition_of(alarm: Any) -> rules.Condition:
    """What one of moto's alarms watches for."""
    to_alarm = alarm.datapoints_to_alarm
    return rules.Condition(
        alarm.comparison_operator,
        float(alarm.threshold),
        int(alarm.evaluation_periods),
        None if to_alarm is None else int(to_alarm),
        alarm.treat_missing_data or rules.MISSING,
    )


def period_of(alarm: Any) -> int:
    """The seconds that one data point of an alarm covers; all metrics of one alarm have the same."""
    if alarm.period:
        return int(alarm.period)
    stats = [query.metric_stat for query in alarm.metric_data_queries if query.metric_stat is not None]
    return next((int(stat.period) for stat in stats if stat.period), MINUTE)


def _data_points(
    lab: Records, backend: Any, alarm: Any, condition: rules.Condition
) -> tuple[list[int], list[float | None]]:
    period = period_of(alarm) * SECOND
    end = lab.scheduler.now
    start = end - condition.range * period
    queries = _queries(alarm)
    decides = next((query for query in queries if query.returned), queries[-1])
    found = evaluate(lab, backend, queries, start, end)[decides.id]
    times = list(range(start, end, period))
    return times, [found.get(at) for at in times]


def _queries(alarm: Any) -> list[Query]:
    if not alarm.metric_data_queries:
        dimensions = frozenset((one.name, one.value) for one in alarm.dimensions)
        metric = MetricName(alarm.namespace, alarm.metric_name, dimensions, alarm.unit)
        return [Query("alarm", metric, alarm.statistic, int(alarm.period), "", True, "")]
    return [_query(query, period_of(alarm)) for query in alarm.metric_data_queries]


def _query(query: Any, period: int) -> Query:
    """Read a query as moto keeps it."""
    stat, metric = query.metric_stat, None
    if stat is not None:
        dimensions = frozenset((one.name, one.value) for one in stat.metric.dimensions)
        metric = MetricName(stat.metric.namespace, stat.metric.metric_name, dimensions, stat.unit)
    expression, label = query.expression or "", query.label or ""
    return Query(query.id, metric, stat.stat if stat else "", period, expression, _returns(query), label)


def changed(lab: Records, backend: Any, alarm: Any, state: str, reason: str, value: float | None) -> None:
    """Note that an alarm's state has changed, and carry out the actions of the new one."""
    alarm.state_updated_timestamp = moment(lab.scheduler.now)
    old = {"stateValue": state, "stateReason": reason}
    new = {"stateValue": alarm.state_value, "stateReason": alarm.state_reason}
    if alarm.state_reason_data:
        new["stateReasonData"] = json.loads(alarm.state_reason_data)
    summary = f"Alarm updated from {state} to {alarm.state_value}"
    note(lab, alarm, "StateUpdate", summary, {"version": "1.0", "oldState": old, "newState": new})
    happened(lab, "CloudWatch", "cloudwatch", "StateUpdate", alarm.name, StateUpdated(state, alarm.state_value))
    actions.carry_out(lab, backend, alarm, state, value)
