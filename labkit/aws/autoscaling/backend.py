"""moto's Auto Scaling and EC2 backends: what changes a group or ends an instance brings the group to its capacity."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.ec2.models import EC2Backend

from labkit.aws.acting import happened
from labkit.aws.adapter import Replacement
from labkit.aws.cloudwatch.groups import METRICS, WatchedGroups
from labkit.aws.current import current_lab
from labkit.causes import Instances

from . import policies
from .capacity import NAME, balance, change, counted
from .workers import Workers

_create, _update = AutoScalingBackend.create_auto_scaling_group, AutoScalingBackend.update_auto_scaling_group
_delete, _protect = AutoScalingBackend.delete_auto_scaling_group, AutoScalingBackend.set_instance_protection
_enable = AutoScalingBackend.enable_metrics_collection
_terminate = EC2Backend.terminate_instances


def set_desired_capacity(group: Any, new_capacity: int | None) -> None:
    """Every way in which moto changes a group's capacity comes here."""
    desired = group.min_size if new_capacity is None else new_capacity
    if "desired_capacity" not in group.__dict__:
        why = "a user request created an AutoScalingGroup"
    else:
        sizes = f"min: {group.min_size}, max: {group.max_size}, desired: {desired}"
        why = f"a user request update of AutoScalingGroup constraints to {sizes}"
    change(current_lab(), group, desired, why)


def terminate_instances(backend: Any, instance_ids: list[str]) -> Any:
    """Whoever terminates an instance ends what runs on it."""
    terminated = _terminate(backend, instance_ids)
    for instance in instance_ids:
        current_lab().part(Workers).end(instance)
    return terminated


def set_instance_protection(backend: Any, group_name: str, *args: Any, **given: Any) -> None:
    """SetInstanceProtection: where too many were protected, some may go now."""
    _protect(backend, group_name, *args, **given)
    group = backend.autoscaling_groups[group_name]
    if len(counted(group)) > (group.desired_capacity or 0):
        balance(current_lab(), group, "an instance is no longer protected from scale-in,")


def enable_metrics_collection(backend: Any, group_name: str, metrics: list[str]) -> None:
    """EnableMetricsCollection, of all metrics where none is named."""
    group = backend.autoscaling_groups[group_name]
    _enable(backend, group_name, metrics or list(METRICS))
    current_lab().part(WatchedGroups).look(group)


def notify_terminate_instances(backend: Any, instance_ids: list[str]) -> None:
    """EC2 has terminated instances: their groups launch others."""
    lab = current_lab()
    for group in backend.autoscaling_groups.values():
        left = [state for state in group.instance_states if state.instance_id not in instance_ids]
        if len(left) < len(group.instance_states):
            gone = [state.instance_id for state in group.instance_states if state not in left]
            group.instance_states = left
            happened(lab, NAME, "autoscaling", "OutOfService", group.name, Instances(tuple(gone)))
            why = "an instance was taken out of service in response to an EC2 health check,"
            balance(lab, group, why)


def delete_auto_scaling_group(backend: Any, group_name: str) -> None:
    """DeleteAutoScalingGroup, with its policies and its protected instances."""
    group = backend.autoscaling_groups.get(group_name)
    _free(backend, group_name)
    _delete(backend, group_name)
    if group is not None:
        current_lab().part(WatchedGroups).forget(group)


def create_auto_scaling_group(backend: Any, *args: Any, **given: Any) -> Any:
    """CreateAutoScalingGroup, which refuses a desired capacity outside the group's sizes."""
    _check_between(given.get("desired_capacity"), given.get("min_size"), given.get("max_size"))
    return _create(backend, *args, **given)


def update_auto_scaling_group(backend: Any, name: str, *args: Any, **given: Any) -> Any:
    """UpdateAutoScalingGroup, which refuses a desired capacity outside the group's sizes."""
    group = backend.autoscaling_groups.get(name)
    if group is not None:
        least, most = given.get("min_size"), given.get("max_size")
        _check_between(
            given.get("desired_capacity"),
            group.min_size if least is None else least,
            group.max_size if most is None else most,
        )
    return _update(backend, name, *args, **given)


def _free(backend: Any, group_name: str) -> None:
    """A group that is deleted takes its policies with it, and its protected instances."""
    for policy in [one for one in backend.policies.values() if one.auto_scaling_group_name == group_name]:
        policies.remove(policy)
    group = backend.autoscaling_groups.get(group_name)
    for state in group.instance_states if group else []:
        state.protected_from_scale_in = False


def _check_between(desired: Any, least: Any, most: Any) -> None:
    if least is not None and most is not None and int(least) > int(most):
        raise ValidationError(f"Max bound, {most}, must be greater than or equal to min bound, {least}")
    if desired is not None and not int(least or 0) <= int(desired) <= int(most):
        text = f"Desired capacity:{desired} must be between the specified min size:{least} and max size:{most}"
        raise ValidationError(text)


class _Groups(OrderedDict[str, Any]):
    """The groups by name; moto looks most of them up without asking whether they are there."""

    def __missing__(self, name: str) -> Any:
        raise ValidationError("AutoScalingGroup name not found - null")


class _Known:
    """The attribute of moto's backend that holds its groups."""

    def __get__(self, backend: Any, owner: type | None = None) -> Any:
        held = backend.__dict__
        if not isinstance(held["autoscaling_groups"], _Groups):  # made before a lab was open
            held["autoscaling_groups"] = _Groups(held["autoscaling_groups"])
        return held["autoscaling_groups"]

    def __set__(self, backend: Any, groups: dict[str, Any]) -> None:
        backend.__dict__["autoscaling_groups"] = _Groups(groups)


REPLACED: list[Replacement] = [
    (AutoScalingBackend, "autoscaling_groups", _Known()),
    (FakeAutoScalingGroup, "set_desired_capacity", set_desired_capacity),
    (EC2Backend, "terminate_instances", terminate_instances),
    (AutoScalingBackend, "create_auto_scaling_group", create_auto_scaling_group),
    (AutoScalingBackend, "update_auto_scaling_group", update_auto_scaling_group),
    (AutoScalingBackend, "set_instance_protection", set_instance_protection),
    (AutoScalingBackend, "enable_metrics_collection", enable_metrics_collection),
    (AutoScalingBackend, "notify_terminate_instances", notify_terminate_instances),
    (AutoScalingBackend, "delete_auto_scaling_group", delete_auto_scaling_group),
]
