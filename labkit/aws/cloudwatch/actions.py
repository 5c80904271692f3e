"""What an alarm does when it changes its state: it invokes scaling policies and publishes to SNS topics."""

from __future__ import annotations

import json
from typing import Any

from labkit.aws.acting import acting
from labkit.aws.records import Records
from labkit.rules import Refused, alarm_reason
from labkit.rules import alarm as rules

from .items import note
from .sources import micros

SERVICE = "cloudwatch.amazonaws.com"
REGIONS = {"us-east-1": "US East (N. Virginia)"}


def of_state(alarm: Any) -> list[str]:
    """The actions of the state that an alarm is in; none where its actions are disabled."""
    if not alarm.actions_enabled:
        return []
    by_state = {rules.ALARM: alarm.alarm_actions, rules.OK: alarm.ok_actions}
    return list(by_state.get(alarm.state_value, alarm.insufficient_data_actions))


def carry_out(lab: Records, backend: Any, alarm: Any, before: str, value: float | None) -> None:
    """Carry out the actions of the state that the alarm has just come into."""
    for action in of_state(alarm):
        done = (
            _scale(lab, alarm, action, value) if _is_policy(action) else _publish(lab, backend, alarm, action, before)
        )
        _note(lab, alarm, action, done)


def repeat(lab: Records, backend: Any, alarm: Any, value: float | None) -> None:
    """Invoke scaling policies again: an alarm does so once a minute while its state lasts. [alarm-actions]"""
    for action in of_state(alarm):
        if _is_policy(action):
            _scale(lab, alarm, action, value)


def _note(lab: Records, alarm: Any, action: str, done: bool) -> None:
    summary = f"{'Successfully executed' if done else 'Failed to execute'} action {action}"
    note(
        lab,
        alarm,
        "Action",
        summary,
        {"actionState": "Succeeded" if done else "Failed", "notificationResource": action},
    )


def _is_policy(action: str) -> bool:
    return action.split(":")[2:3] == ["autoscaling"]


def _scale(lab: Records, alarm: Any, action: str, value: float | None) -> bool:
    from labkit.aws.autoscaling.invoking import by_alarm

    return by_alarm(lab, action, alarm, value)


def _publish(lab: Records, backend: Any, alarm: Any, action: str, before: str) -> bool:
    """Publish to an SNS topic. CloudWatch checks no action before: what is not there, or lets it not in, fails then."""
    parts = action.split(":")
    if len(parts) != 6 or parts[2] != "sns":
        return False
    from moto.sns.models import sns_backends

    region, account = parts[3:5]
    topic = sns_backends[account][region].topics.get(action)
    if topic is None:
        return False
    subject = f'{alarm.state_value}: "{alarm.name}" in {_region(backend)}'[:100]
    from labkit.aws.sns.publishing import publish_as

    text, owner = json.dumps(message(backend, alarm, before)), backend.account_id
    with acting(lab, "CloudWatch", alarm.alarm_arn, action):
        try:
            publish_as(lab, topic, SERVICE, alarm.alarm_arn, owner, text, subject)
        except Refused:
            return False
    return True


def _region(backend: Any) -> str:
    return REGIONS.get(backend.region_name, backend.region_name)


def message(backend: Any, alarm: Any, before: str) -> dict[str, Any]:
    """The notification that an alarm publishes, as AWS writes it."""
    return {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": backend.account_id,
        "AlarmConfigurationUpdatedTimestamp": alarm_reason.stamp(micros(alarm.configuration_updated_timestamp)),
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": alarm_reason.stamp(micros(alarm.state_updated_timestamp)),
        "Region": _region(backend),
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "Trigger": _trigger(alarm),
    }


def _trigger(alarm: Any) -> dict[str, Any]:
    trigger: dict[str, Any] = {
        "Period": alarm.period,
        "EvaluationPeriods": alarm.evaluation_periods,
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": alarm.threshold,
        "TreatMissingData": alarm.treat_missing_data or "",
    }
    if alarm.metric_name:
        trigger |= {
            "MetricName": alarm.metric_name,
            "Namespace": alarm.namespace,
            "StatisticType": "Statistic",
            "Statistic": str(alarm.statistic).upper(),
            "Unit": alarm.unit,
            "Dimensions": [{"value": one.value, "name": one.name} for one in alarm.dimensions],
        }
    return trigger
