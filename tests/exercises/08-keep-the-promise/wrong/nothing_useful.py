def scale(autoscaling, cloudwatch, group, queue, seconds, promise):
    print(autoscaling.describe_policies())
