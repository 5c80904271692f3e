"""Who may use a topic: its own policy, for other accounts and for a Deny to one's own (rows 31, 53)."""

import json

import pytest

from labkit.rules.policy import Policy, decide_call

THEIRS = "111111111111"


@pytest.fixture
def their_sns(lab):
    return lab.client("sns", account=THEIRS)


def test_row_53_another_account_may_do_what_the_topics_policy_lets_it(sns, their_sns, topic, queues, refused):
    queues.subscribe(topic, "payments", RawMessageDelivery="true")
    given = {"TopicArn": topic, "Message": "order-1"}
    code, message = refused(their_sns.publish, **given)
    assert code == "AuthorizationError"
    assert message == (
        f"User: arn:aws:iam::{THEIRS}:root is not authorized to perform: SNS:Publish on resource: {topic} because no "
        "resource-based policy allows the SNS:Publish action"
    )
    sns.add_permission(TopicArn=topic, Label="partner", AWSAccountId=[THEIRS], ActionName=["Publish"])
    their_sns.publish(**given)
    their_sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[{"Id": "1", "Message": "order-2"}])
    assert queues.bodies("payments") == ["order-1", "order-2"]
    assert refused(their_sns.delete_topic, TopicArn=topic)[0] == "AuthorizationError"
    sns.remove_permission(TopicArn=topic, Label="partner")
    assert refused(their_sns.publish, **given)[0] == "AuthorizationError"


def test_another_account_that_may_subscribe_owns_its_subscription(sns, their_sns, topic):
    sns.add_permission(TopicArn=topic, Label="partner", AWSAccountId=[THEIRS], ActionName=["Subscribe"])
    their_sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{THEIRS}:payments")
    (found,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert found["Owner"] == THEIRS


def test_a_label_is_used_once_and_actions_are_a_topics(sns, topic, refused):
    given = {"TopicArn": topic, "Label": "partner", "AWSAccountId": [THEIRS]}
    sns.add_permission(**given, ActionName=["Publish"])
    assert refused(sns.add_permission, **given, ActionName=["Publish"])[0] == "InvalidParameter"
    code, message = refused(sns.add_permission, **given | {"Label": "other"}, ActionName=["NotValid"])
    assert (code, message) == ("InvalidParameter", "Invalid parameter: Policy statement action out of service scope!")


def test_an_explicit_deny_holds_for_the_owner_too(sns, topic, refused):
    deny = {"Effect": "Deny", "Principal": "*", "Action": "SNS:Publish", "Resource": topic,
            "Condition": {"Bool": {"aws:SecureTransport": "true"}}}  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    code, message = refused(sns.publish, TopicArn=topic, Message="order-1")
    assert (code, message[-44:]) == ("AuthorizationError", "with an explicit deny in a resource-based policy"[-44:])


def test_the_owner_needs_no_allow(sns, their_sns, topic, queues, refused):
    """Calls of the owner skip the decision where a policy denies nothing; the decision says the same."""
    allow = {"Effect": "Allow", "Principal": {"AWS": THEIRS}, "Action": "SNS:GetTopicAttributes", "Resource": topic}
    text = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=text)
    queues.subscribe(topic, "payments", RawMessageDelivery="true")
    sns.publish(TopicArn=topic, Message="order-1")
    assert queues.bodies("payments") == ["order-1"]
    assert refused(their_sns.publish, TopicArn=topic, Message="order-2")[0] == "AuthorizationError"
    decided = [
        decide_call(Policy.of(text), account, "SNS:Publish", topic, "us-east-1", 0)[1].allowed
        for account in (topic.split(":")[4], THEIRS)
    ]
    assert decided == [True, False]


@pytest.mark.parametrize("policy", ["", "[]", "{", '{"Statement": []}'])
def test_a_policy_in_another_form_is_refused(sns, topic, refused, policy):
    before = sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"]
    given = {"TopicArn": topic, "AttributeName": "Policy", "AttributeValue": policy}
    assert refused(sns.set_topic_attributes, **given) == ("InvalidParameter", "Invalid parameter: Policy Error: null")
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"] == before
