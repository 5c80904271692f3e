"""SNS's operations, called well and badly."""

import json

from labkit.aws.sns.confirming import token_of
from labkit.aws.sns.stores import subscription_of
from tests.aws.letting import key_policy, let_sns

SQS = "arn:aws:sqs:us-east-1:123456789012:orders"
ATTRIBUTES = {
    "store": {"DataType": "String", "StringValue": "book"},
    "total": {"DataType": "Number", "StringValue": "20"},
    "proof": {"DataType": "Binary", "BinaryValue": b"\x00\x01"},
}
TEXTS = ("order-1", "bücher 📚", "two\r\nlines\rand more", "", "half of a pair: \ud83d", 7, None)


def _orders(lab, call, name="orders", **attributes):
    sns = lab.client("sns")
    arn = call(sns.create_topic, Name=name, **({"Attributes": attributes} if attributes else {})).get("TopicArn", "")
    sqs = lab.client("sqs")
    queue = "orders.fifo" if attributes else "orders"
    url = sqs.create_queue(QueueName=queue, **({"Attributes": {"FifoQueue": "true"}} if attributes else {}))["QueueUrl"]
    return sns, arn, let_sns(sqs, url, arn)


def publishing(lab, call):
    sns, topic, queue = _orders(lab, call)
    call(sns.subscribe, TopicArn=topic, Protocol="sqs", Endpoint=queue)
    for text in TEXTS:
        call(sns.publish, TopicArn=topic, Message=text)
    for more in (
        {"Subject": "paid"}, {"Subject": ""}, {"MessageAttributes": ATTRIBUTES}, {"MessageAttributes": {}},
        {"MessageAttributes": {"a": {"DataType": "Text", "StringValue": "a"}}}, {"MessageStructure": "json"},
        {"MessageAttributes": {"a": {"DataType": "String"}}}, {"MessageDeduplicationId": "once"},
        {"MessageGroupId": "Ann"}, {"Unknown": 1}, {"TargetArn": topic},
    ):  # fmt: skip
        call(sns.publish, TopicArn=topic, Message='{"default": "order-2"}', **more)
    call(sns.publish, TargetArn=topic, Message="order-3")
    call(sns.publish, Message="order-3")
    call(sns.publish, TopicArn=topic + "-2", Message="order-3")
    call(sns.publish, TopicArn="orders", Message="order-3")
    sound = {"Id": "a", "Message": "order-4"}
    for entries in (
        [sound], [sound, sound], [], [sound | {"Id": "a b"}], [sound, {"Id": "b", "Message": ""}], [{"Id": "b"}],
        [sound | {"MessageAttributes": ATTRIBUTES}, {"Id": "b", "Message": "x\r\ny", "Subject": "paid"}],
        [sound | {"Id": str(number)} for number in range(11)],
    ):  # fmt: skip
        call(sns.publish_batch, TopicArn=topic, PublishBatchRequestEntries=entries)


def publishing_in_order(lab, call):
    fifo = {"FifoTopic": "true", "ContentBasedDeduplication": "true"}
    sns, topic, queue = _orders(lab, call, "orders.fifo", **fifo)
    call(sns.subscribe, TopicArn=topic, Protocol="sqs", Endpoint=queue)
    for more in ({}, {"MessageGroupId": "Ann"}, {"MessageGroupId": "Ann"}, {"MessageGroupId": "A n"},
                 {"MessageGroupId": "Bob", "MessageDeduplicationId": "once"}):  # fmt: skip
        call(sns.publish, TopicArn=topic, Message="order-1", **more)


def topics(lab, call):
    sns, topic, _ = _orders(lab, call)
    call(sns.create_topic, Name="orders", Tags=[{"Key": "team", "Value": "shop"}])
    call(sns.create_topic, Name="or ders")
    call(sns.create_topic, Name="orders.fifo", Attributes={"FifoTopic": "true", "DisplayName": "a\r\nb & <c>"})
    call(sns.create_topic, Name="orders-2", Attributes={})
    call(sns.get_topic_attributes, TopicArn=topic)
    call(sns.get_topic_attributes, TopicArn=topic + ".fifo")
    call(sns.get_topic_attributes, TopicArn=topic + "-3")
    for name, value in (("DisplayName", "Orders"), ("DisplayName", ""), ("SignatureVersion", "2"),
                        ("SignatureVersion", "9"), ("Unknown", "1"), ("Policy", "{}"), ("DisplayName", 7)):  # fmt: skip
        call(sns.set_topic_attributes, TopicArn=topic, AttributeName=name, AttributeValue=value)
    call(sns.set_topic_attributes, TopicArn=topic, AttributeName="DisplayName")
    partner = {"TopicArn": topic, "Label": "partner", "AWSAccountId": ["111111111111"]}
    for _ in range(2):
        call(sns.add_permission, **partner, ActionName=["Publish"])
    call(sns.publish, TopicArn=topic, Message="order-1")
    theirs = lab.client("sns", account="111111111111")
    call(theirs.publish, TopicArn=topic, Message="order-2")
    call(theirs.delete_topic, TopicArn=topic)
    call(sns.remove_permission, TopicArn=topic, Label="partner")
    call(sns.remove_permission, TopicArn="orders", Label="partner")
    call(theirs.publish, TopicArn=topic, Message="order-3")
    call(sns.delete_topic, TopicArn=topic)
    call(sns.delete_topic, TopicArn=topic)
    call(sns.delete_topic, TopicArn="orders")


def subscriptions(lab, call):
    sns, topic, queue = _orders(lab, call)
    given = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue}
    arn = call(sns.subscribe, **given, Attributes={"RawMessageDelivery": "true"}).get("SubscriptionArn", "")
    call(sns.subscribe, **given, ReturnSubscriptionArn=True)
    call(sns.subscribe, **given, Attributes={"RawMessageDelivery": "false"})
    call(sns.subscribe, **given | {"Protocol": "pigeon"})
    call(sns.subscribe, **given | {"Endpoint": queue + "-2"}, Attributes={"FilterPolicy": '{"a": []}'})
    asked = {"TopicArn": topic, "Protocol": "email", "Endpoint": "ann@example.com"}
    call(sns.subscribe, **asked)
    pending = call(sns.subscribe, **asked, ReturnSubscriptionArn=True)["SubscriptionArn"]
    for token in ("none", token_of(lab, subscription_of(pending, "us-east-1"))):
        call(sns.confirm_subscription, TopicArn=topic, Token=token)
    call(sns.get_subscription_attributes, SubscriptionArn=arn)
    call(sns.get_subscription_attributes, SubscriptionArn=arn + "0")
    for token in ("", "MA==", "none", 7):
        call(sns.list_subscriptions, NextToken=token)
        call(sns.list_subscriptions_by_topic, TopicArn=topic, NextToken=token)
    call(sns.list_subscriptions)
    call(sns.list_subscriptions_by_topic, TopicArn="orders")
    policy = json.dumps({"store": ["book", {"prefix": "b & <c>"}]}, indent=1)
    for name, value in (("FilterPolicy", policy), ("FilterPolicy", "{"), ("FilterPolicyScope", "MessageBody"),
                        ("FilterPolicyScope", "Body"), ("FilterPolicy", ""), ("RawMessageDelivery", True)):  # fmt: skip
        call(sns.set_subscription_attributes, SubscriptionArn=arn, AttributeName=name, AttributeValue=value)
        call(sns.get_subscription_attributes, SubscriptionArn=arn)
    call(sns.publish, TopicArn=topic, Message="order-1", MessageAttributes=ATTRIBUTES)
    for one in (arn, arn, "pending confirmation", topic, 7):
        call(sns.unsubscribe, SubscriptionArn=one)


def archiving(lab, call):
    """A FIFO topic that keeps its messages, and replays of them."""
    sns, sqs = lab.client("sns"), lab.client("sqs")
    attributes = {"FifoTopic": "true", "ContentBasedDeduplication": "true"}
    topic = sns.create_topic(Name="orders.fifo", Attributes=attributes)["TopicArn"]
    queue = let_sns(sqs, sqs.create_queue(QueueName="audit")["QueueUrl"], topic)
    for value in ('{"MessageRetentionPeriod": "0"}', "{}", '{"MessageRetentionPeriod": "2"}'):
        call(sns.set_topic_attributes, TopicArn=topic, AttributeName="ArchivePolicy", AttributeValue=value)
    call(sns.publish, TopicArn=topic, Message="order-1", MessageGroupId="Ann")
    replays = [
        {"PointType": "Timestamp", "StartingPoint": f"{day}T00:00:00.000Z"} for day in ("2025-12-31", "2026-01-01")
    ]
    for policy in replays:
        given = {"ReplayPolicy": json.dumps(policy)}
        arn = call(sns.subscribe, TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=given)
    arn = arn["SubscriptionArn"]
    call(sns.get_subscription_attributes, SubscriptionArn=arn)
    lab.clock.advance("1 min")
    call(sns.get_subscription_attributes, SubscriptionArn=arn)
    ended = json.dumps(replays[1] | {"EndingPoint": "2026-01-01T00:01:00.000Z"})
    for value in (ended, "x", "{}"):
        call(sns.set_subscription_attributes, SubscriptionArn=arn, AttributeName="ReplayPolicy", AttributeValue=value)
    call(sns.get_topic_attributes, TopicArn=topic)
    call(sns.delete_topic, TopicArn=topic)


def encrypting(lab, call):
    """Topics with a key that there is not, that is disabled, that lets nobody in, and with the one that AWS manages."""
    sns, kms = lab.client("sns"), lab.client("kms")
    topic = sns.create_topic(Name="orders")["TopicArn"]
    shut, off = (kms.create_key(Policy=key_policy())["KeyMetadata"]["KeyId"] for _ in range(2))
    nobody = json.dumps({"Version": "2012-10-17", "Statement": []})
    kms.put_key_policy(KeyId=shut, PolicyName="default", Policy=nobody)
    kms.disable_key(KeyId=off)
    for name in ("alias/none", shut, off, "alias/aws/sns", ""):
        call(sns.set_topic_attributes, TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue=name)
        call(sns.publish, TopicArn=topic, Message="order-1")
        call(sns.publish_batch, TopicArn=topic, PublishBatchRequestEntries=[{"Id": "1", "Message": "order-2"}])


PLAYERS = (encrypting, archiving, publishing, publishing_in_order, topics, subscriptions)
