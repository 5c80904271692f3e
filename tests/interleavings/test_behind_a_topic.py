"""Consumers behind a topic: what was published twice lies in the queue as two envelopes of one order."""

import json

import pytest

from labkit import Lab
from labkit.interleavings import Bounds, Story, every_order
from labkit.interleavings.telling import name_of


@pytest.fixture(scope="module")
def copies():
    """What a queue gets of an order that a topic was given twice, as its publisher does when an answer gets lost."""
    with Lab(seed=11) as lab:
        sns, sqs = lab.client("sns"), lab.client("sqs")
        topic = sns.create_topic(Name="orders")["TopicArn"]
        url = sqs.create_queue(QueueName="letters")["QueueUrl"]
        arn = "arn:aws:sqs:us-east-1:123456789012:letters"
        lets = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
        lets |= {"Resource": arn, "Condition": {"ArnEquals": {"aws:SourceArn": topic}}}
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [lets]})})
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        for _ in range(2):
            sns.publish(TopicArn=topic, Message="order-1")
        return [one["Body"] for one in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]]


def service(key):
    """One that writes a letter under a field of the envelope."""

    def writes(sqs, queue_url, dynamodb):
        while True:
            for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
                event = json.loads(message["Body"])
                dynamodb.put_item(TableName="letters", Item={"letter": {"S": event[key]}})
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])

    return writes


def one_letter(end):
    return "there are two letters" if len(end.rows["letters"]) > 1 else None


def test_the_id_of_sns_does_not_recognise_what_was_published_twice(copies):
    """Without any fault of the queue: both messages are delivered once."""
    found = every_order(service("MessageId"), Story(copies, one_letter, tables={"letters": "letter"}))
    assert str(found.wrong) == "there are two letters"
    assert "received order-1" in found.sentences[0]


def test_what_a_queue_delivers_twice_has_one_envelope(copies):
    """With each message alone, its duplicates, crashes and lost answers, the id of SNS is as good as any."""
    for copy in copies:
        story = Story([copy], one_letter, tables={"letters": "letter"})
        assert every_order(service("MessageId"), story, Bounds(1, 2, 2)).right


def test_the_text_recognises_both(copies):
    assert every_order(service("Message"), Story(copies, one_letter, tables={"letters": "letter"})).right


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"Type": "Notification", "MessageId": "1", "Message": "order-1"}, "order-1"),
        ({"Type": "Notification", "Message": '{"order": 7, "kind": "gift"}'}, "7"),
        ({"Type": "Notification", "Text": "order-1"}, "Notification"),
        ({"order": "order-1"}, "order-1"),
    ],
)
def test_an_envelope_is_called_by_what_is_inside(body, name):
    assert name_of(json.dumps(body)) == name
