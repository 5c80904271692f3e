def scale(autoscaling, cloudwatch):
    autoscaling.describe_policies()
