"""Scaling activities, as DescribeScalingActivities tells them: AWS's wording, as recorded from its groups."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from labkit.aws.records import Records
from labkit.rules import SECOND, identifier

DIFFERENCE = "in response to a difference between desired and actual capacity"
PROTECTED = "Could not scale to desired capacity because all remaining instances are protected from scale-in."


def of(group: Any) -> list[dict[str, Any]]:
    """A group's activities, oldest first."""
    return group.__dict__.setdefault("activities", [])


def launching(lab: Records, group: Any, instance: str, why: str, before: int, after: int) -> dict[str, Any]:
    """Note that an instance is launched; `finish` when it is in service."""
    started = f"an instance was started {DIFFERENCE}, increasing the capacity from {before} to {after}."
    cause = f"At {_now(lab)} {why}.  At {_now(lab)} {started}"
    return _note(lab, group, f"Launching a new EC2 instance: {instance}", cause, "PreInService", 30)


def terminating(lab: Records, group: Any, instance: str, why: str, before: int, after: int) -> None:
    """Note that an instance is terminated, which takes no time here."""
    out = f"an instance was taken out of service {DIFFERENCE}, shrinking the capacity from {before} to {after}."
    cause = (
        f"At {_now(lab)} {why}.  At {_now(lab)} {out}  At {_now(lab)} instance {instance} was selected for termination."
    )
    finish(lab, _note(lab, group, f"Terminating EC2 instance: {instance}", cause, "InProgress", 0))


def protected(lab: Records, group: Any, why: str) -> None:
    """Note that nothing could be terminated."""
    activity = _note(lab, group, PROTECTED, f"At {_now(lab)} {why}.", "InProgress", 0)
    finish(lab, activity)
    activity.update(StatusCode="Failed", StatusMessage=PROTECTED)


def finish(lab: Records, activity: dict[str, Any]) -> None:
    """Note that an activity has come to its end."""
    activity.update(StatusCode="Successful", Progress=100, EndTime=_moment(lab))


def _note(lab: Records, group: Any, description: str, cause: str, status: str, progress: int) -> dict[str, Any]:
    number = len(of(group))
    activity = {
        "ActivityId": identifier(lab.seed, group.arn, "activity", number),
        "AutoScalingGroupName": group.name,
        "Description": description,
        "Cause": cause,
        "StartTime": _moment(lab),
        "StatusCode": status,
        "Progress": progress,
        "Details": "{}",
        "AutoScalingGroupARN": group.arn,
    }
    of(group).append(activity)
    return activity


def _moment(lab: Records) -> datetime:
    return datetime.fromtimestamp(lab.scheduler.now / SECOND, UTC).replace(tzinfo=None)


def _now(lab: Records) -> str:
    return f"{_moment(lab):%Y-%m-%dT%H:%M:%SZ}"
