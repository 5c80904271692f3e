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
