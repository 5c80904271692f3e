"""The history of an alarm: what changed in its configuration and state, and what it did."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult

from labkit.aws.records import Records

from .sources import moment


def note(lab: Records, alarm: Any, kind: str, summary: str, data: dict[str, Any]) -> None:
    """Write one item of an alarm's history."""
    alarm.items.append(
        {
            "AlarmName": alarm.name,
            "AlarmType": "MetricAlarm",
            "Timestamp": moment(lab.scheduler.now),
            "HistoryItemType": kind,
            "HistorySummary": summary,
            "HistoryData": json.dumps(data),
        }
    )


def describe_alarm_history(response: Any) -> ActionResult:
    """DescribeAlarmHistory, which moto does not have: newest first unless ScanBy says otherwise."""
    get: Callable[..., Any] = response._get_param
    name, kind = get("AlarmName"), get("HistoryItemType")
    alarms = response.cloudwatch_backend.alarms
    chosen = alarms.values() if name is None else filter(None, [alarms.get(name)])
    items = [item for alarm in chosen for item in alarm.items if kind in (None, item["HistoryItemType"])]
    items = [item for item in items if _is_between(item["Timestamp"], get("StartDate"), get("EndDate"))]
    items.sort(key=lambda item: item["Timestamp"])
    if get("ScanBy") != "TimestampAscending":
        items.reverse()
    return ActionResult({"AlarmHistoryItems": items[: int(get("MaxRecords") or 100)]})


def _is_between(at: Any, start: Any, end: Any) -> bool:
    first, last = (one and one.replace(tzinfo=None) for one in (start, end))
    return (first is None or first <= at) and (last is None or at <= last)
