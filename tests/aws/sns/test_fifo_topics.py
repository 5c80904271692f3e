"""FIFO topics: numbers, one message a deduplication id, and what travels on (rows 64 to 66; public cases n16, n18)."""

import json

import boto3
import pytest
from botocore.config import Config

NO_GROUP = "Invalid parameter: The MessageGroupId parameter is required for FIFO topics"
NO_ID = (
    "Invalid parameter: The topic should either have ContentBasedDeduplication enabled or "
    "MessageDeduplicationId provided explicitly"
)
QUEUE = {"FifoQueue": "true"}


@pytest.fixture
def fifo(sns):
    return sns.create_topic(Name="orders.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]


def publish(sns, topic, message, group="Ann", **more):
    return sns.publish(TopicArn=topic, Message=message, MessageGroupId=group, **more)


def test_a_group_and_an_id_are_needed(sns, fifo, refused):
    assert refused(sns.publish, TopicArn=fifo, Message="order-1") == ("InvalidParameter", NO_GROUP)
    assert refused(sns.publish, TopicArn=fifo, Message="order-1", MessageGroupId="Ann") == ("InvalidParameter", NO_ID)
    entries = [{"Id": "1", "Message": "order-1"}]
    assert refused(sns.publish_batch, TopicArn=fifo, PublishBatchRequestEntries=entries)[1] == NO_GROUP
    assert publish(sns, fifo, "order-1", MessageDeduplicationId="1")["SequenceNumber"].isdecimal()


def test_row_64_numbers_have_twenty_digits_and_grow(sns, fifo):
    numbers = [
        publish(sns, fifo, "order", group, MessageDeduplicationId=str(nth))["SequenceNumber"]
        for nth, group in enumerate("ABAB")
    ]
    assert all(len(number) == 20 for number in numbers)
    assert numbers == sorted(numbers)


def test_row_65_a_repetition_is_answered_as_the_first_and_delivered_once_for_five_minutes(lab, sns, fifo, queues):
    """Recorded: localstack's tests of 2023-12-07 (the same id and number); public case n18 (ids travel on)."""
    queues.subscribe(fifo, "orders.fifo", queue=QUEUE, RawMessageDelivery="true")
    first = publish(sns, fifo, "order-1", MessageDeduplicationId="once")
    again = publish(sns, fifo, "another", MessageDeduplicationId="once")
    assert (again["MessageId"], again["SequenceNumber"]) == (first["MessageId"], first["SequenceNumber"])
    (message,) = queues.messages("orders.fifo")
    assert message["Body"] == "order-1"
    assert (message["Attributes"]["MessageGroupId"], message["Attributes"]["MessageDeduplicationId"]) == ("Ann", "once")
    lab.clock.advance("5 min")
    assert publish(sns, fifo, "later", MessageDeduplicationId="once")["MessageId"] != first["MessageId"]


def test_the_scope_of_a_deduplication_id_is_the_topic_or_the_group(sns, fifo, queues, refused):
    queues.subscribe(fifo, "plain", RawMessageDelivery="true")
    for group in ("Ann", "Bob"):
        publish(sns, fifo, f"1 {group}", group, MessageDeduplicationId="once")
    given = {"TopicArn": fifo, "AttributeName": "FifoThroughputScope", "AttributeValue": "MessageGroup"}
    sns.set_topic_attributes(**given)
    for group in ("Ann", "Bob", "Bob"):
        publish(sns, fifo, f"2 {group}", group, MessageDeduplicationId="twice")
    assert sorted(queues.bodies("plain")) == ["1 Ann", "2 Ann", "2 Bob"]
    for value in ("Topic", "messagegroup"):
        back = {**given, "AttributeValue": value}
        assert refused(sns.set_topic_attributes, **back)[0] == "InvalidParameter"
    sns.set_topic_attributes(**given)


def test_row_65_content_serves_as_id_and_is_handed_on(sns, fifo, queues):
    sns.set_topic_attributes(TopicArn=fifo, AttributeName="ContentBasedDeduplication", AttributeValue="true")
    queues.subscribe(fifo, "orders.fifo", queue=QUEUE)
    for _ in range(2):
        publish(sns, fifo, "Test")
    (message,) = queues.messages("orders.fifo")
    recorded = "532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25"
    assert message["Attributes"]["MessageDeduplicationId"] == recorded
    document = json.loads(message["Body"])
    assert list(document) == [
        "Type", "MessageId", "SequenceNumber", "TopicArn", "Message", "Timestamp", "UnsubscribeURL",
    ]  # fmt: skip
    assert "Signature" not in document


def test_row_66_a_standard_queue_gets_it_once_and_without_ids(sns, fifo, queues):
    queues.subscribe(fifo, "plain", RawMessageDelivery="true")
    for _ in range(2):
        publish(sns, fifo, "order-1", MessageDeduplicationId="once")
    (message,) = queues.messages("plain")
    assert not {"MessageGroupId", "MessageDeduplicationId", "SequenceNumber"} & set(message["Attributes"])


def test_each_subscriber_gets_a_groups_messages_in_order(sns, fifo, queues):
    for name in ("a.fifo", "b.fifo"):
        queues.subscribe(fifo, name, queue=QUEUE, RawMessageDelivery="true")
    for number in range(5):
        publish(sns, fifo, f"order-{number}", MessageDeduplicationId=str(number))
    assert queues.bodies("a.fifo") == queues.bodies("b.fifo") == [f"order-{number}" for number in range(5)]


def test_a_fifo_subscriptions_dead_letters_go_to_a_fifo_queue(sns, fifo, queues, refused):
    arn = queues.subscribe(fifo, "orders.fifo", lets=False, queue=QUEUE)
    given = {"SubscriptionArn": arn, "AttributeName": "RedrivePolicy"}
    target = "arn:aws:sqs:us-east-1:123456789012:dead"
    sentence = "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic."
    wrong = refused(
        sns.set_subscription_attributes, **given, AttributeValue=json.dumps({"deadLetterTargetArn": target})
    )
    assert wrong == ("InvalidParameter", f"Invalid parameter: {sentence}")
    policy = json.dumps({"deadLetterTargetArn": f"{target}.fifo"})
    sns.set_subscription_attributes(**given, AttributeValue=policy)
    queues.subscribe(fifo, "dead.fifo", queue=QUEUE)
    sns.unsubscribe(SubscriptionArn=sns.list_subscriptions()["Subscriptions"][-1]["SubscriptionArn"])
    for number in range(3):
        publish(sns, fifo, f"order-{number}", MessageDeduplicationId=str(number))
    dead = queues.messages("dead.fifo")
    assert [json.loads(one["Body"])["Message"] for one in dead] == ["order-0", "order-1", "order-2"]
    assert {one["Attributes"]["MessageGroupId"] for one in dead} == {"Ann"}


def published_in_a_second(lab, sns, topic, programs, groups, size=1):
    """How many messages get through in the first second, of programs that publish ten every 10 ms until refused."""
    taken, codes = [], set()

    def program(number):
        for batch in range(100):
            entries = [
                {"Id": str(one), "Message": "x" * size, "MessageGroupId": f"{(number * 10 + one) % groups}",
                 "MessageDeduplicationId": f"{number}-{batch}-{one}"} for one in range(10)
            ]  # fmt: skip
            try:
                sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
            except sns.exceptions.ThrottledException as error:
                codes.add(error.response["ResponseMetadata"]["HTTPStatusCode"])
                return
            taken.append(10)

    for number in range(programs):
        lab.start(program, number, name=f"program {number}")
    lab.run(until="999 ms")
    assert codes <= {429}
    return sum(taken)


@pytest.mark.parametrize(
    ("scope", "programs", "groups", "size", "most"),
    [
        ("Topic", 2, 1, 1, 1_980),
        ("Topic", 4, 40, 1, 3_000),
        ("Topic", 2, 1, 20_000, 1_000),
        ("MessageGroup", 1, 1, 1, 300),
        ("MessageGroup", 1, 10, 1, 990),
    ],
    ids=["two programs", "3,000 messages", "20 MB", "300 of a group", "ten groups"],
)
def test_how_many_messages_a_second(lab, sns, scope, programs, groups, size, most):
    """The quotas of AWS's page; batches count their messages. A cell's calls take no time, so they have no rate."""
    once = Config(retries={"total_max_attempts": 1})
    no_retries = boto3.client("sns", region_name="us-east-1", config=once)
    given = {"FifoTopic": "true", "FifoThroughputScope": scope}
    topic = sns.create_topic(Name="orders.fifo", Attributes=given)["TopicArn"]
    assert published_in_a_second(lab, no_retries, topic, programs, groups, size) == most
