"""CloudWatch: moto keeps alarms and custom metrics; the metrics of services and the evaluation of alarms are ours."""

from labkit.aws.cloudwatch.adapter import CloudWatchAdapter

__all__ = ["CloudWatchAdapter"]
