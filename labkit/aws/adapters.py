"""The adapters by boto3 service name."""

from __future__ import annotations

from functools import cache

from labkit.aws.adapter import Adapter


@cache
def adapters() -> dict[str, Adapter]:
    """All adapters by service name."""
    from labkit.aws.autoscaling import AutoScalingAdapter
    from labkit.aws.cloudwatch import CloudWatchAdapter
    from labkit.aws.dynamodb import DynamoDBAdapter
    from labkit.aws.kinesis import KinesisAdapter
    from labkit.aws.mq import MqAdapter
    from labkit.aws.s3 import S3Adapter
    from labkit.aws.sns import SnsAdapter
    from labkit.aws.sqs import SqsAdapter

    return {
        "sqs": SqsAdapter(),
        "cloudwatch": CloudWatchAdapter(),
        "autoscaling": AutoScalingAdapter(),
        "mq": MqAdapter(),
        "dynamodb": DynamoDBAdapter(),
        "sns": SnsAdapter(),
        "s3": S3Adapter(),
        "kinesis": KinesisAdapter(),
    }
