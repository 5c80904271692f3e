def scale(autoscaling, cloudwatch, group, queue, seconds, promise):
    autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, MinSize=1, MaxSize=10)
