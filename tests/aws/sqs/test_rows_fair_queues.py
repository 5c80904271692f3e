"""Row 49: a MessageGroupId on a standard queue makes it fair."""

import pytest

from labkit.ledger import quota
from tests.aws.sqs.labs import bodies, invalid, orders_queue, receive, receive_one

LEAST = quota("sqs.fair.noisy_in_flight")


def send(sqs, url, group, number=1):
    """So many messages of one tenant, each with the tenant's name as its body."""
    for first in range(0, number, 10):
        entries = [{"Id": str(one), "MessageBody": group, "MessageGroupId": group} for one in range(first, number)][:10]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)


def crowd(sqs, url, in_flight):
    """A tenant with so many messages in flight and ten that wait."""
    send(sqs, url, "noisy", in_flight + 10)
    for _ in range(in_flight):
        receive_one(sqs, url, MaxNumberOfMessages=1)


@pytest.mark.parametrize(("in_flight", "first"), [(LEAST - 1, "noisy"), (LEAST, "quiet")])
def test_row_49_a_quiet_tenant_comes_first_once_another_is_noisy(in_flight, first):
    with orders_queue() as (_, sqs, url):
        crowd(sqs, url, in_flight)
        send(sqs, url, "quiet")
        assert receive_one(sqs, url, MaxNumberOfMessages=1)["Body"] == first


def test_row_49_messages_without_a_group_are_quiet_and_noisy_ones_are_not_lost():
    with orders_queue() as (_, sqs, url):
        crowd(sqs, url, LEAST)
        sqs.send_message(QueueUrl=url, MessageBody="no group")
        assert bodies(receive(sqs, url)) == ["no group"] + ["noisy"] * 9
        assert bodies(receive(sqs, url)) == ["noisy"]


def test_row_49_the_group_comes_back_with_the_message():
    with orders_queue() as (_, sqs, url):
        send(sqs, url, "tenant-1")
        message = receive_one(sqs, url, MessageSystemAttributeNames=["MessageGroupId"])
        assert message["Attributes"] == {"MessageGroupId": "tenant-1"}


@pytest.mark.parametrize("group", ["", "a b", "é", "x" * 129])
def test_row_49_a_group_is_1_to_128_letters_digits_and_punctuation(group):
    reason = "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length."
    expected = f"Value {group} for parameter MessageGroupId is invalid. Reason: {reason}"
    with orders_queue() as (_, sqs, url):
        assert invalid(sqs.send_message, QueueUrl=url, MessageBody="order", MessageGroupId=group) == expected
        entry = {"Id": "0", "MessageBody": "order", "MessageGroupId": group}
        (failed,) = sqs.send_message_batch(QueueUrl=url, Entries=[entry])["Failed"]
        assert failed["Message"] == expected
        assert receive(sqs, url) == []
