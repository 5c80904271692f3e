"""An orders queue that is watched, and a group of workers: what the tests of monitoring and scaling begin with."""

from datetime import UTC, datetime, timedelta

import moto.autoscaling.models  # noqa: F401  most of a second, which no single test should pay

START = datetime(2026, 1, 1, tzinfo=UTC)
VISIBLE = "ApproximateNumberOfMessagesVisible"
ORDERS = [{"Name": "QueueName", "Value": "orders"}]
IMAGE = "ami-12c6146b"


def minute(number):
    """An instant, in minutes since the lab was opened."""
    return START + timedelta(minutes=number)


def data_points(cloudwatch, metric=VISIBLE, statistic="Maximum", start=0, end=60, period=60, **options):
    """The data points of a metric of the orders queue by minute, through GetMetricStatistics."""
    given = {"Namespace": "AWS/SQS", "MetricName": metric, "Dimensions": ORDERS} | options
    answer = cloudwatch.get_metric_statistics(
        **given, StartTime=minute(start), EndTime=minute(end), Period=period, Statistics=[statistic]
    )
    found = {(point["Timestamp"] - START).total_seconds() / 60: point[statistic] for point in answer["Datapoints"]}
    return dict(sorted(found.items()))


def put_alarm(cloudwatch, name="backlog", **options):
    """An alarm that watches for more than five visible messages, one minute long."""
    given = {
        "Namespace": "AWS/SQS",
        "MetricName": VISIBLE,
        "Dimensions": ORDERS,
        "Statistic": "Maximum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 5,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    cloudwatch.put_metric_alarm(AlarmName=name, **(given | options))


def alarm(cloudwatch, name="backlog"):
    """An alarm as DescribeAlarms shows it."""
    (found,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return found


def changes(cloudwatch, name="backlog"):
    """When an alarm changed its state and to what: minutes since the lab was opened."""
    items = cloudwatch.describe_alarm_history(
        AlarmName=name, HistoryItemType="StateUpdate", ScanBy="TimestampAscending"
    )["AlarmHistoryItems"]
    return [
        ((item["Timestamp"] - START).total_seconds() / 60, item["HistorySummary"].rsplit(" ", 1)[1]) for item in items
    ]


def send_many(sqs, url, number):
    """Send so many orders, ten a call."""
    for first in range(0, number, 10):
        entries = [{"Id": str(one), "MessageBody": f"order-{one}"} for one in range(first, min(first + 10, number))]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)


def create_group(lab, name="workers", least=0, most=10, desired=2, **options):
    """An Auto Scaling group with its metrics enabled, and the client that made it."""
    lab.client("ec2").create_launch_template(
        LaunchTemplateName=name, LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.micro"}
    )
    autoscaling = lab.client("autoscaling")
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        MinSize=least,
        MaxSize=most,
        DesiredCapacity=desired,
        LaunchTemplate={"LaunchTemplateName": name},
        AvailabilityZones=["us-east-1a"],
        **options,
    )
    autoscaling.enable_metrics_collection(AutoScalingGroupName=name, Granularity="1Minute")
    return autoscaling


def group(autoscaling, name="workers"):
    """A group as DescribeAutoScalingGroups shows it."""
    (found,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    return found


def instances(autoscaling, state="InService", name="workers"):
    """The ids of a group's instances in one state."""
    return [one["InstanceId"] for one in group(autoscaling, name)["Instances"] if one["LifecycleState"] == state]


def backlog_per_instance(target, **options):
    """The target tracking policy of AWS's guide: visible messages over instances in service."""
    in_service = [{"Name": "AutoScalingGroupName", "Value": "workers"}]
    metrics = [
        _query("m1", "AWS/SQS", VISIBLE, ORDERS, "Sum"),
        _query("m2", "AWS/AutoScaling", "GroupInServiceInstances", in_service, "Average"),
        {"Id": "e1", "Expression": "m1 / m2", "ReturnData": True},
    ]
    return {
        "AutoScalingGroupName": "workers",
        "PolicyName": "backlog-per-instance",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingConfiguration": {
            "TargetValue": target,
            "CustomizedMetricSpecification": {"Metrics": metrics},
        },
    } | options


def _query(id, namespace, name, dimensions, statistic):
    metric = {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions}
    return {"Id": id, "MetricStat": {"Metric": metric, "Stat": statistic}, "ReturnData": False}
