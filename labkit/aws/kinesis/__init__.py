"""Kinesis Data Streams in a lab: moto keeps the settings of streams, the rules their shards and records."""

from labkit.aws.kinesis.adapter import KinesisAdapter

__all__ = ["KinesisAdapter"]
