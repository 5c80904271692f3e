"""SQS: moto keeps the queues and their configuration, the rules keep the messages."""

from labkit.aws.sqs.adapter import SqsAdapter

__all__ = ["SqsAdapter"]
