def query(id, namespace, name, dimension, value):
    metric = {"Namespace": namespace, "MetricName": name, "Dimensions": [{"Name": dimension, "Value": value}]}
    return {"Id": id, "MetricStat": {"Metric": metric, "Stat": "Average"}, "ReturnData": False}


def scale(autoscaling, cloudwatch, group, queue, seconds, promise):
    metrics = [
        query("messages", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue),
        query("instances", "AWS/AutoScaling", "GroupInServiceInstances", "AutoScalingGroupName", group),
        {"Id": "backlog", "Expression": "messages / instances", "ReturnData": True},
    ]
    autoscaling.put_scaling_policy(
        AutoScalingGroupName=group,
        PolicyName="backlog-per-instance",
        PolicyType="TargetTrackingScaling",
        EstimatedInstanceWarmup=60,
        TargetTrackingConfiguration={
            "TargetValue": 30,
            "CustomizedMetricSpecification": {"Metrics": metrics},
        },
    )
