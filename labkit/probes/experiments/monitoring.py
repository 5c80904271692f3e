"""Monitoring a queue: what it publishes, how it is asked for, and alarms that watch it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from labkit.aws.lab import START
from labkit.ledger import quota
from labkit.probes.bench import Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE

VISIBLE = "ApproximateNumberOfMessagesVisible"
SENT, EMPTY, AGE = "NumberOfMessagesSent", "NumberOfEmptyReceives", "ApproximateAgeOfOldestMessage"
POISON = quota("sqs.redrive.move_to_back_receives")
HOUR = 3_600
OK, ALARM, INSUFFICIENT_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"


def of_queue(name: str = "orders") -> list[dict[str, str]]:
    """The one dimension of a queue's metrics."""
    return [{"Name": "QueueName", "Value": name}]


def points(
    bench: Bench, metric: str, statistic: str = "Maximum", *, queue: str = "orders", period: int = 60, start: int = 0
) -> dict[int, float]:
    """The data points of a queue's metric since the lab was opened, by minute."""
    answer = bench.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SQS", MetricName=metric, Dimensions=of_queue(queue), Statistics=[statistic], Period=period,
        StartTime=START + timedelta(seconds=start), EndTime=START + timedelta(seconds=bench.now),
    )  # fmt: skip
    found = {(one["Timestamp"] - START) // timedelta(minutes=1): one[statistic] for one in answer["Datapoints"]}
    return dict(sorted(found.items()))


def put_alarm(bench: Bench, name: str = "backlog", **options: Any) -> None:
    """An alarm that watches for more than five visible messages in a minute."""
    given = {
        "Namespace": "AWS/SQS", "MetricName": VISIBLE, "Dimensions": of_queue(), "Statistic": "Maximum", "Period": 60,
        "EvaluationPeriods": 1, "Threshold": 5, "ComparisonOperator": "GreaterThanThreshold",
    }  # fmt: skip
    bench.client("cloudwatch").put_metric_alarm(AlarmName=name, **(given | options))


def state(bench: Bench, name: str = "backlog") -> str:
    """The state of an alarm now."""
    (found,) = bench.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(found["StateValue"])


def states(bench: Bench, minutes: int) -> list[str]:
    """The state of the alarm at the end of each minute."""
    seen = []
    for _ in range(minutes):
        bench.wait(60)
        seen.append(state(bench))
    return seen


@probe(
    "metric-active",
    "Seven hours after its last message was deleted: values {values} until {last:clock}, then no data points; a "
    "queue with a message had {kept}",
    wrong=MOCK_ALONE,
)
def metrics_of_an_active_queue(bench: Bench) -> None:
    full = bench.create("full")
    bench.sqs.send_message(QueueUrl=full, MessageBody="order-1")
    bench.send()
    bench.delete(bench.take())
    bench.wait(7 * HOUR)
    emptied, kept = points(bench, VISIBLE), points(bench, VISIBLE, queue="full")
    bench.see("last", max(emptied, default=-1) * 60, 6 * HOUR - 120)
    bench.see("values", sorted(set(emptied.values())), [0.0])
    bench.see("kept", len(kept), 7 * 60)


@probe(
    "metric-counts",
    "Two receives without a message: NumberOfEmptyReceives {empty}; one message moved to a dead-letter queue: "
    "NumberOfMessagesSent {sent} there, visible {there}",
    wrong=MOCK_ALONE,
)
def empty_receives_and_moves(bench: Bench) -> None:
    dead = bench.create("dead")
    arn = bench.sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "1"})
    bench.url = bench.create("orders", RedrivePolicy=policy, VisibilityTimeout=0)
    bench.receive()
    bench.send()
    bench.receive()
    bench.receive()
    bench.wait(60)
    bench.see("empty", points(bench, EMPTY, "Sum").get(0), 2.0)
    bench.see("sent", points(bench, SENT, "Sum", queue="dead").get(0, 0), 0)
    bench.see("there", points(bench, VISIBLE, queue="dead").get(0), 1.0)


@probe(
    "metric-age",
    "Oldest message in seconds after two receives of it, in the next minute, and after the third receive: {ages}",
    wrong=MOCK_ALONE,
)
def age_without_the_poison_message(bench: Bench) -> None:
    bench.url = bench.create("orders", VisibilityTimeout=0)
    bench.send("poison")
    bench.wait(60)
    bench.send("order-2")
    for _ in range(POISON - 1):
        bench.receive()
    bench.wait(60)
    bench.receive()
    bench.wait(60)
    bench.see("ages", [points(bench, AGE).get(minute) for minute in range(3)], [60.0, 120.0, 120.0])


@probe(
    "metric-periods",
    "One message a minute, by minute: {minutes}; asked for by two minutes from 00:01:40 on: {sums} from minutes "
    "{begins}",
    wrong=MOCK_ALONE,
)
def data_points_by_period(bench: Bench) -> None:
    for _ in range(5):
        bench.send()
        bench.wait(60)
    bench.see("minutes", list(points(bench, SENT, "Sum").values()), [1.0] * 5)
    by_two = points(bench, SENT, "Sum", period=120, start=100)
    bench.see("begins", list(by_two), [1, 3])
    bench.see("sums", list(by_two.values()), [2.0, 2.0])


@probe(
    "alarm-states",
    "Sums 9, 1, 9, 1, 1 against more than 5 in 2 of 3 minutes; states from the beginning on: {states}",
    wrong=MOCK_ALONE,
)
def an_alarm_of_two_out_of_three(bench: Bench) -> None:
    put_alarm(bench, MetricName=SENT, Statistic="Sum", EvaluationPeriods=3, DatapointsToAlarm=2)
    seen = [state(bench)]
    for sent in (9, 1, 9, 1, 1):
        for _ in range(sent):
            bench.send()
        bench.wait(60)
        seen.append(state(bench))
    bench.see("states", seen, [INSUFFICIENT_DATA, INSUFFICIENT_DATA, OK, ALARM, OK, OK])


@probe(
    "alarm-missing",
    "Missing, ignore, breaching, notBreaching: {with_data} with six messages sent, {without} ten minutes later",
    wrong=MOCK_ALONE,
)
def four_ways_to_treat_missing_data(bench: Bench) -> None:
    ways = ("missing", "ignore", "breaching", "notBreaching")
    for way in ways:
        put_alarm(bench, way, MetricName=SENT, Statistic="Sum", TreatMissingData=way)
    bench.send_many(6)
    bench.wait(60)
    with_data = [state(bench, way) for way in ways]
    bench.wait(600)
    bench.see("with_data", with_data, [ALARM] * 4)
    bench.see("without", [state(bench, way) for way in ways], [INSUFFICIENT_DATA, ALARM, ALARM, OK])


@probe(
    "asg-1", "State of the alarm with an empty queue: {before}; a minute after six messages: {after}", wrong=MOCK_ALONE
)
def the_alarm_is_there_before_the_threshold(bench: Bench) -> None:
    bench.create("orders")
    put_alarm(bench)
    bench.wait(60)
    before = state(bench)
    bench.send_many(6)
    bench.see("before", before, OK)
    bench.see("after", states(bench, 1), [ALARM])
