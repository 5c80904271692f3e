"""Scaling on a queue: policies, groups, and what becomes of the instances' work."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from labkit.aws.lab import START
from labkit.probes.bench import Bench
from labkit.probes.experiments.monitoring import put_alarm
from labkit.probes.registry import probe
from labkit.probes.scaling_bench import backlog, capacities, create_group, group, instances, step_policy, track
from labkit.probes.worlds import MOCK_ALONE, World

# moto's sends take the longer the more messages wait.
FEWER_IN_MOCK = replace(MOCK_ALONE, instead={"messages": 150, "target": 10.0})
SAME_WORK = World("A world in which every message takes the same work", instead={"slow": 1})


@probe(
    "metric-math",
    "30 messages, no instance in the first minutes, then two; messages over instances by minute: {values}",
    wrong=MOCK_ALONE,
)
def one_metric_divided_by_another(bench: Bench) -> None:
    bench.create("orders")
    create_group(bench, 0)
    bench.client("autoscaling").set_desired_capacity(AutoScalingGroupName="workers", DesiredCapacity=2)
    bench.send_many(30)
    bench.wait(180)
    (answer,) = bench.client("cloudwatch").get_metric_data(
        MetricDataQueries=backlog(Period=60), ScanBy="TimestampAscending",
        StartTime=START, EndTime=START + timedelta(seconds=bench.now),
    )["MetricDataResults"]  # fmt: skip
    found = dict(zip(answer["Timestamps"], answer["Values"], strict=True))
    bench.see("values", [found.get(START + timedelta(minutes=n)) for n in range(4)], [None, None, 15.0, 15.0])


@probe(
    "alarm-actions",
    "An alarm that lasts six minutes: desired capacity by minute {capacities}; the topic was told {told}",
    wrong=MOCK_ALONE,
)
def an_alarm_that_lasts(bench: Bench) -> None:
    sns = bench.client("sns")
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    inbox = bench.create("inbox")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=bench.let_sns(inbox, topic))
    bench.create("orders")
    create_group(bench, 1)
    policy = step_policy(bench, [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}])
    put_alarm(bench, AlarmActions=[topic, policy])
    bench.send_many(10)
    bench.see("capacities", capacities(bench, 6), [2, 2, 3, 3, 4, 4])
    told = bench.sqs.receive_message(QueueUrl=inbox, MaxNumberOfMessages=10).get("Messages", [])
    bench.see("told", [json.loads(json.loads(one["Body"])["Message"])["NewStateValue"] for one in told], ["ALARM"])


@probe(
    "asg-2",
    "{messages} messages, 10 instances, a target of {target}; desired capacity by minute: {capacities}",
    wrong=FEWER_IN_MOCK,
)
def awss_example_of_fifteen_hundred_messages(bench: Bench, messages: int = 1500, target: float = 100) -> None:
    bench.create("orders")
    create_group(bench, 10)
    track(bench, target)
    bench.send_many(messages)
    bench.see("messages", messages)
    bench.see("target", target)
    bench.see("capacities", capacities(bench, 5), [10, 10, 15, 15, 15])


@probe(
    "scaling-target-alarms",
    "Alarms that the policy made: {alarms}; desired capacity with an empty queue in minutes 13 to 16: {capacities}",
    wrong=MOCK_ALONE,
)
def the_alarms_of_a_target(bench: Bench) -> None:
    bench.create("orders")
    create_group(bench, 4, least=1)
    made = track(bench, 10).get("Alarms", [])
    names = [one["AlarmName"] for one in made]
    found = bench.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"] if names else []
    bench.see("alarms", [f"{one['EvaluationPeriods']} x {one['ComparisonOperator']}" for one in found],
              ["3 x GreaterThanThreshold", "15 x LessThanThreshold"])  # fmt: skip
    bench.see("capacities", capacities(bench, 16)[12:], [4, 4, 1, 1])


@probe(
    "scaling-warmup",
    "A breach that lasts and instances that take a minute to launch and five to warm up; desired capacity by minute:"
    " {capacities}",
    wrong=MOCK_ALONE,
)
def a_breach_that_lasts_while_instances_warm_up(bench: Bench) -> None:
    bench.create("orders")
    create_group(bench, 1, least=1)
    arn = step_policy(bench, [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 3}], warmup=300)
    put_alarm(bench, AlarmActions=[arn])
    bench.send_many(50)
    bench.see("capacities", capacities(bench, 8), [4, 4, 4, 4, 4, 4, 7, 7])


@probe(
    "scaling-steps",
    "Steps of 0, 10 and 30 percent; desired capacity at 50, 60 and 70 against a threshold of 50: {capacities}",
    wrong=MOCK_ALONE,
)
def steps_of_awss_example(bench: Bench) -> None:
    create_group(bench, 10)
    steps = [
        {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 0},
        {"MetricIntervalLowerBound": 10, "MetricIntervalUpperBound": 20, "ScalingAdjustment": 10},
        {"MetricIntervalLowerBound": 20, "ScalingAdjustment": 30},
    ]
    arn = step_policy(bench, steps, "PercentChangeInCapacity", warmup=120)
    watched: dict[str, Any] = {"Namespace": "Shop", "MetricName": "Load", "Dimensions": [], "Threshold": 50}
    put_alarm(bench, AlarmActions=[arn], ComparisonOperator="GreaterThanOrEqualToThreshold", **watched)
    seen = []
    for load in (50, 60, 70):
        data = [{"MetricName": "Load", "Value": load}]
        bench.client("cloudwatch").put_metric_data(Namespace="Shop", MetricData=data)
        seen += capacities(bench, 1)
        bench.wait(240)
    bench.see("capacities", seen, [10, 11, 14])


@probe(
    "scaling-protection",
    "Two instances, one protected, desired capacity {desired}: {left} left, the protected one: {busy_left}; "
    "protection taken away: {then} left",
    wrong=MOCK_ALONE,
)
def a_busy_instance_protects_itself(bench: Bench) -> None:
    create_group(bench, 2)
    autoscaling, named = bench.client("autoscaling"), {"AutoScalingGroupName": "workers"}
    busy = instances(bench)[0]
    autoscaling.set_instance_protection(**named, InstanceIds=[busy], ProtectedFromScaleIn=True)
    autoscaling.set_desired_capacity(**named, DesiredCapacity=0)
    left = instances(bench)
    bench.see("left", len(left), 1)
    bench.see("busy_left", left == [busy], True)
    bench.see("desired", group(bench)["DesiredCapacity"], 0)
    autoscaling.set_instance_protection(**named, InstanceIds=[busy], ProtectedFromScaleIn=False)
    bench.see("then", len(instances(bench)), 0)


@probe(
    "scaling-termination",
    "Terminated 10 s into a job of 20 s: {done} jobs done, the message was received again {back:clock} after its "
    "first receive",
    wrong=MOCK_ALONE,
)
def a_busy_instance_is_terminated(bench: Bench) -> None:
    bench.create("orders")
    create_group(bench, 1)
    done: list[str] = []

    def worker() -> None:
        url = bench.url
        for message in bench.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            time.sleep(20)
            done.append(message["Body"])
            bench.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    bench.lab.start_on("workers", worker)
    bench.send()
    bench.wait(10)
    bench.client("autoscaling").set_desired_capacity(AutoScalingGroupName="workers", DesiredCapacity=0)
    taken = bench.now - 10
    bench.see("done", len(done), 0)
    back = bench.first_seen(*(taken + second for second in (25, 29, 30)))
    bench.see("back", None if back is None else back - taken, 30.0)


@probe(
    "scaling-length",
    "60 messages before one consumer: the last waited {quick:clock} with a second of work each, {slow:clock} with "
    "twenty",
    wrong=SAME_WORK,
)
def the_same_length_and_another_wait(bench: Bench, slow: float = 20) -> None:
    waits = [_longest_wait(bench, f"orders-{place}", work) for place, work in enumerate((1, slow))]
    bench.see("quick", waits[0], 59.0)
    bench.see("slow", waits[1], 1180.0)


def _longest_wait(bench: Bench, name: str, work: float) -> float:
    """How long the last of sixty messages waits for a consumer that needs so many seconds for one."""
    bench.url = bench.create(name)
    bench.send_many(60)
    began, last = bench.now, [0.0]
    bench.lab.start(_taking(bench, work, last))
    bench.lab.run()
    return last[0] - began


def _taking(bench: Bench, work: float, last: list[float]) -> Callable[[], None]:
    def consume() -> None:
        while messages := bench.receive():
            last[0] = bench.now
            time.sleep(work)
            bench.delete(messages[0])

    return consume


@probe("tier-1", "60 orders waiting: {back} instances wanted in the back, {front} in the front", wrong=MOCK_ALONE)
def two_groups_with_capacities_of_their_own(bench: Bench) -> None:
    bench.create("orders")
    create_group(bench, 2, "web")
    create_group(bench, 1)
    track(bench, 10)
    bench.send_many(60)
    bench.see("back", capacities(bench, 4)[-1], 6)
    bench.see("front", group(bench, "web")["DesiredCapacity"], 2)


@probe(
    "tier-2", "Wanted in front and back: {requests} after many requests, {orders} after many orders", wrong=MOCK_ALONE
)
def each_tier_by_its_own_measure(bench: Bench) -> None:
    bench.create("orders")
    create_group(bench, 1, "web", least=1)
    create_group(bench, 1, least=1)
    track(bench, 10)
    _track_requests(bench)
    requests = _two_tiers(bench, 4)
    bench.send_many(60)
    bench.see("requests", requests, [3, 1])
    bench.see("orders", _two_tiers(bench, 4), [3, 6])


def _two_tiers(bench: Bench, minutes: int) -> list[int]:
    """Let 900 requests come a minute, shared by the front's instances; the capacities that both tiers want then."""
    for _ in range(minutes):
        working = [one for one in group(bench, "web")["Instances"] if one["LifecycleState"] == "InService"]
        data = [{"MetricName": "RequestsPerInstance", "Value": 900 / len(working)}]
        bench.client("cloudwatch").put_metric_data(Namespace="Shop", MetricData=data)
        bench.wait(60)
    return [group(bench, name)["DesiredCapacity"] for name in ("web", "workers")]


def _track_requests(bench: Bench) -> None:
    specification = {"MetricName": "RequestsPerInstance", "Namespace": "Shop", "Statistic": "Average"}
    bench.client("autoscaling").put_scaling_policy(
        AutoScalingGroupName="web", PolicyName="requests", PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={"TargetValue": 300, "CustomizedMetricSpecification": specification},
    )  # fmt: skip


HOUR = 3_600
MINUTES = 20


@probe(
    "scaling-visible-only",
    "Three instances, each at work on an order of an hour: {in_flight} messages in flight, {visible} visible; "
    "desired capacity after {minutes} minutes: {capacity}",
    wrong=MOCK_ALONE,
)
def busy_instances_and_an_empty_queue(bench: Bench) -> None:
    bench.url = bench.create("orders", VisibilityTimeout=2 * HOUR)

    def worker() -> None:
        while bench.receive(WaitTimeSeconds=20):
            time.sleep(HOUR)

    create_group(bench, 3, least=1)
    bench.send_many(3)
    bench.lab.start_on("workers", worker)
    track(bench, target=1)
    bench.see("minutes", MINUTES)
    bench.see("capacity", capacities(bench, MINUTES)[-1], 1)
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counts = bench.sqs.get_queue_attributes(QueueUrl=bench.url, AttributeNames=names)["Attributes"]
    bench.see("visible", int(counts[names[0]]), 0)
    bench.see("in_flight", int(counts[names[1]]), 3)
