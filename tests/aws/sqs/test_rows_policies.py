"""Row 31: what a queue's policy decides about calls, the owner's too. Its rules are tested in tests/rules/policy."""

import json

import pytest

from tests.aws.sqs.labs import ACCOUNT, attributes_of, orders_queue, refused

pytestmark = pytest.mark.usefixtures("either_door")
PARTNER = "111122223333"
ARN = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"
ALLOW = {"Effect": "Allow", "Principal": {"AWS": PARTNER}, "Action": "sqs:SendMessage", "Resource": ARN}
DENY = ALLOW | {"Effect": "Deny", "Principal": "*"}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def denial(action, account=ACCOUNT, why="with an explicit deny in a resource-based policy"):
    """AWS's answer to a call that a queue's policy denies."""
    text = f"User: arn:aws:iam::{account}:root is not authorized to perform: sqs:{action} on resource: {ARN} {why}"
    return "AccessDenied", text, 403


def when(statement, operator, key, value):
    return statement | {"Condition": {operator: {key: value}}}


@pytest.mark.parametrize(
    ("statement", "sends"),
    [
        (ALLOW | {"Resource": ARN + "-2"}, False),
        (ALLOW | {"Resource": "arn:aws:sqs:*:*:ord*"}, True),
        (ALLOW | {"Principal": {"Service": "sns.amazonaws.com"}}, False),
        (when(ALLOW, "ArnEquals", "aws:SourceArn", "arn:aws:sns:us-east-1:123456789012:orders"), False),
        (when(ALLOW, "StringEquals", "aws:SourceAccount", PARTNER), False),
        (when(ALLOW, "StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"), False),
        (when(ALLOW, "StringEquals", "aws:PrincipalAccount", PARTNER), True),
        (when(ALLOW, "ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{PARTNER}:root"), True),
        (when(ALLOW, "StringEquals", "aws:PrincipalAccount", ACCOUNT), False),
        (when(ALLOW, "Bool", "aws:SecureTransport", "false"), False),
        (when(ALLOW, "IpAddress", "aws:SourceIp", "203.0.113.0/24"), False),
        (when(ALLOW, "StringEquals", "aws:RequestedRegion", "us-east-1"), True),
    ],
)
def test_row_31_an_allow_counts_for_its_resource_and_under_its_conditions(statement, sends):
    with orders_queue({"Policy": json.dumps(policy(statement))}) as (lab, sqs, url):
        assert sqs.send_message(QueueUrl=url, MessageBody="order-1")["MessageId"]  # the owner needs no Allow
        partner = lab.client("sqs", account=PARTNER)
        if sends:
            assert partner.send_message(QueueUrl=url, MessageBody="order-1")["MessageId"]
        else:
            why = "because no resource-based policy allows the sqs:sendmessage action"
            answer = refused(partner.send_message, QueueUrl=url, MessageBody="order-1")
            assert answer == denial("sendmessage", PARTNER, why)


def test_row_31_a_deny_overrides_an_allow_for_the_owner_and_for_others():
    with orders_queue({"Policy": json.dumps(policy(DENY, ALLOW | {"Action": "SQS:*"}))}) as (lab, sqs, url):
        for client, account in ((sqs, ACCOUNT), (lab.client("sqs", account=PARTNER), PARTNER)):
            send = {"QueueUrl": url, "MessageBody": "order-1"}
            batch = {"QueueUrl": url, "Entries": [{"Id": "1", "MessageBody": "order-1"}]}
            assert refused(client.send_message, **send) == denial("sendmessage", account)
            assert refused(client.send_message_batch, **batch) == denial("sendmessage", account)
            assert "Messages" not in client.receive_message(QueueUrl=url)


@pytest.mark.parametrize(
    ("operator", "key", "value", "denied"),
    [
        ("Bool", "aws:SecureTransport", "false", False),
        ("Bool", "aws:SecureTransport", "true", True),
        ("StringNotEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5", True),
        ("StringNotEqualsIfExists", "aws:SourceVpce", "vpce-1a2b3c4d", True),
        ("NotIpAddress", "aws:SourceIp", "203.0.113.0/24", True),
        ("NotIpAddress", "aws:SourceIp", "127.0.0.0/8", False),
        ("BoolIfExists", "aws:PrincipalIsAWSService", "true", False),
    ],
)
def test_row_31_a_deny_counts_under_its_conditions(operator, key, value, denied):
    with orders_queue({"Policy": json.dumps(policy(when(DENY, operator, key, value)))}) as (_, sqs, url):
        if denied:
            assert refused(sqs.send_message, QueueUrl=url, MessageBody="order-1") == denial("sendmessage")
        else:
            assert sqs.send_message(QueueUrl=url, MessageBody="order-1")["MessageId"]


def test_row_31_a_condition_on_time_goes_by_the_labs_clock():
    night = when(DENY, "DateGreaterThan", "aws:CurrentTime", "2026-01-01T20:00:00Z")
    with orders_queue({"Policy": json.dumps(policy(night))}) as (lab, sqs, url):
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        lab.clock.advance("20 h")
        sqs.send_message(QueueUrl=url, MessageBody="order-2")
        lab.clock.advance("1 s")
        assert refused(sqs.send_message, QueueUrl=url, MessageBody="order-3") == denial("sendmessage")


def test_row_31_whoever_denied_everybody_can_still_see_the_policy_and_take_it_away():
    everything = policy(DENY | {"Action": "sqs:*", "Sid": "all"})
    with orders_queue({"Policy": json.dumps(everything)}) as (_, sqs, url):
        assert json.loads(attributes_of(sqs, url)["Policy"]) == everything
        assert refused(sqs.delete_queue, QueueUrl=url) == denial("deletequeue")
        assert refused(sqs.get_queue_url, QueueName="orders") == denial("getqueueurl")
        for others in ({"VisibilityTimeout": "1"}, {"VisibilityTimeout": "1", "Policy": ""}):
            answer = refused(sqs.set_queue_attributes, QueueUrl=url, Attributes=others)
            assert answer == denial("setqueueattributes")
        sqs.remove_permission(QueueUrl=url, Label="all")
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(everything)})
        assert refused(sqs.send_message, QueueUrl=url, MessageBody="order-2") == denial("sendmessage")
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
        sqs.send_message(QueueUrl=url, MessageBody="order-2")


def test_row_31_an_explicit_deny_of_an_identity_leaves_the_owners_root_user_and_the_rest_of_an_account_alone():
    shop = {"AWS": f"arn:aws:iam::{PARTNER}:role/shop"}
    given = policy(DENY | {"Principal": shop}, ALLOW)
    with orders_queue({"Policy": json.dumps(given)}) as (lab, sqs, url):
        for client in (sqs, lab.client("sqs", account=PARTNER)):
            assert client.send_message(QueueUrl=url, MessageBody="order-1")["MessageId"]
