"""Answers of 08-keep-the-promise."""

import time
from datetime import datetime, timedelta, timezone
from math import ceil

from labkit.study.crash import Stopped
from labkit.words.keep_the_promise import Mistake
from labkit.words.shift import Mistake as Shared
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "08-keep-the-promise",
    read="length_alone",
    text="""
Not yet: a fleet that keeps a promise
In the run “an ordinary day: a parcel takes 20 s and may wait 10 min; a rush of 180 parcels”:
What was called:
  - at 0.01 s: your function: PutScalingPolicy() -> ok
What came back:
  - at 1335.00 s: parcel-92 came
  - at 1940.00 s: i-7e765e0207d8f1d82 began parcel-92
What was expected:
  - No parcel waits longer than 10 min until somebody begins to pack it.
Why:
  - The policy follows the length of the queue alone: it does not become smaller when an instance is added, and it does not know how long a parcel takes. Divide it by the instances in service.
`hint('08-keep-the-promise')` helps in steps.
""",
    unprotected={
        "EstimatedInstanceWarmup=60": "an instance that counts before it works makes the group no smaller here"
    },
)
TARGET, METRICS, DIVIDED = "0.8 * promise / seconds", '{"Metrics": metrics}', '"messages / instances"'
POLICY = "autoscaling.put_scaling_policy("
AT_LEAST = "autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, MinSize={})"
ONE = '[metrics[0] | {"ReturnData": True}]'

ANSWERS.edits(
    ("no_margin", {TARGET: "promise / seconds"}, Mistake.FEW),
    ("half", {TARGET: "promise / seconds / 2"}, None),
    ("length_alone", {TARGET: "100", METRICS: '{"Metrics": [metrics[0] | {"ReturnData": True}]}'}, Mistake.LENGTH),
    (
        "oldest_message",
        {
            TARGET: "promise",
            '"ApproximateNumberOfMessagesVisible"': '"ApproximateAgeOfOldestMessage"',
            METRICS: f'{{"Metrics": {ONE}}}',
        },
        Mistake.AGE,
    ),
    (
        "oldest_message_soon",
        {
            TARGET: "promise / 10",
            '"ApproximateNumberOfMessagesVisible"': '"ApproximateAgeOfOldestMessage"',
            METRICS: f'{{"Metrics": {ONE}}}',
        },
        Mistake.AGE,
    ),
    ("two_at_least", {POLICY: f"{AT_LEAST.format(2)}\n{POLICY}"}, Mistake.LARGE_BEFORE),
    ("three_at_least", {POLICY: f"{AT_LEAST.format(3)}\n{POLICY}"}, Mistake.LARGE_BEFORE),
    ("two_at_least_and_no_margin", {TARGET: "promise / seconds", POLICY: f"{AT_LEAST.format(2)}\n{POLICY}"}, Mistake.FEW),
    ("target_of_thirty", {TARGET: "30"}, Mistake.SILENT),
    ("target_for_ordinary_days", {TARGET: "24"}, Mistake.SILENT),
    ("target_of_one", {TARGET: "1"}, Mistake.MANY),
    ("target_upside_down", {TARGET: "seconds / promise"}, Mistake.MANY),
    ("target_of_the_promise", {TARGET: "promise"}, Mistake.SILENT),
    ("divided_upside_down", {DIVIDED: '"instances / messages"'}, Mistake.SILENT),
    ("wrong_dimension", {'"QueueName"': '"Queue"'}, Mistake.NO_DATA),
    ("wrong_name", {"GroupInServiceInstances": "InServiceInstances"}, Mistake.NO_DATA),
    ("wrong_namespace", {'"AWS/SQS"': '"SQS"'}, Mistake.NO_DATA),
    ("desired", {"GroupInServiceInstances": "GroupDesiredCapacity"}, None),
    ("in_flight", {"ApproximateNumberOfMessagesVisible": "ApproximateNumberOfMessagesNotVisible"}, Mistake.SILENT),
    ("no_scale_in", {METRICS: '{"Metrics": metrics}, "DisableScaleIn": True'}, Mistake.STAYED),
    (
        "many_before",
        {POLICY: f"{AT_LEAST.format(4)}\n{POLICY}"},
        Mistake.LARGE_BEFORE,
    ),
    ("typo_parameter", {"PolicyName=": "Name="}, Stopped.PARAMETERS),
    ("returns_no_data", {'"ReturnData": True': '"ReturnData": False'}, Stopped.REFUSED),
    ("wrong_group", {"AutoScalingGroupName=group": 'AutoScalingGroupName="group"'}, Stopped.REFUSED),
)


def length(queue):
    """What CloudWatch says about the visible messages."""
    metric = {"Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible", "Period": 60}
    return metric | {"Dimensions": [{"Name": "QueueName", "Value": queue}]}


def alarm(cloudwatch, queue, name, threshold, *actions, kind="GreaterThanThreshold", points=1):
    """An alarm on the length of the queue."""
    given = length(queue) | {"Statistic": "Maximum", "EvaluationPeriods": points, "ComparisonOperator": kind}
    cloudwatch.put_metric_alarm(AlarmName=name, Threshold=threshold, AlarmActions=actions, **given)


def steps(autoscaling, group, name, *adjustments, kind="ChangeInCapacity"):
    """A step scaling policy: (lower bound, upper bound, adjustment)."""
    names = ("MetricIntervalLowerBound", "MetricIntervalUpperBound", "ScalingAdjustment")
    found = [{key: value for key, value in zip(names, one, strict=True) if value is not None} for one in adjustments]
    given = {"AutoScalingGroupName": group, "PolicyName": name, "PolicyType": "StepScaling", "AdjustmentType": kind}
    return autoscaling.put_scaling_policy(**given, StepAdjustments=found, EstimatedInstanceWarmup=60)["PolicyARN"]


def resize(autoscaling, group, number):
    """Set how many there are."""
    autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=number)


def waiting(cloudwatch, queue):
    """The visible messages of the last minute."""
    now = datetime.now(timezone.utc)
    since = {"StartTime": now - timedelta(minutes=2), "EndTime": now, "Statistics": ["Maximum"]}
    points = cloudwatch.get_metric_statistics(**length(queue), **since)["Datapoints"]
    return max(points, key=lambda point: point["Timestamp"])["Maximum"] if points else 0


def working(autoscaling, group):
    """The instances in service."""
    (found,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
    return max(1, [one["LifecycleState"] for one in found["Instances"]].count("InService"))


MORE = "alarm(cloudwatch, queue, 'many', {}, steps(autoscaling, group, 'more', (0, None, {}), kind='{}'))"
LESS = "\nless = steps(autoscaling, group, 'less', (None, 0, 1), kind='ExactCapacity')\nalarm(cloudwatch, queue, 'none', 1, less, kind='LessThanThreshold', points={})"
SIZE = "resize(autoscaling, group, {})\n"
EACH_MINUTE = "while True:\n    resize(autoscaling, group, max(1, {}))\n    time.sleep(60)"
FOR_A_WHILE = f"time.sleep({{}})\n{SIZE.format(10)}time.sleep({{}})\n{SIZE.format(1)}"

ANSWERS.bodies(
    globals(),
    ("only_more", MORE.format("promise / seconds", 9, "ChangeInCapacity"), Mistake.STAYED),
    ("less_after_an_hour", MORE.format("promise / seconds", 9, "ExactCapacity") + LESS.format(45), Mistake.SLOW_DOWN),
    ("policy_without_alarm", "steps(autoscaling, group, 'more', (0, None, 3))", Mistake.NO_ALARM),
    ("alarm_without_action", "alarm(cloudwatch, queue, 'many-parcels', 10)", Mistake.NO_ACTION),
    ("silent_alarm", MORE.format(1000, 3, "ChangeInCapacity"), Mistake.SILENT),
    ("asks_for_fewer", MORE.format(10, -3, "ChangeInCapacity"), Mistake.NO_MORE),
    ("three_are_enough", AT_LEAST.format(3), Mistake.FIXED_FEW),
    ("only_less", LESS.format(1).strip(), Mistake.OTHER_WAY),
    ("nothing_useful", "print(autoscaling.describe_policies())", Mistake.NOTHING),
    ("limits_only", "autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, MaxSize=10)", Mistake.SAME_SIZE),
    ("two_are_enough", SIZE.format(2), Mistake.FIXED_FEW),
    ("fixed_fleet", SIZE.format(8), Mistake.FIXED),
    ("too_large", SIZE.format(50), Stopped.REFUSED),
    ("swallows", f"try:\n    {SIZE.format(50)}except Exception:\n    pass", Shared.REFUSED),
    ("an_early_guess", FOR_A_WHILE.format(600, 300), Mistake.TOO_EARLY),
    ("by_the_clock", FOR_A_WHILE.format(1200, 1200), Mistake.LATE),
    ("helps_too_short", f"{SIZE.format(4)}time.sleep(1320)\n{SIZE.format(1)}", Mistake.SHRANK),
    ("asks_for_one", EACH_MINUTE.format("ceil(waiting(cloudwatch, queue) / promise)"), Mistake.LOOKED_ON),
    ("one_then_many", f"time.sleep(1260)\n{SIZE.format(2)}time.sleep(660)\n{SIZE.format(16)}", Mistake.GRADUAL),
    ("never_sleeps", "while True:\n    cloudwatch.describe_alarms()", Mistake.RESTLESS),
)


@ANSWERS.right
def own_metric(autoscaling, cloudwatch, group, queue, seconds, promise):
    """A custom metric, published each minute, as AWS's older guide does it."""
    metric = {"MetricName": "Backlog", "Namespace": "Depot", "Statistic": "Average"}
    tracked = {"TargetValue": promise / seconds / 2, "CustomizedMetricSpecification": metric}
    given = {"AutoScalingGroupName": group, "PolicyName": "own", "PolicyType": "TargetTrackingScaling"}
    autoscaling.put_scaling_policy(**given, TargetTrackingConfiguration=tracked, EstimatedInstanceWarmup=60)
    while True:
        backlog = waiting(cloudwatch, queue) / working(autoscaling, group)
        cloudwatch.put_metric_data(Namespace="Depot", MetricData=[{"MetricName": "Backlog", "Value": backlog}])
        time.sleep(60)


@ANSWERS.right
def step_policies(autoscaling, cloudwatch, group, queue, seconds, promise):
    """Step scaling by the length, with bounds that follow from the promise, and a second alarm for the way down."""
    few = promise / seconds
    ups = [(few * (number - 1), few * number if number < 8 else None, number + 5) for number in range(1, 9)]
    alarm(cloudwatch, queue, "many", few, steps(autoscaling, group, "more", *ups, kind="ExactCapacity"))
    less = steps(autoscaling, group, "less", (None, 0, 1), kind="ExactCapacity")
    alarm(cloudwatch, queue, "none", 1, less, kind="LessThanThreshold", points=10)


@ANSWERS.wrong(Stopped.CALLED_AS)
def wrong_signature(autoscaling, cloudwatch):
    """Takes two of the six."""
    autoscaling.describe_policies()
