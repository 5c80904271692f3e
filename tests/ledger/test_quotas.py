"""The quotas: their names, their values, what a wrong name is told, and the service model they were read in."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from botocore.loaders import Loader

from labkit.ledger import LedgerError, quota, quotas


@cache
def documentation(shape: str, member: str) -> str:
    """What botocore's service model says about one parameter of SQS, without tags."""
    model: dict[str, Any] = Loader().load_service_model("sqs", "service-2")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", model["shapes"][shape]["members"][member]["documentation"]))


@pytest.mark.parametrize(
    ("name", "shape", "member", "pattern"),
    [
        (
            "sqs.visibility_timeout.default",
            "CreateQueueRequest",
            "Attributes",
            r"43,200 \(12 hours\)\. Default: ([\d,]+)",
        ),
        ("sqs.visibility_timeout.maximum", "CreateQueueRequest", "Attributes", r"from 0 to ([\d,]+) \(12 hours\)"),
        ("sqs.visibility_timeout.maximum", "ChangeMessageVisibilityRequest", "VisibilityTimeout", r"0 to (\d+)"),
        ("sqs.retention.minimum", "CreateQueueRequest", "Attributes", r"from ([\d,]+) seconds \(1 minute\) to 1,209"),
        ("sqs.retention.maximum", "CreateQueueRequest", "Attributes", r"to ([\d,]+) seconds \(14 days\)"),
        ("sqs.retention.default", "CreateQueueRequest", "Attributes", r"Default: ([\d,]+) \(4 days\)"),
        ("sqs.delay.maximum", "CreateQueueRequest", "Attributes", r"from 0 to ([\d,]+) seconds \(15 minutes\)"),
        ("sqs.delay.maximum", "SendMessageRequest", "DelaySeconds", r"0 to (\d+)"),
        ("sqs.wait_time.maximum", "CreateQueueRequest", "Attributes", r"from 0 to ([\d,]+) \(seconds\)"),
        ("sqs.receive.maximum_messages", "ReceiveMessageRequest", "MaxNumberOfMessages", r"1 to (\d+)"),
        ("sqs.receive.default_messages", "ReceiveMessageRequest", "MaxNumberOfMessages", r"Default: (\d+)"),
        ("sqs.message_size.maximum", "CreateQueueRequest", "Attributes", r"to ([\d,]+) bytes \(1 MiB\)"),
        ("sqs.message_size.default", "CreateQueueRequest", "Attributes", r"Default: ([\d,]+) bytes \(1 MiB\)"),
        ("sqs.message_size.minimum_setting", "CreateQueueRequest", "Attributes", r"from ([\d,]+) bytes \(1 KiB\)"),
        ("sqs.message_size.maximum", "SendMessageRequest", "MessageBody", r"1 MiB or ([\d,]+) bytes"),
        ("sqs.batch.entry_id.maximum_length", "SendMessageBatchRequestEntry", "Id", r"up to (\d+) characters"),
        (
            "sqs.redrive.max_receive_count.default",
            "CreateQueueRequest",
            "Attributes",
            r"dead-letter queue\. Default: (\d+)",
        ),
        (
            "sqs.redrive.allow_policy.maximum_sources",
            "CreateQueueRequest",
            "Attributes",
            r"up to (\d+) source queue ARNs",
        ),
        ("sqs.queue_name.maximum_length", "CreateQueueRequest", "QueueName", r"up to (\d+) characters"),
        ("sqs.kms.data_key_reuse.maximum", "CreateQueueRequest", "Attributes", r"and ([\d,]+) seconds \(24 hours\)"),
        ("sqs.message_group_id.maximum_length", "SendMessageRequest", "MessageGroupId", r"MessageGroupId is (\d+)"),
        (
            "sqs.fifo.deduplication_id.maximum_length",
            "SendMessageRequest",
            "MessageDeduplicationId",
            r"is (\d+) characters",
        ),
        (
            "sqs.attribute_name.maximum_length",
            "ReceiveMessageRequest",
            "MessageAttributeNames",
            r"up to (\d+) characters",
        ),
    ],
)
def test_a_quota_is_what_the_service_model_says(name: str, shape: str, member: str, pattern: str) -> None:
    """The number stands in the documentation that botocore ships, so that a new botocore with another one fails."""
    found = re.search(pattern, documentation(shape, member))
    assert found is not None, documentation(shape, member)
    assert int(found[1].replace(",", "")) == quota(name)


def test_an_unknown_name_is_answered_with_the_nearest_ones() -> None:
    """A misspelt quota gets one sentence that names the right one."""
    with pytest.raises(LedgerError, match=r"no quota .*; did you mean sqs\.visibility_timeout\.default"):
        quota("sqs.visibility_timeout.defualt")


def test_every_quota_has_a_unit_a_statement_and_a_source() -> None:
    """All quotas can be listed, and none is a bare number."""
    assert all(entry.unit and entry.statement and entry.sources for entry in quotas())
    assert {"sqs"} <= {entry.service for entry in quotas()}


def test_minimum_default_and_maximum_are_in_order() -> None:
    """Where a setting has a minimum and a maximum, its default lies between them."""
    numbers = {entry.name: entry.value for entry in quotas()}
    for name, value in numbers.items():
        setting, _, bound = name.rpartition(".")
        if bound == "default":
            assert numbers.get(f"{setting}.minimum", value) <= value <= numbers.get(f"{setting}.maximum", value)
