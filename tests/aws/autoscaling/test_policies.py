"""Scaling policies that act: target tracking on the backlog per instance, step and simple scaling by alarm."""

from contextlib import nullcontext

import pytest
from botocore.exceptions import ClientError

from labkit.aws.door import door
from tests.aws.monitored import (
    VISIBLE,
    alarm,
    backlog_per_instance,
    create_group,
    data_points,
    group,
    instances,
    put_alarm,
    send_many,
)


@pytest.fixture
def cloudwatch(lab):
    return lab.client("cloudwatch")


def desired(lab, autoscaling, minutes):
    """The desired capacity at the end of each minute."""
    found = []
    for _ in range(minutes):
        lab.clock.advance("1 min")
        found.append(group(autoscaling)["DesiredCapacity"])
    return found


def test_awss_example_scales_out_by_five(lab, sqs, orders, cloudwatch):
    """1,500 messages, 10 instances, 0.1 s a message, 10 s acceptable: the target is 100, so 15 instances."""
    autoscaling = create_group(lab, most=30, desired=10)
    lab.clock.advance("1 min")
    autoscaling.put_scaling_policy(**backlog_per_instance(target=100))
    send_many(sqs, orders, 1500)
    assert desired(lab, autoscaling, 6) == [10, 10, 15, 15, 15, 15]


def test_a_target_tracking_policy_makes_two_alarms_and_takes_them_with_it(lab, sqs, orders, cloudwatch):
    autoscaling = create_group(lab)
    made = autoscaling.put_scaling_policy(**backlog_per_instance(target=10))
    high, low = (alarm(cloudwatch, one["AlarmName"]) for one in made["Alarms"])
    assert (high["Threshold"], high["EvaluationPeriods"], high["ComparisonOperator"]) == (10, 3, "GreaterThanThreshold")
    assert (low["Threshold"], low["EvaluationPeriods"], low["ComparisonOperator"]) == (9, 15, "LessThanThreshold")
    assert high["AlarmActions"] == [made["PolicyARN"]]
    (policy,) = autoscaling.describe_policies()["ScalingPolicies"]
    assert (policy["PolicyARN"], policy["Alarms"]) == (made["PolicyARN"], made["Alarms"])
    autoscaling.delete_policy(AutoScalingGroupName="workers", PolicyName="backlog-per-instance")
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_scaling_in_waits_for_fifteen_minutes_and_for_warm_instances(lab, sqs, orders, cloudwatch):
    autoscaling = create_group(lab, least=1, desired=4)
    lab.clock.advance("1 min")
    autoscaling.put_scaling_policy(**backlog_per_instance(target=10))
    assert desired(lab, autoscaling, 17) == [4] * 14 + [1] * 3


def test_without_scale_in_there_is_no_alarm_for_it(lab, sqs, orders):
    autoscaling = create_group(lab)
    given = backlog_per_instance(target=10)
    given["TargetTrackingConfiguration"]["DisableScaleIn"] = True
    assert len(autoscaling.put_scaling_policy(**given)["Alarms"]) == 1


def test_no_instance_means_no_metric_and_no_scaling(lab, sqs, orders, cloudwatch):
    autoscaling = create_group(lab, desired=0)
    autoscaling.put_scaling_policy(**backlog_per_instance(target=10))
    send_many(sqs, orders, 50)
    assert set(desired(lab, autoscaling, 10)) == {0}
    assert data_points(cloudwatch)[5] == 50


def test_instances_that_warm_up_are_not_asked_for_twice(lab, sqs, orders):
    autoscaling = create_group(lab, most=30, desired=1)
    lab.clock.advance("1 min")
    lab.start_on("workers", lambda: None, boot="5 min")
    autoscaling.put_scaling_policy(**backlog_per_instance(target=10))
    send_many(sqs, orders, 40)
    assert desired(lab, autoscaling, 12) == [1, 1] + [4] * 10


def test_the_maximum_holds(lab, sqs, orders):
    autoscaling = create_group(lab, most=3, desired=1)
    lab.clock.advance("1 min")
    autoscaling.put_scaling_policy(**backlog_per_instance(target=1))
    send_many(sqs, orders, 50)
    assert max(desired(lab, autoscaling, 8)) == 3


def step_policy(autoscaling, **options):
    given = {
        "AutoScalingGroupName": "workers",
        "PolicyName": "step",
        "PolicyType": "StepScaling",
        "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": [
            {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 20, "ScalingAdjustment": 1},
            {"MetricIntervalLowerBound": 20, "ScalingAdjustment": 3},
        ],
        "EstimatedInstanceWarmup": 60,
    }
    return autoscaling.put_scaling_policy(**(given | options))["PolicyARN"]


@pytest.mark.parametrize(("messages", "expected"), [(10, 2), (24, 2), (25, 4), (90, 4)])
def test_a_larger_breach_takes_a_larger_step(lab, sqs, orders, cloudwatch, messages, expected):
    autoscaling = create_group(lab, desired=1)
    put_alarm(cloudwatch, AlarmActions=[step_policy(autoscaling)])
    lab.clock.advance("2 min")
    send_many(sqs, orders, messages)
    assert desired(lab, autoscaling, 1) == [expected]


def test_a_step_policy_is_invoked_again_each_minute_while_the_alarm_lasts(lab, sqs, orders, cloudwatch):
    autoscaling = create_group(lab, desired=1)
    put_alarm(cloudwatch, AlarmActions=[step_policy(autoscaling)])
    lab.clock.advance("2 min")
    send_many(sqs, orders, 10)
    assert desired(lab, autoscaling, 7) == [2, 2, 3, 3, 4, 4, 5]
    assert alarm(cloudwatch)["StateValue"] == "ALARM"


def test_a_simple_policy_waits_for_its_cooldown(lab, sqs, orders, cloudwatch):
    autoscaling = create_group(lab, desired=1)
    arn = autoscaling.put_scaling_policy(
        AutoScalingGroupName="workers",
        PolicyName="simple",
        AdjustmentType="ChangeInCapacity",
        ScalingAdjustment=1,
        Cooldown=180,
    )["PolicyARN"]
    put_alarm(cloudwatch, AlarmActions=[arn])
    lab.clock.advance("2 min")
    send_many(sqs, orders, 10)
    assert desired(lab, autoscaling, 10) == [2] * 4 + [3] * 4 + [4] * 2


def test_an_alarm_for_less_takes_instances_away(lab, sqs, orders, cloudwatch):
    autoscaling = create_group(lab, desired=4, least=1)
    arn = autoscaling.put_scaling_policy(
        AutoScalingGroupName="workers",
        PolicyName="less",
        PolicyType="StepScaling",
        AdjustmentType="PercentChangeInCapacity",
        StepAdjustments=[{"MetricIntervalUpperBound": 0, "ScalingAdjustment": -50}],
    )["PolicyARN"]
    put_alarm(cloudwatch, AlarmActions=[arn], ComparisonOperator="LessThanThreshold", Threshold=1)
    assert desired(lab, autoscaling, 4) == [2, 1, 1, 1]
    assert len(instances(autoscaling)) == 1


def test_executing_a_policy_by_hand(lab):
    autoscaling = create_group(lab, desired=1)
    lab.clock.advance("1 min")
    step_policy(autoscaling)
    given = {"AutoScalingGroupName": "workers", "PolicyName": "step"}
    with pytest.raises(ClientError, match="MetricValue and BreachThreshold"):
        autoscaling.execute_policy(**given)
    autoscaling.execute_policy(**given, MetricValue=30, BreachThreshold=5)
    assert group(autoscaling)["DesiredCapacity"] == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"PolicyType": "Sideways"},
        {"StepAdjustments": []},
        {"StepAdjustments": [{"ScalingAdjustment": 1}]},
        {
            "StepAdjustments": [
                {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 5, "ScalingAdjustment": 1},
                {"MetricIntervalLowerBound": 6, "ScalingAdjustment": 2},
            ]
        },
        {"AutoScalingGroupName": "nobody"},
    ],
)
def test_a_policy_that_cannot_be_is_refused(lab, wrong):
    autoscaling = create_group(lab)
    with pytest.raises(ClientError, match="ValidationError"):
        step_policy(autoscaling, **wrong)


def test_policies_of_two_groups_may_have_the_same_name(lab):
    autoscaling = create_group(lab)
    create_group(lab, "others")
    arns = {step_policy(autoscaling), step_policy(autoscaling, AutoScalingGroupName="others")}
    assert len(arns) == len(autoscaling.describe_policies()["ScalingPolicies"]) == 2


def test_suspended_alarm_notifications_do_not_scale(lab, sqs, orders, cloudwatch):
    autoscaling = create_group(lab, desired=1)
    put_alarm(cloudwatch, AlarmActions=[step_policy(autoscaling)], MetricName=VISIBLE)
    autoscaling.suspend_processes(AutoScalingGroupName="workers", ScalingProcesses=["AlarmNotification"])
    send_many(sqs, orders, 30)
    assert desired(lab, autoscaling, 3) == [1, 1, 1]


@pytest.mark.parametrize("returned", [[False, False, False], [True, False, True], [True, False, False], [None] * 3])
@pytest.mark.parametrize("through", ["in process", "over HTTP"])
def test_metric_math_returns_data_for_the_final_expression_alone(lab, sqs, orders, cloudwatch, returned, through):
    autoscaling = create_group(lab)
    given = backlog_per_instance(target=10)
    metrics = given["TargetTrackingConfiguration"]["CustomizedMetricSpecification"]["Metrics"]
    with door.shut() if through == "over HTTP" else nullcontext():
        autoscaling.put_scaling_policy(**given)
        before = autoscaling.describe_policies()["ScalingPolicies"], cloudwatch.describe_alarms()["MetricAlarms"]
        for one, value in zip(metrics, returned, strict=True):
            one.pop("ReturnData")
            one |= {} if value is None else {"ReturnData": value}
        with pytest.raises(ClientError) as failure:
            autoscaling.put_scaling_policy(**given)
        error = failure.value.response["Error"]
        number = [one is not False for one in returned].count(True)
        words = (
            "final math expression" if number == 1 else "Exactly one element of the metrics list should return data."
        )
        assert (error["Code"], words in error["Message"]) == ("ValidationError", True)
        after = autoscaling.describe_policies()["ScalingPolicies"], cloudwatch.describe_alarms()["MetricAlarms"]
        assert after == before
