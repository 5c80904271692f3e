"""A lab with an orders queue, and AWS's answer to a call that it refuses."""

from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError

from labkit import Lab

ACCOUNT = "123456789012"


@contextmanager
def orders_queue(attributes=None, **options):
    """Yields the lab, its SQS client and the URL of a new queue called orders."""
    with Lab(**({"seed": 7} | options)) as lab:
        sqs = lab.client("sqs")
        yield lab, sqs, sqs.create_queue(QueueName="orders", Attributes=attributes or {})["QueueUrl"]


def refused(method, **parameters):
    """The code, wording and HTTP status with which AWS's API refuses the call."""
    with pytest.raises(ClientError) as failure:
        method(**parameters)
    response = failure.value.response
    return response["Error"]["Code"], response["Error"]["Message"], response["ResponseMetadata"]["HTTPStatusCode"]


def invalid(method, **parameters):
    """The wording of an InvalidParameterValue, after checking code, shape and status."""
    with pytest.raises(ClientError) as failure:
        method(**parameters)
    error = failure.value.response["Error"]
    assert error["Code"] == "InvalidParameterValue"
    assert error["QueryErrorCode"] == "InvalidParameterValueException"
    assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return error["Message"]


def receive(sqs, url, **parameters):
    """The messages of one ReceiveMessage for up to ten."""
    return sqs.receive_message(**({"QueueUrl": url, "MaxNumberOfMessages": 10} | parameters)).get("Messages", [])


def receive_one(sqs, url, **parameters):
    """The one message of a ReceiveMessage."""
    (message,) = receive(sqs, url, **parameters)
    return message


def bodies(messages):
    """The bodies of messages."""
    return [message["Body"] for message in messages]


def attributes_of(sqs, url, *names):
    """GetQueueAttributes for these names, or for all."""
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names) or ["All"]).get("Attributes")
