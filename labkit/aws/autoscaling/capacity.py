"""A group comes to its desired capacity: it launches what is missing, which takes time, or terminates."""

from __future__ import annotations

from typing import Any

from labkit.aws.acting import acting, happened
from labkit.aws.cloudwatch.groups import WatchedGroups
from labkit.aws.records import Records
from labkit.causes import Instances
from labkit.rules.termination import Candidate, chosen

from . import activities
from .workers import Workers

NAME = "Auto Scaling"
PENDING, IN_SERVICE = "Pending", "InService"


def change(lab: Records, group: Any, desired: int, why: str, policy: Any = None) -> None:
    """Set a group's desired capacity and bring it there; `why` begins AWS's sentence about the cause."""
    before = group.__dict__.get("desired_capacity") or 0
    group.desired_capacity = desired
    balance(lab, group, f"{why} changing the desired capacity from {before} to {desired}", policy)


def balance(lab: Records, group: Any, why: str, policy: Any = None) -> None:
    """Launch or terminate until as many instances are there as the group desires."""
    there, desired = len(counted(group)), group.desired_capacity or 0
    if there < desired:
        _launch(lab, group, desired - there, why, policy)
    elif there > desired:
        _terminate(lab, group, there - desired, why, policy)
    lab.part(WatchedGroups).look(group)


def counted(group: Any) -> list[Any]:
    """The instances that count towards the capacity: in service, or on their way there."""
    return [state for state in group.instance_states if state.lifecycle_state in (PENDING, IN_SERVICE)]


def _launch(lab: Records, group: Any, number: int, why: str, policy: Any) -> None:
    before = len(group.instance_states)
    nth = lab.nth_call(NAME, "ec2", f"RunInstances {group.arn}")
    with acting(lab, NAME, group.name, nth):
        group.replace_autoscaling_group_instances(number, group.get_propagated_tags())
    new = group.instance_states[before:]
    for place, state in enumerate(new, before + 1):
        state.lifecycle_state, state.launched, state.policy = PENDING, lab.scheduler.now, policy
        state.activity = activities.launching(lab, group, state.instance_id, why, place - 1, place)
        expect(lab, group, state)
    launched = Instances(tuple(state.instance_id for state in new))
    happened(lab, NAME, "ec2", "RunInstances", group.name, launched)


def expect(lab: Records, group: Any, state: Any) -> None:
    """Bring an instance into service once it has booted."""
    ready = max(state.launched + lab.part(Workers).boot(group.name), lab.scheduler.now)
    lab.scheduler.timers.add(ready, lambda: _in_service(lab, group, state))


def _in_service(lab: Records, group: Any, state: Any) -> None:
    if state not in group.instance_states or state.lifecycle_state != PENDING:
        return
    state.lifecycle_state, state.in_service = IN_SERVICE, lab.scheduler.now
    activities.finish(lab, state.activity)
    _begin_cooldown(lab, group, state.policy)
    happened(lab, NAME, "autoscaling", "InService", group.name, Instances((state.instance_id,)))
    lab.part(WatchedGroups).look(group)
    lab.part(Workers).begin(group.name, state.instance_id)


def _begin_cooldown(lab: Records, group: Any, policy: Any) -> None:
    """A simple scaling policy's cooldown counts from the end of what it began."""
    if policy is not None and policy.policy_type == "SimpleScaling":
        group.simple_scaling_ended = lab.scheduler.now


def _terminate(lab: Records, group: Any, number: int, why: str, policy: Any) -> None:
    there = counted(group)
    seen = [_as_seen(state) for state in there]
    policies = group.termination_policies or ["Default"]
    ids = chosen(seen, number, lab.scheduler.now, policies[0], lab.seed)
    for place, instance in enumerate(ids):
        activities.terminating(lab, group, instance, why, len(there) - place, len(there) - place - 1)
    if len(ids) < number:
        activities.protected(lab, group, why)
    if not ids:
        return
    happened(lab, NAME, "ec2", "TerminateInstances", group.name, Instances(tuple(ids)))
    group.instance_states = [state for state in group.instance_states if state.instance_id not in ids]
    _begin_cooldown(lab, group, policy)
    with acting(lab, NAME, group.name):
        group.autoscaling_backend.ec2_backend.terminate_instances(ids)


def _as_seen(state: Any) -> Candidate:
    version = getattr(state.instance, "launch_template_version", None) or 1
    return Candidate(
        state.instance_id,
        state.availability_zone,
        getattr(state, "launched", 0),
        int(version) if str(version).isdigit() else 1,
        bool(state.protected_from_scale_in),
    )
