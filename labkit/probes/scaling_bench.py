"""The usual calls of experiments with Auto Scaling groups."""

from __future__ import annotations

from typing import Any

from labkit.probes.bench import Bench
from labkit.probes.experiments.monitoring import VISIBLE, of_queue

IMAGE = "ami-12c6146b"


def create_group(bench: Bench, desired: int, name: str = "workers", least: int = 0, most: int = 30) -> None:
    """An Auto Scaling group with its metrics enabled, whose first instances are in service."""
    bench.client("ec2").create_launch_template(
        LaunchTemplateName=name, LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.micro"}
    )
    group = {"AutoScalingGroupName": name}
    autoscaling = bench.client("autoscaling")
    autoscaling.create_auto_scaling_group(
        **group, MinSize=least, MaxSize=most, DesiredCapacity=desired, AvailabilityZones=["us-east-1a"],
        LaunchTemplate={"LaunchTemplateName": name},
    )  # fmt: skip
    autoscaling.enable_metrics_collection(**group, Granularity="1Minute")
    bench.wait(60)


def group(bench: Bench, name: str = "workers") -> Any:
    """A group as DescribeAutoScalingGroups shows it."""
    answer = bench.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    return answer["AutoScalingGroups"][0]


def capacities(bench: Bench, minutes: int, name: str = "workers") -> list[int]:
    """The desired capacity at the end of each minute."""
    seen = []
    for _ in range(minutes):
        bench.wait(60)
        seen.append(group(bench, name)["DesiredCapacity"])
    return seen


def instances(bench: Bench) -> list[str]:
    """The ids of the group's instances."""
    return [one["InstanceId"] for one in group(bench)["Instances"]]


def query(id: str, namespace: str, metric: str, dimensions: list[dict[str, str]], **stat: Any) -> dict[str, Any]:
    """A metric of a query or a policy."""
    named = {"Namespace": namespace, "MetricName": metric, "Dimensions": dimensions}
    return {"Id": id, "MetricStat": {"Metric": named, "Stat": "Average", **stat}, "ReturnData": False}


def backlog(name: str = "workers", **stat: Any) -> list[dict[str, Any]]:
    """Visible messages over instances in service, as AWS's guide divides them."""
    workers = [{"Name": "AutoScalingGroupName", "Value": name}]
    return [
        query("m1", "AWS/SQS", VISIBLE, of_queue(), **stat),
        query("m2", "AWS/AutoScaling", "GroupInServiceInstances", workers, **stat),
        {"Id": "e1", "Expression": "m1 / m2", "ReturnData": True},
    ]


def track(bench: Bench, target: float, **options: Any) -> dict[str, Any]:
    """Let the group track a backlog per instance; returns PutScalingPolicy's answer."""
    configuration = {"TargetValue": target, "CustomizedMetricSpecification": {"Metrics": backlog()}}
    answer: dict[str, Any] = bench.client("autoscaling").put_scaling_policy(
        AutoScalingGroupName="workers", PolicyName="backlog", PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration=configuration, **options,
    )  # fmt: skip
    return answer


def step_policy(bench: Bench, steps: list[dict[str, Any]], kind: str = "ChangeInCapacity", warmup: int = 60) -> str:
    """A step scaling policy, by its ARN as DescribePolicies shows it."""
    autoscaling = bench.client("autoscaling")
    autoscaling.put_scaling_policy(
        AutoScalingGroupName="workers", PolicyName="step", PolicyType="StepScaling", AdjustmentType=kind,
        StepAdjustments=steps, EstimatedInstanceWarmup=warmup,
    )  # fmt: skip
    return str(autoscaling.describe_policies()["ScalingPolicies"][0]["PolicyARN"])
