def scale(autoscaling, cloudwatch, group, queue, seconds, promise):
    autoscaling.put_scaling_policy(AutoScalingGroupName=group, Name="backlog", PolicyType="TargetTrackingScaling")
