def scale(autoscaling, cloudwatch, group, queue, seconds, promise):
    autoscaling.put_scaling_policy(
        AutoScalingGroupName=group,
        PolicyName="more",
        PolicyType="StepScaling",
        AdjustmentType="ChangeInCapacity",
        StepAdjustments=[{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 3}],
    )
