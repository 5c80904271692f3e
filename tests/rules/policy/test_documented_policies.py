"""Policies as AWS's guides recommend them, and whom they let in.

sns-access-policy-use-cases and sns-enable-encryption-for-topic-sqs-queue-subscriptions in
docs.aws.amazon.com/sns/latest/dg, sqs-creating-custom-policies-access-policy-examples in the SQS developer guide, read
on 2026-11-30; our own names.
"""

import pytest

from labkit.rules.policy import Kind, Principal, Request, context_of_call, context_of_service, decide
from tests.rules.policy.asking import ALLOWED, DENIED, OWNER, PARTNER, PARTNER_ROOT, QUEUE, UNSAID, policy, statement

REGION = "us-east-1"
TOPIC = f"arn:aws:sns:{REGION}:{OWNER}:orders"
KEY = f"arn:aws:kms:{REGION}:{OWNER}:key/1"
NOW = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z
BUCKET = "arn:aws:s3:::receipts"


def by_service(name, action, resource, source, account=OWNER, **more):
    """A service's request because of a resource of an account."""
    service = f"{name}.amazonaws.com"
    context = context_of_service(service, source, account, OWNER, REGION, NOW) | more
    return Request.of(Principal.service(service), action, resource, context, OWNER)


def by_account(who, action, resource, now=NOW, **more):
    """An account's request through the API."""
    keys = {key.replace("__", ":"): value for key, value in more.items()}
    return Request.of(who, action, resource, context_of_call(who, OWNER, REGION, now) | keys, OWNER)


def outcome(asked, *statements, kind=Kind.RESOURCE):
    return decide(asked, [(kind, policy(*statements, version="2008-10-17"))]).outcome


@pytest.mark.parametrize("everybody", [{"Service": "sns.amazonaws.com"}, {"AWS": "*"}, "*"])
def test_a_topic_may_send_to_the_queue_whose_policy_names_it_as_source(everybody):
    allow = statement(Principal=everybody, Action="sqs:SendMessage", Resource=QUEUE,
                      Condition={"ArnEquals": {"aws:SourceArn": TOPIC}})  # fmt: skip
    assert outcome(by_service("sns", "sqs:SendMessage", QUEUE, TOPIC), allow) is ALLOWED
    assert (
        outcome(
            by_service("sns", "sqs:SendMessage", QUEUE, TOPIC),
        )
        is UNSAID
    )
    for other in (TOPIC + "-2", TOPIC.replace(OWNER, PARTNER)):
        assert outcome(by_service("sns", "sqs:SendMessage", QUEUE, other), allow) is UNSAID
    assert outcome(by_account(PARTNER_ROOT, "sqs:SendMessage", QUEUE), allow) is UNSAID


def test_a_key_lets_sns_in_only_by_a_statement_of_its_own():
    use = ["kms:Decrypt", "kms:GenerateDataKey*"]
    sns = statement(Principal={"Service": "sns.amazonaws.com"}, Action=use)
    owner = statement(Principal={"AWS": f"arn:aws:iam::{OWNER}:root"}, Action="kms:*")
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        asked = by_service("sns", action, KEY, TOPIC)
        assert outcome(asked, owner, kind=Kind.KEY) is UNSAID
        assert outcome(asked, owner, sns, kind=Kind.KEY) is ALLOWED
    assert outcome(by_service("sns", "kms:Encrypt", KEY, TOPIC), owner, sns, kind=Kind.KEY) is UNSAID
    assert outcome(by_service("s3", "kms:Decrypt", KEY, BUCKET), owner, sns, kind=Kind.KEY) is UNSAID


def test_buckets_of_an_account_may_publish_to_a_topic():
    allow = statement(Principal={"Service": "s3.amazonaws.com"}, Action="sns:Publish", Resource=TOPIC,
                      Condition={"StringEquals": {"AWS:SourceAccount": PARTNER}})  # fmt: skip
    assert outcome(by_service("s3", "sns:Publish", TOPIC, BUCKET, PARTNER), allow) is ALLOWED
    assert outcome(by_service("s3", "sns:Publish", TOPIC, BUCKET), allow) is UNSAID
    assert outcome(by_service("ses", "sns:Publish", TOPIC, BUCKET, PARTNER), allow) is UNSAID


def test_alarms_of_another_account_may_publish_to_a_topic():
    alarms = f"arn:aws:cloudwatch:{REGION}:{PARTNER}:alarm:*"
    allow = statement(Principal={"AWS": "*"}, Action="SNS:Publish", Resource=TOPIC,
                      Condition={"ArnLike": {"aws:SourceArn": alarms}})  # fmt: skip
    alarm = alarms.replace("*", "too many orders")
    assert outcome(by_service("cloudwatch", "sns:Publish", TOPIC, alarm, PARTNER), allow) is ALLOWED
    assert outcome(by_service("cloudwatch", "sns:Publish", TOPIC, alarm.replace(PARTNER, OWNER)), allow) is UNSAID


def test_accounts_of_an_organization_may_publish_to_a_topic():
    allow = statement(Principal={"AWS": "*"}, Action="SNS:Publish", Resource=TOPIC,
                      Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}})  # fmt: skip
    assert outcome(by_account(PARTNER_ROOT, "sns:Publish", TOPIC, aws__PrincipalOrgID="o-a1b2c3d4e5"), allow) is ALLOWED
    assert outcome(by_account(PARTNER_ROOT, "sns:Publish", TOPIC, aws__PrincipalOrgID="o-other"), allow) is UNSAID
    assert outcome(by_account(PARTNER_ROOT, "sns:Publish", TOPIC), allow) is UNSAID


def test_an_account_may_subscribe_by_https_alone():
    allow = statement(Principal={"AWS": PARTNER}, Action=["sns:Subscribe"], Resource=TOPIC,
                      Condition={"StringEquals": {"sns:Protocol": "https"}})  # fmt: skip
    assert outcome(by_account(PARTNER_ROOT, "sns:Subscribe", TOPIC, sns__Protocol="https"), allow) is ALLOWED
    assert outcome(by_account(PARTNER_ROOT, "sns:Subscribe", TOPIC, sns__Protocol="http"), allow) is UNSAID


def test_an_account_may_use_a_queue_until_a_date_and_from_its_network():
    until = {"DateLessThan": {"AWS:CurrentTime": "2026-06-30T12:00Z"}}
    near = until | {"IpAddress": {"AWS:SourceIp": "203.0.113.0/24"}}
    before, after = 1_782_820_799_000_000, 1_782_820_800_000_000
    for condition, at, address, expected in (
        (until, before, "198.51.100.1", ALLOWED),
        (until, after, "198.51.100.1", UNSAID),
        (near, before, "203.0.113.9", ALLOWED),
        (near, before, "198.51.100.1", UNSAID),
        (near, after, "203.0.113.9", UNSAID),
    ):
        allow = statement(Principal={"AWS": [PARTNER]}, Action="sqs:SendMessage", Resource=QUEUE, Condition=condition)
        asked = by_account(PARTNER_ROOT, "sqs:SendMessage", QUEUE, at, aws__SourceIp=address)
        assert outcome(asked, allow) is expected


@pytest.mark.parametrize("who", [PARTNER_ROOT, Principal.root(OWNER)])
def test_whoever_does_not_come_through_an_endpoint_is_denied(who):
    deny = statement("Deny", Resource=QUEUE, Condition={"StringNotEquals": {"aws:sourceVpce": "vpce-1a2b3c4d"}})
    allow = statement(Principal={"AWS": PARTNER}, Resource=QUEUE)
    asked = {"who": who, "action": "sqs:SendMessage", "resource": QUEUE}
    assert outcome(by_account(**asked), allow, deny) is DENIED
    assert outcome(by_account(**asked, aws__SourceVpce="vpce-other"), allow, deny) is DENIED
    assert outcome(by_account(**asked, aws__SourceVpce="vpce-1a2b3c4d"), allow, deny) is ALLOWED


@pytest.mark.parametrize(("secure", "expected"), [(True, ALLOWED), (False, DENIED)])
def test_a_plain_connection_is_denied(secure, expected):
    deny = statement("Deny", Action="sqs:*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    context = context_of_call(PARTNER_ROOT, OWNER, REGION, NOW, secure)
    assert outcome(Request.of(PARTNER_ROOT, "sqs:SendMessage", QUEUE, context), statement(), deny) is expected


def test_the_keys_of_a_call_are_those_that_aws_always_sends():
    keys = context_of_call(PARTNER_ROOT, OWNER, REGION, NOW)
    assert keys == {
        "aws:CurrentTime": "2026-01-01T00:00:00Z",
        "aws:EpochTime": "1767225600",
        "aws:PrincipalAccount": PARTNER,
        "aws:PrincipalArn": f"arn:aws:iam::{PARTNER}:root",
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalType": "Account",
        "aws:RequestedRegion": REGION,
        "aws:ResourceAccount": OWNER,
        "aws:SecureTransport": True,
        "aws:SourceIp": "127.0.0.1",
        "aws:ViaAWSService": "false",
        "aws:userid": PARTNER,
    }


def test_a_sessions_call_tells_the_arn_of_its_role():
    who = Principal.of_arn(f"arn:aws:sts::{PARTNER}:assumed-role/shop/monday")
    keys = context_of_call(who, OWNER, REGION, NOW)
    assert (keys["aws:PrincipalArn"], keys["aws:PrincipalType"]) == (f"arn:aws:iam::{PARTNER}:role/shop", "AssumedRole")
    assert "aws:PrincipalArn" not in context_of_call(Principal.anonymous(), OWNER, REGION, NOW)
