"""boto3 1.26, which speaks the query protocol, against `labkit serve` at the address given; ends with 0 if well."""

import json
import sys

import boto3
import botocore
from botocore.config import Config

assert botocore.__version__ < "1.31", botocore.__version__
KEYS = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
sqs = boto3.client(
    "sqs", endpoint_url=sys.argv[1], **KEYS, config=Config(parameter_validation=False, retries={"max_attempts": 0})
)


def code(method, **parameters):
    """The code with which a call is refused."""
    try:
        method(**parameters)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    return None


dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
url = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": "0", "RedrivePolicy": policy},
                       tags={"team": "shop"})["QueueUrl"]  # fmt: skip
assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "shop"}
kinds = {"kind": {"DataType": "String", "StringValue": "book"}, "raw": {"DataType": "Binary", "BinaryValue": b"\0\1"}}
sqs.send_message(QueueUrl=url, MessageBody="order <1> & 本", MessageAttributes=kinds)
sent = sqs.send_message_batch(
    QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "b"}, {"Id": "b", "MessageBody": "c", "DelaySeconds": 901}]
)
assert [one["Id"] for one in sent["Successful"]] == ["a"]
assert [one["Code"] for one in sent["Failed"]] == ["InvalidParameterValue"]
wanted = {"AttributeNames": ["All"], "MessageAttributeNames": ["All"], "MaxNumberOfMessages": 10}
first, _ = sqs.receive_message(QueueUrl=url, **wanted)["Messages"]
assert (first["Body"], first["MessageAttributes"]) == ("order <1> & 本", kinds)
assert first["Attributes"]["ApproximateReceiveCount"] == "1"
assert "Messages" not in sqs.receive_message(QueueUrl=url)

assert code(sqs.delete_message, QueueUrl=url) == ("MissingParameter", 400)
assert code(sqs.delete_message, QueueUrl=url, ReceiptHandle="mine") == ("ReceiptHandleIsInvalid", 404)
assert code(sqs.delete_message_batch, QueueUrl=url, Entries=[{"ReceiptHandle": "x"}]) == ("MissingParameter", 400)
assert code(sqs.change_message_visibility, QueueUrl=url, ReceiptHandle="x") == ("MissingParameter", 400)
assert code(sqs.send_message, QueueUrl=url, MessageBody="x", DelaySeconds=901) == ("InvalidParameterValue", 400)
assert code(sqs.send_message, QueueUrl=url, MessageBody="x", DelaySeconds="soon") == ("MalformedInput", 400)
assert code(sqs.send_message, QueueUrl=url + "-2", MessageBody="x") == (
    "AWS.SimpleQueueService.NonExistentQueue",
    400,
)
changed = sqs.change_message_visibility_batch(QueueUrl=url, Entries=[{"Id": "a", "ReceiptHandle": "x"}])
assert changed["Failed"][0]["Code"] == "MissingParameter"

handle = sqs.start_message_move_task(SourceArn=arn, MaxNumberOfMessagesPerSecond=1)["TaskHandle"]
assert code(sqs.start_message_move_task, SourceArn=arn) == ("InvalidParameterValue", 400)
assert [one["Status"] for one in sqs.list_message_move_tasks(SourceArn=arn)["Results"]] == ["RUNNING"]
assert sqs.cancel_message_move_task(TaskHandle=handle)["ApproximateNumberOfMessagesMoved"] in (0, 1)
sqs.send_message(QueueUrl=dead, MessageBody="order-2")
(last,) = sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=1)["Messages"]
sqs.change_message_visibility(QueueUrl=dead, ReceiptHandle=last["ReceiptHandle"], VisibilityTimeout=60)
sqs.delete_message(QueueUrl=dead, ReceiptHandle=last["ReceiptHandle"])
sqs.delete_queue(QueueUrl=url)
