"""The answers of moto's Auto Scaling that differ from AWS's, and all that stands in it and in EC2."""

from __future__ import annotations

from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from labkit.aws.adapter import Replacement
from labkit.aws.current import current_lab

from . import activities, backend, images, policies
from .capacity import change

STILL_THERE = (
    "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) "
    "still in the group."
)
_answer_create = AutoScalingResponse.create_auto_scaling_group


def set_desired_capacity(response: Any) -> EmptyResult:
    """SetDesiredCapacity, which refuses what is outside the group's sizes."""
    group = _group(response)
    desired = response._get_int_param("DesiredCapacity")
    if desired > group.max_size:
        raise ValidationError(_outside(desired, "above max", group.max_size))
    if desired < group.min_size:
        raise ValidationError(_outside(desired, "below min", group.min_size))
    change(current_lab(), group, desired, "a user request explicitly set group desired capacity")
    return EmptyResult()


def create_auto_scaling_group(response: Any) -> Any:
    """CreateAutoScalingGroup, with the default instance warm-up that moto leaves out."""
    answer = _answer_create(response)
    warmup = response._get_params().get("DefaultInstanceWarmup")
    if warmup is not None and warmup >= 0:
        _group(response).default_instance_warmup = warmup
    return answer


def describe_scaling_activities(response: Any) -> ActionResult:
    """DescribeScalingActivities, newest first."""
    name = response._get_param("AutoScalingGroupName")
    groups = response.autoscaling_backend.autoscaling_groups.values()
    found = [one for group in groups if name in (None, group.name) for one in activities.of(group)]
    found.reverse()
    return ActionResult({"Activities": found[: response._get_int_param("MaxRecords") or 100]})


def delete_auto_scaling_group(response: Any) -> EmptyResult:
    """DeleteAutoScalingGroup, which wants an empty group or ForceDelete."""
    group = _group(response)
    if group.instance_states and not response._get_bool_param("ForceDelete", False):
        raise AutoscalingClientError("ResourceInUse", STILL_THERE)
    response.autoscaling_backend.delete_auto_scaling_group(group.name)
    return EmptyResult()


def _group(response: Any) -> Any:
    name = response._get_param("AutoScalingGroupName")
    group = response.autoscaling_backend.autoscaling_groups.get(name)
    if group is None:
        raise ValidationError("AutoScalingGroup name not found - null")
    return group


def _outside(desired: int, side: str, bound: int) -> str:
    return f"New SetDesiredCapacity value {desired} is {side} value {bound} for the AutoScalingGroup."


_MADE = (set_desired_capacity, create_auto_scaling_group, describe_scaling_activities, delete_auto_scaling_group)
# All that stands in moto while labs are open, of this service and of EC2.
REPLACED: list[Replacement] = [
    *((AutoScalingResponse, name, method) for name, method in policies.METHODS.items()),
    *((AutoScalingResponse, method.__name__, method) for method in _MADE),
    *backend.REPLACED,
    *images.REPLACED,
]
