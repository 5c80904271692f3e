"""What stands in moto's Auto Scaling and EC2 while labs are open, the answers of single calls among it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.amis import AmiBackend

from labkit.aws.replacing import Present, Replacement

from . import activities, backend, images, policies
from .capacity import change

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

STILL_THERE = (
    "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) "
    "still in the group."
)
_answer_create = AutoScalingResponse.create_auto_scaling_group


def replacements(now: Present) -> list[Replacement]:
    """All that is replaced: the class, the name in it, and what stands there while labs are open."""
    answers = policies.answering(now) | _answering(now)
    return [
        *((AutoScalingResponse, name, method) for name, method in answers.items()),
        *((AutoScalingBackend, name, method) for name, method in backend.methods(now).items()),
        (FakeAutoScalingGroup, "set_desired_capacity", backend.set_desired_capacity(now)),
        (AmiBackend, "_load_amis", images.load_none),
        (AmiBackend, "describe_images", images.describe_images),
        (EC2Backend, "terminate_instances", backend.terminate_instances(now)),
    ]


def _answering(lab: Callable[[], Lab]) -> dict[str, Callable[..., Any]]:
    def set_desired_capacity(response: Any) -> EmptyResult:
        group = _group(response)
        desired = response._get_int_param("DesiredCapacity")
        if desired > group.max_size:
            raise ValidationError(_outside(desired, "above max", group.max_size))
        if desired < group.min_size:
            raise ValidationError(_outside(desired, "below min", group.min_size))
        change(lab(), group, desired, "a user request explicitly set group desired capacity")
        return EmptyResult()

    made = (set_desired_capacity, create_auto_scaling_group, describe_scaling_activities, delete_auto_scaling_group)
    return {one.__name__: one for one in made}


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
