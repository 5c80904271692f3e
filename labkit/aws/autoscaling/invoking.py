"""A scaling policy is invoked, by an alarm or by ExecutePolicy: the rules say which capacity it asks for."""

from __future__ import annotations

from typing import Any

from moto.autoscaling.models import autoscaling_backends

from labkit.aws.records import Records
from labkit.rules import SECOND
from labkit.rules.scaling import CHANGE, COOLDOWN, Group, SimpleScaling, Step, StepScaling, TargetTracking

from .capacity import IN_SERVICE, PENDING, change

SIMPLE, STEP, TARGET = "SimpleScaling", "StepScaling", "TargetTrackingScaling"


def by_alarm(lab: Records, arn: str, alarm: Any, value: float | None) -> bool:
    """Invoke the policy that an alarm's action names, with the latest value of its metric; False when there is none."""
    region, account = arn.split(":")[3:5]
    policies = autoscaling_backends[account][region].policies.values()
    policy = next((one for one in policies if one.arn == arn), None)
    if policy is None:
        return False
    above = alarm.comparison_operator.startswith("Greater")
    why = f"a monitor alarm {alarm.name} in state {alarm.state_value} triggered policy {policy.name}"
    invoke(lab, policy, value, float(alarm.threshold), above, why)
    return True


def invoke(
    lab: Records, policy: Any, value: float | None, threshold: float, above: bool, why: str, *, cooldown: bool = True
) -> None:
    """Change the group's capacity to what its policy asks for; `above` tells on which side of the threshold."""
    group = policy.autoscaling_backend.autoscaling_groups.get(policy.auto_scaling_group_name)
    if group is None or not getattr(policy, "enabled", True) or _is_suspended(group):
        return
    seen = seen_by(lab, group, policy)
    desired = seen.desired
    if policy.policy_type == TARGET and value is not None:
        tracking = tracking_of(policy)
        wanted = tracking.proportional(value, seen)
        desired = seen.scaled_out(wanted) if above else seen.scaled_in(wanted)
    elif policy.policy_type == STEP and value is not None:
        desired = _steps_of(policy, threshold, above).desired(value, seen)
    elif policy.policy_type == SIMPLE and not _launches(group):
        last = getattr(group, "simple_scaling_ended", None) if cooldown else None
        desired = _simple(policy, group).desired(seen, lab.scheduler.now, last)
    if desired != group.desired_capacity:
        change(lab, group, desired, why, policy)


def _is_suspended(group: Any) -> bool:
    return any(one["ProcessName"] == "AlarmNotification" for one in group.suspended_processes)


def _launches(group: Any) -> bool:
    return any(state.lifecycle_state == PENDING for state in group.instance_states)


def seen_by(lab: Records, group: Any, policy: Any) -> Group:
    """A group as a policy sees it now; who has just come into service is in no data point of the metric yet."""
    now = lab.scheduler.now
    in_service = [state for state in group.instance_states if state.lifecycle_state == IN_SERVICE]
    warm_from = now - _warmup(group, policy) * SECOND
    warming = [state for state in in_service if _counts(group, state) and state.in_service > warm_from]
    pending = max((group.desired_capacity or 0) - len(in_service), 0)
    measured = [state for state in in_service if getattr(state, "in_service", 0) < now]
    sizes = (group.min_size, group.max_size, group.desired_capacity or 0)
    return Group(*sizes, len(measured), len(warming) + pending)


def _counts(group: Any, state: Any) -> bool:
    """A policy's own warm-up is for what policies launched, a group's default warm-up for every instance."""
    launched_by_policy = getattr(state, "policy", None) is not None
    return hasattr(state, "in_service") and (launched_by_policy or _default_warmup(group) is not None)


def _warmup(group: Any, policy: Any) -> int:
    """In seconds: the policy's, else the group's, else the default cooldown. [scaling-warmup]"""
    own = policy.estimated_instance_warmup
    default = _default_warmup(group)
    return int(own if own is not None else default if default is not None else group.default_cooldown)


def _default_warmup(group: Any) -> int | None:
    return getattr(group, "default_instance_warmup", None)


def tracking_of(policy: Any) -> TargetTracking:
    """The rules of a target tracking policy."""
    configuration = vars(policy.target_tracking_configuration)
    return TargetTracking(float(configuration["TargetValue"]), configuration.get("DisableScaleIn") is not True)


def _steps_of(policy: Any, threshold: float, above: bool) -> StepScaling:
    steps = tuple(
        Step(one["ScalingAdjustment"], one.get("MetricIntervalLowerBound"), one.get("MetricIntervalUpperBound"))
        for one in policy.step_adjustments
    )
    return StepScaling(threshold, steps, policy.adjustment_type or CHANGE, _magnitude(policy), above)


def _simple(policy: Any, group: Any) -> SimpleScaling:
    cooldown = policy.own_cooldown if policy.own_cooldown is not None else group.default_cooldown
    kind = policy.adjustment_type or CHANGE
    return SimpleScaling(policy.scaling_adjustment or 0, kind, _magnitude(policy), int(cooldown or COOLDOWN))


def _magnitude(policy: Any) -> int:
    return int(policy.min_adjustment_magnitude or 0)
