"""Why an alarm is in its state, in the sentences that CloudWatch writes: AWS's wording, as recorded from its alarms."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from labkit.rules.alarm import ALARM, BREACHING, INSUFFICIENT_DATA, NOT_BREACHING, Condition, evaluated
from labkit.rules.message import SECOND

UNCHECKED = "Unchecked: Initial alarm creation"
_TREATED_AS = {BREACHING: "[Breaching]", NOT_BREACHING: "[NonBreaching]"}


def reason(values: Sequence[float | None], times: Sequence[int], condition: Condition, state: str) -> str:
    """Return the StateReason of an evaluation that led to `state`; `times` are the beginnings of the data points."""
    places = evaluated(values, condition)
    missing = condition.periods - len(places)
    if state == INSUFFICIENT_DATA:
        return f"Insufficient Data: {_many(missing or condition.periods, 'datapoint', 'was', 'were')} unknown."
    if not places:
        treated = _TREATED_AS.get(condition.missing)
        text = f"Threshold Crossed: no datapoints were received for {_many(missing, 'period')}"
        return f"{text} and {_treated(missing, treated)}." if treated else f"{text}."
    return "Threshold Crossed: " + _crossed(values, times, places, condition, state)


def _crossed(
    values: Sequence[float | None], times: Sequence[int], places: list[int], condition: Condition, state: str
) -> str:
    alarm = state == ALARM
    that = [place for place in places if condition.breaches(values[place] or 0.0) == alarm]
    listed = ", ".join(f"{float(values[place] or 0.0)} ({_short(times[place])})" for place in reversed(that))
    points = _many(len(that), "datapoint")
    if condition.to_alarm is not None:
        points = f"{len(that)} out of the last {len(places)} datapoints"
    verb = ("was" if len(that) == 1 else "were") + ("" if alarm else " not")
    text = f"{points} [{listed}] {verb} {condition.relation} the threshold ({float(condition.threshold)})"
    if condition.to_alarm is None:
        return text + "."
    least = condition.needed if alarm else condition.periods - condition.needed + 1
    change = "OK -> ALARM" if alarm else "ALARM -> OK"
    return f"{text} (minimum {_many(least, 'datapoint')} for {change} transition)."


def reason_data(
    values: Sequence[float | None], times: Sequence[int], condition: Condition, now: int, period: int, statistic: str
) -> str:
    """Return the StateReasonData of an evaluation as JSON; `period` in seconds, `statistic` "" for metric math."""
    places = evaluated(values, condition)
    data: dict[str, object] = {"version": "1.0", "queryDate": stamp(now)}
    if places:
        data["startDate"] = stamp(times[places[0]])
    if statistic:
        data["statistic"] = statistic
    data |= {"period": period, "recentDatapoints": [float(values[place] or 0.0) for place in places]}
    data |= {"threshold": condition.threshold}
    return json.dumps(data)


def stamp(at: int) -> str:
    """An instant as CloudWatch writes it in JSON."""
    return f"{datetime.fromtimestamp(at / SECOND, UTC):%Y-%m-%dT%H:%M:%S}.{at // 1000 % 1000:03}+0000"


def _short(at: int) -> str:
    return f"{datetime.fromtimestamp(at / SECOND, UTC):%d/%m/%y %H:%M:%S}"


def _many(number: int, noun: str, one: str = "", more: str = "") -> str:
    verb = one if number == 1 else more
    return f"{number} {noun}{'' if number == 1 else 's'}{' ' + verb if verb else ''}"


def _treated(number: int, treated: str) -> str:
    return f"{_many(number, 'missing datapoint', 'was', 'were')} treated as {treated}"
