def scale(autoscaling, cloudwatch, group, queue, seconds, promise):
    """Step scaling by the length, with bounds that follow from the promise, and a second alarm for the way down."""
    acceptable = promise / seconds
    length = {
        "Namespace": "AWS/SQS",
        "MetricName": "ApproximateNumberOfMessagesVisible",
        "Dimensions": [{"Name": "QueueName", "Value": queue}],
        "Statistic": "Maximum",
        "Period": 60,
    }
    more = autoscaling.put_scaling_policy(
        AutoScalingGroupName=group,
        PolicyName="more",
        PolicyType="StepScaling",
        AdjustmentType="ExactCapacity",
        EstimatedInstanceWarmup=60,
        StepAdjustments=[
            {
                "MetricIntervalLowerBound": acceptable * (number - 1),
                "ScalingAdjustment": number + 5,
                **({"MetricIntervalUpperBound": acceptable * number} if number < 8 else {}),
            }
            for number in range(1, 9)
        ],
    )["PolicyARN"]
    less = autoscaling.put_scaling_policy(
        AutoScalingGroupName=group,
        PolicyName="less",
        PolicyType="StepScaling",
        AdjustmentType="ExactCapacity",
        StepAdjustments=[{"MetricIntervalUpperBound": 0, "ScalingAdjustment": 1}],
    )["PolicyARN"]
    cloudwatch.put_metric_alarm(
        AlarmName="many", **length, EvaluationPeriods=1, ComparisonOperator="GreaterThanThreshold",
        Threshold=acceptable, AlarmActions=[more],
    )
    cloudwatch.put_metric_alarm(
        AlarmName="none", **length, EvaluationPeriods=10, ComparisonOperator="LessThanThreshold",
        Threshold=1, AlarmActions=[less],
    )
