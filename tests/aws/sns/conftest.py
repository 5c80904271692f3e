"""A lab with a topic, and queues that let it in."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.aws.letting import let_sns


@pytest.fixture
def sns(lab):
    return lab.client("sns")


@pytest.fixture
def topic(sns):
    return sns.create_topic(Name="orders")["TopicArn"]


class Queues:
    """Queues subscribed to a topic, by name."""

    def __init__(self, sns, sqs):
        self.sns, self.sqs = sns, sqs

    def subscribe(self, topic, name, lets=True, queue=None, **attributes):
        """Make a queue of that name, let the topic in and subscribe it; returns the subscription's ARN."""
        url = self.sqs.create_queue(QueueName=name, Attributes=queue or {})["QueueUrl"]
        arn = let_sns(self.sqs, url, topic) if lets else topic.replace(":sns:", ":sqs:").rpartition(":")[0] + f":{name}"
        given = {key: value if isinstance(value, str) else json.dumps(value) for key, value in attributes.items()}
        return self.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=given)["SubscriptionArn"]

    def messages(self, name):
        """What is visible in a queue now, at most ten."""
        url = self.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        asked = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"], "MaxNumberOfMessages": 10}
        return self.sqs.receive_message(QueueUrl=url, **asked).get("Messages", [])

    def bodies(self, name):
        return [one["Body"] for one in self.messages(name)]


@pytest.fixture
def queues(sns, sqs):
    return Queues(sns, sqs)


@pytest.fixture
def refused():
    """Call a method and return AWS's code and message."""

    def call(method, **parameters):
        with pytest.raises(ClientError) as error:
            method(**parameters)
        told = error.value.response["Error"]
        return told["Code"], told["Message"]

    return call
