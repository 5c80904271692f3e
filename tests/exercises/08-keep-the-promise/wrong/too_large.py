def scale(autoscaling, cloudwatch, group, queue, seconds, promise):
    autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=50)
