"""PutScalingPolicy, DeletePolicy and ExecutePolicy: a target tracking policy makes its own two alarms."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.cloudwatch.models import Dimension, Metric, MetricDataQuery, MetricStat, cloudwatch_backends
from moto.core.responses import ActionResult, EmptyResult

from labkit.aws.current import current_lab
from labkit.aws.records import Records
from labkit.rules import Refused, identifier, metric_queries
from labkit.rules.scaling import SCALE_IN_PERIODS, SCALE_IN_SHARE, SCALE_OUT_PERIODS

from .invoking import SIMPLE, STEP, TARGET, invoke, tracking_of

PERIOD = 60
TYPES = (SIMPLE, STEP, TARGET, "PredictiveScaling")


def put_scaling_policy(response: Any) -> ActionResult:
    """PutScalingPolicy; one of target tracking makes its alarms."""
    policy = _put(current_lab(), response.autoscaling_backend, response._get_params())
    return ActionResult({"PolicyARN": policy.arn, "Alarms": policy.alarms})


def delete_policy(response: Any) -> EmptyResult:
    """DeletePolicy, with the alarms that it made."""
    remove(_find(response))
    return EmptyResult()


def execute_policy(response: Any) -> EmptyResult:
    """ExecutePolicy."""
    _execute(current_lab(), _find(response), response._get_params())
    return EmptyResult()


# By their names in moto's `AutoScalingResponse`.
METHODS = {one.__name__: one for one in (put_scaling_policy, delete_policy, execute_policy)}


def _put(lab: Records, backend: Any, given: dict[str, Any]) -> Any:
    group = backend.autoscaling_groups.get(given["AutoScalingGroupName"])
    if group is None:
        raise ValidationError("Group not found")
    kind = given.get("PolicyType") or SIMPLE
    _check(kind, given)
    before = backend.policies.pop(_key(group.name, given["PolicyName"]), None)
    if before is not None:
        _delete_alarms(before)
    policy = backend.put_scaling_policy(
        name=given["PolicyName"],
        policy_type=kind,
        metric_aggregation_type=given.get("MetricAggregationType"),
        adjustment_type=given.get("AdjustmentType"),
        as_name=group.name,
        min_adjustment_magnitude=given.get("MinAdjustmentMagnitude"),
        scaling_adjustment=given.get("ScalingAdjustment"),
        cooldown=given.get("Cooldown"),
        target_tracking_config=given.get("TargetTrackingConfiguration") or {},
        step_adjustments=given.get("StepAdjustments") or [],
        estimated_instance_warmup=given.get("EstimatedInstanceWarmup"),
        predictive_scaling_configuration=given.get("PredictiveScalingConfiguration") or {},
    )
    backend.policies[_key(group.name, policy.name)] = backend.policies.pop(policy.name)
    policy.own_cooldown, policy.enabled = given.get("Cooldown"), given.get("Enabled") is not False
    policy.alarms = _make_alarms(lab, policy) if kind == TARGET else []
    return policy


def _key(group: str, policy: str) -> str:
    """A policy's name is its group's own; moto keeps those of all groups in one place."""
    return f"{group}/{policy}"


def _check(kind: str, given: dict[str, Any]) -> None:
    required = {SIMPLE: "ScalingAdjustment", STEP: "StepAdjustments", TARGET: "TargetTrackingConfiguration"}.get(kind)
    if kind not in TYPES:
        raise ValidationError(f"Unknown policy type {kind}")
    if required and given.get(required) in (None, []):
        raise ValidationError(f"{required} must be specified for policy type {kind}")
    if kind in (SIMPLE, STEP) and not given.get("AdjustmentType"):
        raise ValidationError(f"AdjustmentType must be specified for policy type {kind}")
    if kind == STEP:
        _check_steps(given["StepAdjustments"])
    if kind == TARGET:
        _check_tracked(given["TargetTrackingConfiguration"])


def _check_steps(steps: list[dict[str, Any]]) -> None:
    bounds = [(one.get("MetricIntervalLowerBound"), one.get("MetricIntervalUpperBound")) for one in steps]
    if any(lower is None and upper is None for lower, upper in bounds):
        raise ValidationError("At least one of the upper or lower bounds must be specified for each step adjustment.")
    ordered = sorted(bounds, key=lambda pair: (pair[0] is not None, pair[0] or 0.0))
    if any(upper != lower for (_, upper), (lower, _) in pairwise(ordered)):
        raise ValidationError("StepAdjustment intervals can't have gaps between them, and can't overlap.")


def _check_tracked(configuration: dict[str, Any]) -> None:
    queries = (configuration.get("CustomizedMetricSpecification") or {}).get("Metrics")
    try:
        if queries:
            metric_queries.check(queries)
    except Refused as refused:
        raise ValidationError(refused.message) from None


def _make_alarms(lab: Records, policy: Any) -> list[dict[str, str]]:
    tracking = tracking_of(policy)
    wanted = [("AlarmHigh", "GreaterThanThreshold", tracking.target, SCALE_OUT_PERIODS)]
    if tracking.scale_in:
        low = round(tracking.target * SCALE_IN_SHARE, 9)
        wanted.append(("AlarmLow", "LessThanThreshold", low, SCALE_IN_PERIODS))
    made = []
    for kind, comparison, threshold, periods in wanted:
        number = identifier(lab.seed, policy.auto_scaling_group_name, policy.name, kind)
        name = f"TargetTracking-{policy.auto_scaling_group_name}-{kind}-{number}"
        alarm = _alarms_of(policy).put_metric_alarm(
            name=name,
            comparison_operator=comparison,
            evaluation_periods=periods,
            threshold=threshold,
            description=f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy.arn}.",
            alarm_actions=[policy.arn],
            **_watched(policy),
        )
        made.append({"AlarmName": name, "AlarmARN": alarm.alarm_arn})
    return made


def _alarms_of(policy: Any) -> Any:
    backend = policy.autoscaling_backend
    return cloudwatch_backends[backend.account_id][backend.region_name]


def _watched(policy: Any) -> dict[str, Any]:
    """The metric of a target tracking policy, as moto's PutMetricAlarm takes it."""
    configuration = vars(policy.target_tracking_configuration)
    custom = configuration.get("CustomizedMetricSpecification") or {}
    if custom.get("Metrics"):
        queries = [_query(one) for one in custom["Metrics"]]
        nothing: dict[str, Any] = dict.fromkeys(("namespace", "metric_name", "period", "statistic"))
        return nothing | {"dimensions": [], "metric_data_queries": queries}
    if custom:
        return {
            "namespace": custom["Namespace"],
            "metric_name": custom["MetricName"],
            "dimensions": custom.get("Dimensions") or [],
            "statistic": custom.get("Statistic") or "Average",
            "unit": custom.get("Unit"),
            "period": int(custom.get("Period") or PERIOD),
        }
    return {
        "namespace": "AWS/EC2",
        "metric_name": "CPUUtilization",
        "dimensions": [{"Name": "AutoScalingGroupName", "Value": policy.auto_scaling_group_name}],
        "statistic": "Average",
        "period": PERIOD,
    }


def _query(given: dict[str, Any]) -> MetricDataQuery:
    stat = given.get("MetricStat")
    read = None
    if stat:
        metric = stat["Metric"]
        dimensions = [Dimension(one["Name"], one["Value"]) for one in metric.get("Dimensions") or []]
        named = Metric(metric["MetricName"], metric["Namespace"], dimensions)
        read = MetricStat(named, stat.get("Period") or given.get("Period") or PERIOD, stat["Stat"], stat.get("Unit"))
    returned = given.get("ReturnData") is not False
    return MetricDataQuery(given["Id"], given.get("Label"), None, returned, given.get("Expression"), read)


def _find(response: Any) -> Any:
    name, group = response._get_param("PolicyName"), response._get_param("AutoScalingGroupName")
    policies = response.autoscaling_backend.policies.values()
    found = [one for one in policies if name in (one.name, one.arn) and group in (None, one.auto_scaling_group_name)]
    if not found:
        raise ValidationError("No policy found with that name")
    return found[0]


def remove(policy: Any) -> None:
    """Delete a policy, and the alarms that it made."""
    _delete_alarms(policy)
    policy.autoscaling_backend.policies.pop(_key(policy.auto_scaling_group_name, policy.name), None)


def _delete_alarms(policy: Any) -> None:
    _alarms_of(policy).delete_alarms([one["AlarmName"] for one in policy.alarms])


def _execute(lab: Records, policy: Any, given: dict[str, Any]) -> None:
    value, threshold = given.get("MetricValue"), given.get("BreachThreshold")
    if policy.policy_type not in (SIMPLE, STEP):
        raise ValidationError(f"Executing a policy of type {policy.policy_type} is not supported.")
    if policy.policy_type == STEP and (value is None or threshold is None):
        raise ValidationError("MetricValue and BreachThreshold are required for a StepScaling policy.")
    why = f"a user request executed policy {policy.name}"
    above = value is None or value >= threshold
    invoke(lab, policy, value, threshold or 0.0, above, why, cooldown=bool(given.get("HonorCooldown")))
