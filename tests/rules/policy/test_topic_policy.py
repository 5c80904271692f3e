"""The form in which SNS takes a topic's policy: its two answers are reported by users.

github.com/aws/aws-cli/issues/3143 and hashicorp/terraform/issues/12740 (an action that is no topic's),
cloud-custodian/cloud-custodian/issues/1779 (no statement left), read on 2026-11-30.
"""

import json

import pytest

from labkit.rules import Refused
from labkit.rules.policy import form
from labkit.rules.topic_policy import ACTIONS, check
from tests.rules.policy.asking import statement

NULL = "Invalid parameter: Policy Error: null"
SCOPE = "Invalid parameter: Policy statement action out of service scope!"
TOPIC = "arn:aws:sns:us-east-1:123456789012:orders"


def written(*statements, **more):
    return json.dumps({"Version": "2008-10-17", "Statement": list(statements)} | more)


def answer(given):
    """SNS's code and words for a policy, or None where it is taken."""
    try:
        check(given)
    except Refused as refused:
        return refused.code, refused.message
    return None


@pytest.mark.parametrize(
    "given",
    [
        "{nope",
        "[" * 100_000,
        "null",
        "5",
        "{}",
        written(),
        written({}),
        written(statement("allow")),
        written(statement(Principal={"AWS": 5})),
        written(statement(), Version="2012-10-18"),
    ],
)
def test_what_is_no_policy_is_a_policy_error(given):
    assert answer(given) == ("InvalidParameter", NULL)


@pytest.mark.parametrize("action", ["sns:CreateTopic", "SNS:SetSubscriptionAttributes", "sqs:SendMessage", "Publish",
                                    ["sns:Publish", "sns:Unsubscribe"], "sns:Create*"])  # fmt: skip
def test_an_action_that_is_no_topics_is_out_of_scope(action):
    assert answer(written(statement(), statement(Action=action))) == ("InvalidParameter", SCOPE)


@pytest.mark.parametrize("action", [sorted(f"SNS:{action}" for action in ACTIONS), "sns:publish", "sns:*", "*",
                                    "sns:Get*"])  # fmt: skip
def test_actions_of_topics_are_taken(action):
    assert answer(written(statement(Action=action, Resource=TOPIC))) is None


def test_the_policy_that_a_new_topic_has_is_taken():
    default = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission",
                   "SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish", "SNS:Receive"],
        "Resource": TOPIC,
        "Condition": {"StringEquals": {"AWS:SourceOwner": "123456789012"}},
    }  # fmt: skip
    assert answer(written(default, Id="__default_policy_ID")) is None
    assert form.statements(json.loads(written(default))) == [default]
