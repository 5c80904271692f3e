"""Why a depot's day went wrong: the calls that made the group grow or not, and the reason in words."""

from __future__ import annotations

from typing import Any

from labkit.pictures.fleet_size import sizes
from labkit.study.depot.playing import ANSWER, GROUP, MINUTE, QUEUE, Depot
from labkit.study.evidence import call_line
from labkit.study.record import Record
from labkit.words import promise_kept as words
from labkit.words import say
from labkit.words import shift as shift_words

VISIBLE = "ApproximateNumberOfMessagesVisible"
CHANGING = ("SetDesiredCapacity", "UpdateAutoScalingGroup", "PutScalingPolicy")


def calls(record: Record) -> list[str]:
    """The answer's first calls."""
    own = [call for call in record.calls if call.by == ANSWER]
    return [call_line(record, call) for call in own][:4] or [say(shift_words.NO_CALLS)]


def launched(record: Record) -> list[tuple[int, int]]:
    """How many instances the group had: (microseconds since the start, number)."""
    return sizes(record.calls, record.start)[GROUP][0]


def grew_at(record: Record) -> str:
    """When the first instance beyond the first one was in service, in words."""
    working = sizes(record.calls, record.start)[GROUP][1]
    at = next((at for at, number in working if number > 1), None)
    return say(words.AT_NO_TIME) if at is None else say(words.AT_MINUTE, minute=at / (MINUTE * 1_000_000))


def of_wait(record: Record, depot: Depot) -> str:
    """Explain why a parcel waited too long."""
    own = [call for call in record.calls if call.by == ANSWER]
    working = sizes(record.calls, record.start)[GROUP][1]
    most = max(number for _, number in working)
    if most <= 1:
        return _why_not_grown(depot, any(call.operation in CHANGING and call.error is None for call in own))
    day = depot.day
    work = day.rush * day.seconds / MINUTE
    values = {"parcels": day.rush, "seconds": day.seconds, "work": work, "most": most, "drain": work / most}
    grew = next(at for at, number in working if number > 1) / 1_000_000
    if grew >= day.begins + day.promise:
        return say(words.WHY_LATE, minutes=(grew - day.begins) / MINUTE)
    if any(_tracks_length(policy) for policy in depot.policies):
        return say(words.WHY_LENGTH)
    if grew < day.begins:
        return say(words.WHY_FIXED_FEW, **values)
    return say(words.WHY_FEW, **values, reaction=(grew - day.begins) / MINUTE)


def _tracks_length(policy: dict[str, Any]) -> bool:
    """Whether a target tracking policy follows the number of visible messages, undivided."""
    given = policy.get("TargetTrackingConfiguration", {}).get("CustomizedMetricSpecification", {})
    queries = given.get("Metrics", [])
    names = [query["MetricStat"]["Metric"]["MetricName"] for query in queries if "MetricStat" in query]
    divided = any("Expression" in query for query in queries)
    return VISIBLE in (*names, given.get("MetricName")) and not divided


def _why_not_grown(depot: Depot, changed: bool) -> str:
    if depot.policies and not depot.alarms:
        return say(words.WHY_NO_ALARM)
    blind = [alarm for alarm in depot.alarms if alarm["StateValue"] == "INSUFFICIENT_DATA"]
    if blind and len(blind) == len(depot.alarms):
        return say(words.WHY_NO_DATA, alarm=blind[0]["AlarmName"], queue=QUEUE, group=GROUP)
    if depot.alarms and not any(alarm["AlarmActions"] for alarm in depot.alarms):
        return say(words.WHY_NO_ACTION, alarm=depot.alarms[0]["AlarmName"])
    if depot.alarms:
        alarm = max(depot.alarms, key=lambda one: one["Threshold"])
        return say(words.WHY_SILENT, alarm=alarm["AlarmName"], threshold=alarm["Threshold"])
    return say(words.WHY_SAME_SIZE if changed else words.WHY_NOTHING)


def of_cost(record: Record, depot: Depot) -> str:
    """Explain why a day needed so many instance-minutes."""
    points = launched(record)
    most, last = max(number for _, number in points), points[-1][1]
    if points[-1][0] <= depot.day.begins * 1_000_000:
        return say(words.WHY_FIXED, most=most)
    if last > 2:
        return say(words.WHY_STAYED, last=last)
    needed = depot.day.rush * depot.day.seconds / depot.day.promise
    return say(words.WHY_MANY, most=most, needed=needed)
