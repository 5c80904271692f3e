"""Policies of queues: which AWS takes, what they let other accounts do, and permissions beside them."""

import json

import pytest

from labkit.rules import Refused, queue_policy
from tests.aws.sqs.labs import ACCOUNT, attributes_of, invalid, orders_queue, refused

pytestmark = pytest.mark.usefixtures("either_door")
PARTNER = "111122223333"
ARN = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"
ALLOW = {"Effect": "Allow", "Principal": {"AWS": PARTNER}, "Action": "sqs:SendMessage", "Resource": ARN}


def policy(*statements, **more):
    return {"Version": "2012-10-17", "Statement": list(statements)} | more


def without(name):
    return policy({one: value for one, value in ALLOW.items() if one != name})


REFUSED = {
    "no JSON": "{nope",
    "a list": [policy(ALLOW)],
    "a number": 5,
    "a text": "Allow",
    "null": None,
    "nothing": {},
    "no statement": {"Version": "2012-10-17"},
    "an empty list": policy(),
    "an empty statement": policy({}),
    "a statement that is a text": policy("Allow"),
    "a statement that is a number": {"Version": "2012-10-17", "Statement": 5},
    "one bad among good": policy(ALLOW, {}),
    **{f"no {name}": without(name) for name in ALLOW},
    "another effect": policy(ALLOW | {"Effect": "allow"}),
    "an effect that is a list": policy(ALLOW | {"Effect": ["Allow"]}),
    "an unknown version": policy(ALLOW, Version="2012-10-18"),
    "a version that is a number": policy(ALLOW, Version=2012),
    "a principal that is no map": policy(ALLOW | {"Principal": PARTNER}),
    "a principal that is a number": policy(ALLOW | {"Principal": {"AWS": 5}}),
    "nobody": policy(ALLOW | {"Principal": {}}),
    "an action that is a number": policy(ALLOW | {"Action": 5}),
    "no actions": policy(ALLOW | {"Action": []}),
    "a resource that is a map": policy(ALLOW | {"Resource": {}}),
    "both of a pair": policy(ALLOW | {"NotAction": "sqs:*"}),
    "a condition that is a text": policy(ALLOW | {"Condition": "always"}),
    "a Sid that is a number": policy(ALLOW | {"Sid": 1}),
}
TAKEN = {
    "as console and SDKs write it": policy(ALLOW | {"Sid": "partner"}, Id="orders"),
    "a single statement": {"Version": "2008-10-17", "Statement": ALLOW},
    "no version": {"Statement": [ALLOW]},
    "everybody": policy(ALLOW | {"Principal": "*"}),
    "lists": policy(ALLOW | {"Principal": {"AWS": [PARTNER]}, "Action": ["sqs:Send*"], "Resource": [ARN, "*"]}),
    "the other of each pair": policy(
        ALLOW, {"Effect": "Deny", "NotPrincipal": {"AWS": PARTNER}, "NotAction": "sqs:*", "NotResource": "*"}
    ),
    "a condition": policy(ALLOW | {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
}
WORDS = ("InvalidAttributeValue", "Invalid value for the parameter Policy.", 400)


@pytest.mark.parametrize("what", REFUSED)
def test_a_policy_that_aws_does_not_take_is_refused_on_create_and_on_set(what):
    given = REFUSED[what] if what == "no JSON" else json.dumps(REFUSED[what])
    with orders_queue({"Policy": json.dumps(policy(ALLOW))}) as (_, sqs, url):
        assert refused(sqs.set_queue_attributes, QueueUrl=url, Attributes={"Policy": given}) == WORDS
        assert refused(sqs.create_queue, QueueName="payments", Attributes={"Policy": given}) == WORDS
        assert json.loads(attributes_of(sqs, url)["Policy"]) == policy(ALLOW)
        assert sqs.list_queues()["QueueUrls"] == [url]


@pytest.mark.parametrize("what", TAKEN)
def test_a_policy_that_aws_takes_is_kept_and_lets_in_whom_it_names(what):
    given = TAKEN[what]
    with orders_queue() as (lab, sqs, url):
        partner = lab.client("sqs", account=PARTNER)
        assert refused(partner.send_message, QueueUrl=url, MessageBody="order-1")[0] == "AccessDenied"
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(given)})
        assert json.loads(attributes_of(sqs, url)["Policy"]) == given
        assert partner.send_message(QueueUrl=url, MessageBody="order-1")["MessageId"]
        assert refused(partner.receive_message, QueueUrl=url)[0] == "AccessDenied"


@pytest.mark.parametrize("what", [what for what in REFUSED if what != "no JSON"])
def test_a_policy_from_elsewhere_that_is_none_lets_nobody_in(what):
    """A stack or an import could bring one; another account is refused then, and nothing breaks."""
    with orders_queue() as (lab, _, url):
        from labkit.aws.sqs.stores import all_queues

        (queue,) = all_queues()
        queue._policy_json = REFUSED[what]
        partner = lab.client("sqs", account=PARTNER)
        assert refused(partner.send_message, QueueUrl=url, MessageBody="order-1")[0] == "AccessDenied"
        with pytest.raises(Refused):
            queue_policy.check(REFUSED[what])


# What a policy decides: tests/rules/policy has the rules, here is what becomes of calls


def denial(action, account=ACCOUNT, why="with an explicit deny in a resource-based policy"):
    """AWS's answer to a call that a queue's policy denies."""
    text = f"User: arn:aws:iam::{account}:root is not authorized to perform: sqs:{action} on resource: {ARN} {why}"
    return "AccessDenied", text, 403


DENY = ALLOW | {"Effect": "Deny", "Principal": "*"}


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
def test_an_allow_counts_for_its_resource_and_under_its_conditions(statement, sends):
    with orders_queue({"Policy": json.dumps(policy(statement))}) as (lab, sqs, url):
        assert sqs.send_message(QueueUrl=url, MessageBody="order-1")["MessageId"]  # the owner needs no Allow
        partner = lab.client("sqs", account=PARTNER)
        if sends:
            assert partner.send_message(QueueUrl=url, MessageBody="order-1")["MessageId"]
        else:
            why = "because no resource-based policy allows the sqs:sendmessage action"
            answer = refused(partner.send_message, QueueUrl=url, MessageBody="order-1")
            assert answer == denial("sendmessage", PARTNER, why)


def test_a_deny_overrides_an_allow_for_the_owner_and_for_others():
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
def test_a_deny_counts_under_its_conditions(operator, key, value, denied):
    with orders_queue({"Policy": json.dumps(policy(when(DENY, operator, key, value)))}) as (_, sqs, url):
        if denied:
            assert refused(sqs.send_message, QueueUrl=url, MessageBody="order-1") == denial("sendmessage")
        else:
            assert sqs.send_message(QueueUrl=url, MessageBody="order-1")["MessageId"]


def test_a_condition_on_time_goes_by_the_labs_clock():
    night = when(DENY, "DateGreaterThan", "aws:CurrentTime", "2026-01-01T20:00:00Z")
    with orders_queue({"Policy": json.dumps(policy(night))}) as (lab, sqs, url):
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        lab.clock.advance("20 h")
        sqs.send_message(QueueUrl=url, MessageBody="order-2")
        lab.clock.advance("1 s")
        assert refused(sqs.send_message, QueueUrl=url, MessageBody="order-3") == denial("sendmessage")


def test_whoever_denied_everybody_can_still_see_the_policy_and_take_it_away():
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


def test_an_explicit_deny_of_an_identity_leaves_the_owners_root_user_and_the_rest_of_an_account_alone():
    shop = {"AWS": f"arn:aws:iam::{PARTNER}:role/shop"}
    given = policy(DENY | {"Principal": shop}, ALLOW)
    with orders_queue({"Policy": json.dumps(given)}) as (lab, sqs, url):
        for client in (sqs, lab.client("sqs", account=PARTNER)):
            assert client.send_message(QueueUrl=url, MessageBody="order-1")["MessageId"]


# AddPermission and RemovePermission


def add(sqs, url, label="partner", accounts=(PARTNER,), actions=("ReceiveMessage",)):
    given = {"AWSAccountIds": list(accounts), "Actions": list(actions)}
    return sqs.add_permission(QueueUrl=url, Label=label, **given)


@pytest.mark.parametrize("statement", [[ALLOW], ALLOW, [ALLOW | {"Sid": "other"}]])
def test_a_permission_stands_beside_a_statement_with_or_without_a_sid(statement):
    given = {"Version": "2012-10-17", "Statement": statement}
    before = statement if isinstance(statement, list) else [statement]
    with orders_queue({"Policy": json.dumps(given)}) as (lab, sqs, url):
        partner = lab.client("sqs", account=PARTNER)
        add(sqs, url)
        root = f"arn:aws:iam::{PARTNER}:root"
        added = {"Sid": "partner", "Effect": "Allow", "Principal": {"AWS": root},
                 "Action": "SQS:ReceiveMessage", "Resource": ARN}  # fmt: skip
        assert json.loads(attributes_of(sqs, url)["Policy"])["Statement"] == [*before, added]
        assert "Messages" not in partner.receive_message(QueueUrl=url)
        assert partner.send_message(QueueUrl=url, MessageBody="order-1")["MessageId"]
        taken = "Value partner for parameter Label is invalid. Reason: Already exists."
        assert invalid(add, sqs=sqs, url=url) == taken
        sqs.remove_permission(QueueUrl=url, Label="partner")
        assert json.loads(attributes_of(sqs, url)["Policy"])["Statement"] == before
        assert refused(partner.receive_message, QueueUrl=url)[0] == "AccessDenied"
        none = "Value partner for parameter Label is invalid. Reason: can't find label on existing policy."
        assert invalid(sqs.remove_permission, QueueUrl=url, Label="partner") == none


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"label": ""}, "InvalidParameterValue"),
        ({"label": "a" * 81}, "InvalidParameterValue"),
        ({"label": "my partner"}, "InvalidParameterValue"),
        ({"accounts": []}, "InvalidParameterValue"),
        ({"accounts": ["partner"]}, "InvalidParameterValue"),
        ({"actions": []}, "MissingParameter"),
        ({"actions": ["DeleteQueue"]}, "InvalidParameterValue"),
        ({"actions": ["SendMessage"] * 8}, "OverLimit"),
    ],
)
def test_a_permission_that_aws_does_not_add_is_refused(given, code):
    with orders_queue() as (_, sqs, url):
        assert refused(add, sqs=sqs, url=url, **given)[0] == code
        assert attributes_of(sqs, url, "Policy") is None


def test_seven_actions_and_two_accounts_are_added():
    actions = ["SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueUrl",
               "GetQueueAttributes", "PurgeQueue"]  # fmt: skip
    with orders_queue() as (_, sqs, url):
        add(sqs, url, "a" * 80, (PARTNER, "444455556666"), actions)
        (one,) = json.loads(attributes_of(sqs, url)["Policy"])["Statement"]
        assert len(one["Principal"]["AWS"]) == 2
        assert one["Action"] == [f"SQS:{action}" for action in actions]
