import time


def scale(autoscaling, cloudwatch, group, queue, seconds, promise):
    """A custom metric, published each minute, as AWS's older guide does it."""
    metric = {"MetricName": "Backlog", "Namespace": "Depot"}
    autoscaling.put_scaling_policy(
        AutoScalingGroupName=group,
        PolicyName="own",
        PolicyType="TargetTrackingScaling",
        EstimatedInstanceWarmup=60,
        TargetTrackingConfiguration={
            "TargetValue": promise / seconds,
            "CustomizedMetricSpecification": metric | {"Statistic": "Average"},
        },
    )
    while True:
        cloudwatch.put_metric_data(
            Namespace="Depot",
            MetricData=[{"MetricName": "Backlog", "Value": waiting(cloudwatch, queue) / working(autoscaling, group)}],
        )
        time.sleep(60)


def waiting(cloudwatch, queue):
    from datetime import datetime, timedelta, timezone

    now = datetime.now(timezone.utc)
    points = cloudwatch.get_metric_statistics(
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": queue}],
        Statistics=["Maximum"],
        Period=60,
        StartTime=now - timedelta(minutes=2),
        EndTime=now,
    )["Datapoints"]
    return max(points, key=lambda point: point["Timestamp"])["Maximum"] if points else 0


def working(autoscaling, group):
    (found,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
    return max(1, [one["LifecycleState"] for one in found["Instances"]].count("InService"))
