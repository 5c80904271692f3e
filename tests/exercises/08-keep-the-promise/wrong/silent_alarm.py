def scale(autoscaling, cloudwatch, group, queue, seconds, promise):
    more = autoscaling.put_scaling_policy(
        AutoScalingGroupName=group,
        PolicyName="more",
        PolicyType="StepScaling",
        AdjustmentType="ChangeInCapacity",
        StepAdjustments=[{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 3}],
    )
    cloudwatch.put_metric_alarm(
        AlarmName="many-parcels",
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": queue}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=1000,
        AlarmActions=[more["PolicyARN"]],
    )
