def scale(autoscaling, cloudwatch, group, queue, seconds, promise):
    cloudwatch.put_metric_alarm(
        AlarmName="many-parcels",
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": queue}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=10,
    )
