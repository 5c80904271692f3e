"""The attributes of a queue that are whole numbers, and their ranges; they come as texts of digits."""

from __future__ import annotations

import re
from typing import Any

from labkit.ledger import quota

RANGES = {
    "VisibilityTimeout": (0, quota("sqs.visibility_timeout.maximum")),
    "DelaySeconds": (0, quota("sqs.delay.maximum")),
    "MessageRetentionPeriod": (quota("sqs.retention.minimum"), quota("sqs.retention.maximum")),
    "ReceiveMessageWaitTimeSeconds": (0, quota("sqs.wait_time.maximum")),
    "KmsDataKeyReusePeriodSeconds": (quota("sqs.data_key_reuse.minimum"), quota("sqs.data_key_reuse.maximum")),
    "MaximumMessageSize": (quota("sqs.message_size.minimum_setting"), quota("sqs.message_size.maximum")),
}


def in_range(value: Any, low: int, high: int) -> bool:
    """Whether a value is a whole number from `low` to `high`."""
    return re.fullmatch(r"-?\d+", str(value)) is not None and low <= int(value) <= high
