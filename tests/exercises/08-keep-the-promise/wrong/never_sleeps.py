def scale(autoscaling, cloudwatch, group, queue, seconds, promise):
    while True:
        cloudwatch.describe_alarms()
