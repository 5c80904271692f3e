"""What each subscriber gets, and that no failure of one is felt by another or by who publishes."""

import json

import pytest

from labkit.causes import Obstacle, Step
from tests.aws.letting import key_policy, policy_for

NUMBER = {"DataType": "Number", "StringValue": "7.50"}
BINARY = {"DataType": "Binary", "BinaryValue": b"\x02\x00\x04"}


def steps(lab, **where):
    return [(one.endpoint, one.step) for one in lab.history.deliveries() if one.step is not Step.PUBLISHED]


def test_a_document_of_exactly_nine_keys_and_eleven_with_subject_and_attributes(sns, topic, queues):
    """Public case n14."""
    arn = queues.subscribe(topic, "payments")
    sns.publish(TopicArn=topic, Message="order-1")
    sns.publish(TopicArn=topic, Message="order-2", Subject="paid", MessageAttributes={"total": NUMBER, "proof": BINARY})
    plain, full = map(json.loads, queues.bodies("payments"))
    assert list(plain) == [
        "Type", "MessageId", "TopicArn", "Message", "Timestamp", "SignatureVersion", "Signature", "SigningCertURL",
        "UnsubscribeURL",
    ]  # fmt: skip
    assert plain["Type"] == "Notification"
    assert plain["SignatureVersion"] == "1"
    assert plain["Timestamp"] == "2026-01-01T00:00:00.000Z"
    assert plain["UnsubscribeURL"].endswith(f"?Action=Unsubscribe&SubscriptionArn={arn}")
    assert set(full) - set(plain) == {"Subject", "MessageAttributes"}
    assert full["MessageAttributes"] == {
        "total": {"Type": "Number", "Value": "7.50"},
        "proof": {"Type": "Binary", "Value": "AgAE"},
    }


def test_row_54_raw_delivery_hands_on_attributes_as_they_were_and_no_subject(sns, topic, queues):
    """Public case n12."""
    queues.subscribe(topic, "payments", RawMessageDelivery="true")
    sns.publish(TopicArn=topic, Message="order-1", Subject="paid", MessageAttributes={"total": NUMBER, "proof": BINARY})
    (message,) = queues.messages("payments")
    assert message["Body"] == "order-1"
    assert message["MessageAttributes"] == {"total": NUMBER, "proof": BINARY}
    assert "paid" not in json.dumps(message, default=repr)


def test_row_55_more_than_ten_attributes_are_not_delivered_raw(lab, sns, topic, queues):
    queues.subscribe(topic, "payments", RawMessageDelivery="true")
    queues.subscribe(topic, "stock")
    many = {f"n{number}": NUMBER for number in range(11)}
    sns.publish(TopicArn=topic, Message="order-1", MessageAttributes=many)
    assert (len(queues.messages("payments")), len(queues.messages("stock"))) == (0, 1)
    assert steps(lab) == [("payments", Step.DISCARDED), ("stock", Step.DELIVERED)]


def test_each_protocol_has_its_own_text(sns, topic, queues):
    queues.subscribe(topic, "payments", RawMessageDelivery="true")
    for message in ({"default": "for all", "sqs": "for queues"}, {"default": "for all", "sqs": 7}):
        sns.publish(TopicArn=topic, Message=json.dumps(message), MessageStructure="json")
    assert queues.bodies("payments") == ["for queues", "for all"]


def test_row_52_without_a_policy_of_the_queue_nothing_arrives_in_silence(lab, sns, topic, queues):
    queues.subscribe(topic, "payments", lets=False)
    assert sns.publish(TopicArn=topic, Message="order-1")["MessageId"]
    assert queues.messages("payments") == []
    (found,) = [one for one in lab.history.deliveries() if one.step is Step.DISCARDED]
    assert found.obstacle is Obstacle.NOT_ALLOWED


@pytest.mark.parametrize(
    ("change", "arrives"),
    [
        ({}, True),
        ({"Condition": {}}, True),
        ({"Principal": "*"}, True),
        ({"Action": "SQS:*"}, True),
        ({"Principal": {"Service": "s3.amazonaws.com"}}, False),
        ({"Action": "sqs:ReceiveMessage"}, False),
        ({"Resource": "arn:aws:sqs:us-east-1:123456789012:stock"}, False),
        ({"Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:other"}}}, False),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}, True),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}}}, False),
        ({"Effect": "Deny"}, False),
    ],
)
def test_row_52_the_queues_policy_decides(sns, sqs, topic, queues, change, arrives):
    queues.subscribe(topic, "payments")
    url = sqs.get_queue_url(QueueName="payments")["QueueUrl"]
    policy = json.loads(policy_for("arn:aws:sqs:us-east-1:123456789012:payments", topic))
    policy["Statement"][0] |= change
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    sns.publish(TopicArn=topic, Message="order-1")
    assert bool(queues.messages("payments")) is arrives


def test_row_53_a_queue_of_another_account_gets_it_if_its_policy_lets_it(lab, sns, topic):
    theirs = lab.client("sqs", account="111111111111")
    url = theirs.create_queue(QueueName="payments")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:111111111111:payments"
    given = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": arn, "Attributes": {"RawMessageDelivery": "true"}}
    sns.add_permission(TopicArn=topic, Label="theirs", AWSAccountId=["111111111111"], ActionName=["Subscribe"])
    lab.client("sns", account="111111111111").subscribe(**given)
    sns.publish(TopicArn=topic, Message="order-1")
    theirs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy_for(arn, topic)})
    sns.publish(TopicArn=topic, Message="order-2")
    assert [one["Body"] for one in theirs.receive_message(QueueUrl=url)["Messages"]] == ["order-2"]


def test_row_53_a_queue_is_asked_when_the_owner_of_a_topic_elsewhere_subscribes_it(lab, sns, topic):
    theirs, arn = lab.client("sqs", account="111111111111"), "arn:aws:sqs:us-east-1:111111111111:payments"
    url = theirs.create_queue(QueueName="payments")["QueueUrl"]
    given = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": arn}
    assert sns.subscribe(**given)["SubscriptionArn"] == "pending confirmation"
    assert "Messages" not in theirs.receive_message(QueueUrl=url)
    theirs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy_for(arn, topic)})
    sns.publish(TopicArn=topic, Message="order-1")
    assert sns.subscribe(**given)["SubscriptionArn"] == "pending confirmation"
    (asked,) = (json.loads(one["Body"]) for one in theirs.receive_message(QueueUrl=url)["Messages"])
    assert asked["Type"] == "SubscriptionConfirmation"
    lab.client("sns", account="111111111111").confirm_subscription(TopicArn=topic, Token=asked["Token"])
    sns.publish(TopicArn=topic, Message="order-2")
    (got,) = theirs.receive_message(QueueUrl=url)["Messages"]
    assert json.loads(got["Body"])["Message"] == "order-2"


def test_an_encrypted_queue_needs_a_key_that_lets_sns_use_it(lab, sns, sqs, topic, queues):
    kms = lab.client("kms")
    key = kms.create_key(Policy=key_policy())["KeyMetadata"]["KeyId"]
    queues.subscribe(topic, "payments", queue={"KmsMasterKeyId": key}, RawMessageDelivery="true")
    sns.publish(TopicArn=topic, Message="order-1")
    lets = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Resource": "*",
            "Action": ["kms:GenerateDataKey*", "kms:Decrypt"]}  # fmt: skip
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=key_policy(lets))
    sns.publish(TopicArn=topic, Message="order-2")
    assert queues.bodies("payments") == ["order-2"]
    found = [one.obstacle for one in lab.history.deliveries() if one.step is Step.DISCARDED]
    assert found == [Obstacle.KEY_NOT_ALLOWED]


def test_the_key_that_aws_manages_lets_sns_in_never(lab, sns, topic, queues):
    queues.subscribe(topic, "payments", queue={"KmsMasterKeyId": "alias/aws/sqs"})
    sns.publish(TopicArn=topic, Message="order-1")
    assert [one.obstacle for one in lab.history.deliveries()][-1] is Obstacle.KEY_NOT_ALLOWED


@pytest.mark.parametrize("raw", ["true", "false"])
def test_row_50_a_deleted_queue_costs_its_neighbour_nothing_and_its_messages_are_dead_letters(
    sns, sqs, topic, queues, raw
):
    """Public case n20: every one of them, not the first alone; what the queue would have got, no more (recorded)."""
    arn = queues.subscribe(topic, "payments", RawMessageDelivery=raw)
    queues.subscribe(topic, "stock")
    queues.subscribe("arn:aws:sns:us-east-1:123456789012:orders", "dead")  # its policy; nothing else of it is used
    sns.unsubscribe(SubscriptionArn=sns.list_subscriptions()["Subscriptions"][-1]["SubscriptionArn"])
    policy = json.dumps({"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"})
    sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName="RedrivePolicy", AttributeValue=policy)
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="payments")["QueueUrl"])
    for number in range(2):
        sns.publish(TopicArn=topic, Message=f"order-{number}", MessageAttributes={"total": NUMBER})
    assert len(queues.messages("stock")) == 2
    dead = queues.messages("dead")
    assert len(dead) == 2
    if raw == "true":
        assert [(one["Body"], one["MessageAttributes"]) for one in dead] == [
            (f"order-{number}", {"total": NUMBER}) for number in range(2)
        ]
    else:
        assert [json.loads(one["Body"])["Message"] for one in dead] == ["order-0", "order-1"]
        assert all("MessageAttributes" not in one for one in dead)


def test_row_51_a_dead_letter_queue_must_let_sns_in_too(lab, sns, topic, queues):
    target = "arn:aws:sqs:us-east-1:123456789012:dead"
    queues.sqs.create_queue(QueueName="dead")
    queues.subscribe(topic, "payments", lets=False, RedrivePolicy={"deadLetterTargetArn": target})
    sns.publish(TopicArn=topic, Message="order-1")
    assert steps(lab) == [("payments", Step.DISCARDED)]
    assert queues.messages("dead") == []


def test_row_68_a_standard_topic_hands_on_the_group_to_a_fair_queue(sns, topic, queues):
    queues.subscribe(topic, "payments", RawMessageDelivery="true")
    sns.publish(TopicArn=topic, Message="order-1", MessageGroupId="Ann")
    (message,) = queues.messages("payments")
    assert message["Attributes"]["MessageGroupId"] == "Ann"


def test_every_subscriber_gets_it_beyond_the_first_hundred(sns, topic, queues):
    for number in range(120):
        queues.subscribe(topic, f"q{number}", RawMessageDelivery="true")
    sns.publish(TopicArn=topic, Message="order-1")
    assert queues.bodies("q119") == ["order-1"]
    assert len(list(sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic))) == 2


def test_the_history_follows_a_message_to_each_of_its_copies(lab, sns, topic, queues):
    queues.subscribe(topic, "payments", FilterPolicy={"store": ["book"]})
    queues.subscribe(topic, "stock")
    queues.subscribe(topic, "mail", lets=False)
    id = sns.publish(TopicArn=topic, Message="order-1", MessageAttributes={"store": NUMBER | {"DataType": "String"}})
    passport = lab.passport(id["MessageId"])
    assert [(row[0], row[1], row[4]) for row in passport.rows()] == [
        ("sqs payments", "filtered out", ""),
        ("sqs stock", "delivered", "visible in stock"),
        ("sqs mail", "discarded", ""),
    ]
    assert 'store: the policy does not list "7.50"' in str(passport)
    (copy,) = queues.messages("stock")
    assert id["MessageId"] in str(lab.passport(copy["MessageId"]))
    assert lab.table().where(message=id["MessageId"]).rows()[0].what == "Publish"
