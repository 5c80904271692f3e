"""The quick way to SQS and DynamoDB answers every call as boto3 does through moto: compared call by call."""

from contextlib import ExitStack

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from labkit.interleavings.world import StoryLab
from tests.aws.door.calls import ABSENT, ADD, ATTRIBUTES, KEY, PUT
from tests.interleavings.stories import IN_GROUPS, PAY


def of_sending(world):
    for parameters in (
        {"MessageBody": "order-3"},
        {"MessageBody": "order-4", "MessageAttributes": ATTRIBUTES, "DelaySeconds": 5},
        {"MessageBody": "order-5", "MessageGroupId": "Ann"},
        {"MessageBody": ""},
        {"MessageBody": "a\x00b"},
        {"MessageBody": "order-6", "DelaySeconds": 901},
        {"MessageBody": "order-6", "MessageDeduplicationId": "once"},
        {"MessageBody": 7},
        {"Body": "order-6"},
    ):
        yield "send_message", {"QueueUrl": world.url, **parameters}
    entries = [{"Id": "a", "MessageBody": "order-7"}, {"Id": "b", "MessageBody": "order-8", "DelaySeconds": 901}]
    yield "send_message_batch", {"QueueUrl": world.url, "Entries": entries}
    yield "send_message_batch", {"QueueUrl": world.url, "Entries": []}
    yield "send_message_batch", {"QueueUrl": world.url, "Entries": entries * 2}
    yield "send_message", {"QueueUrl": world.url + "-2", "MessageBody": "order-9"}


def of_receiving(world):
    url = world.url
    yield "send_message", {"QueueUrl": url, "MessageBody": "order-3", "MessageAttributes": ATTRIBUTES}
    first = yield "receive_message", {"QueueUrl": url}
    everything = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]}
    rest = yield "receive_message", {"QueueUrl": url, "MaxNumberOfMessages": 10, **everything}
    yield "receive_message", {"QueueUrl": url}
    yield "receive_message", {"QueueUrl": url, "WaitTimeSeconds": 20}
    for wrong in ({"MaxNumberOfMessages": 11}, {"WaitTimeSeconds": 21}, {"VisibilityTimeout": -1}, {"Wait": 3}):
        yield "receive_message", {"QueueUrl": url, **wrong}
    handle = first["Messages"][0]["ReceiptHandle"]
    yield "change_message_visibility", {"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": 0}
    yield "change_message_visibility", {"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": 43_201}
    again = yield "receive_message", {"QueueUrl": url, "VisibilityTimeout": 60}
    yield "delete_message", {"QueueUrl": url, "ReceiptHandle": handle}
    yield "delete_message", {"QueueUrl": url, "ReceiptHandle": again["Messages"][0]["ReceiptHandle"]}
    yield "delete_message", {"QueueUrl": url, "ReceiptHandle": first["Messages"][0]["MessageId"]}
    entries = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(rest["Messages"])]
    changes = [{**entry, "VisibilityTimeout": 40} for entry in entries]
    yield "change_message_visibility_batch", {"QueueUrl": url, "Entries": changes}
    yield "delete_message_batch", {"QueueUrl": url, "Entries": entries}
    yield "change_message_visibility", {"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": 10}
    yield "get_queue_attributes", {"QueueUrl": url, "AttributeNames": ["All"]}
    yield "purge_queue", {"QueueUrl": url}
    yield "purge_queue", {"QueueUrl": url}
    yield "list_queue_tags", {"QueueUrl": url}


def of_tables(world):
    yield "put_item", {**PUT, "ConditionExpression": ABSENT}
    yield "put_item", {**PUT, "ConditionExpression": ABSENT}
    yield "put_item", {**PUT, "ConditionExpression": ABSENT, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    yield "put_item", {**PUT, "ReturnValues": "ALL_OLD"}
    yield "put_item", {**PUT, "Item": {"amount": {"N": "20"}}}
    yield "put_item", {**PUT, "Item": {**KEY, "proof": {"B": b"\x00"}}}
    yield "put_item", {**PUT, "TableName": "refunds"}
    yield "put_item", {**PUT, "ConditionExpression": "attribute_not_exists(order_id"}
    yield "put_item", {"TableName": "payments"}
    yield "get_item", {"TableName": "payments", "Key": KEY}
    yield "get_item", {"TableName": "payments", "Key": {"order_id": {"S": "order-2"}}}
    yield "update_item", ADD
    yield "update_item", {**ADD, "ReturnValues": "UPDATED_NEW"}
    yield "update_item", {**ADD, "ConditionExpression": ABSENT}
    yield "transact_write_items", {"TransactItems": [{"Put": {**PUT, "ConditionExpression": ABSENT}}, {"Update": ADD}]}
    yield "transact_write_items", {"TransactItems": [{"Put": {**PUT, "TableName": "payments"}}, {"Update": ADD}]}
    yield "delete_item", {"TableName": "payments", "Key": KEY, "ReturnValues": "ALL_OLD"}
    yield "scan", {"TableName": "payments"}


def of_fifo(world):
    url, sent = world.url, {"QueueUrl": world.url, "MessageGroupId": "Ann"}
    yield "send_message", {**sent, "MessageBody": "order-3"}
    yield "send_message", {**sent, "MessageBody": "order-3", "MessageDeduplicationId": "a"}
    yield "send_message", {**sent, "MessageBody": "order-4", "MessageDeduplicationId": "a"}
    yield "send_message", {"QueueUrl": url, "MessageBody": "order-4", "MessageDeduplicationId": "b"}
    yield "send_message", {**sent, "MessageBody": "order-4", "MessageDeduplicationId": "b", "DelaySeconds": 4}
    got = yield "receive_message", {"QueueUrl": url, "AttributeNames": ["All"], "ReceiveRequestAttemptId": "x"}
    yield "receive_message", {"QueueUrl": url, "AttributeNames": ["All"], "ReceiveRequestAttemptId": "x"}
    yield "receive_message", {"QueueUrl": url, "MaxNumberOfMessages": 10, "MessageSystemAttributeNames": ["All"]}
    handle = {"QueueUrl": url, "ReceiptHandle": got["Messages"][0]["ReceiptHandle"]}
    yield "change_message_visibility", {**handle, "VisibilityTimeout": 0}
    yield "delete_message", handle
    again = yield "receive_message", {"QueueUrl": url}
    yield "delete_message", {"QueueUrl": url, "ReceiptHandle": again["Messages"][0]["ReceiptHandle"]}


def answers(client, calls, world):
    """What each call returns, or its error, without the metadata of the response."""
    told, answer, made = [], None, calls(world)
    while True:
        try:
            name, parameters = made.send(answer)
        except StopIteration:
            return told
        try:
            answer = getattr(client(world), name)(**parameters)
            answer.pop("ResponseMetadata")
            told.append((name, answer))
        except ClientError as error:
            response = {key: value for key, value in error.response.items() if key != "ResponseMetadata"}
            code = error.response["Error"]["Code"]
            known = isinstance(error, client(world).exceptions.from_code(code))
            told.append((name, type(error).__name__, str(error), response, error.operation_name, known))
        except BotoCoreError as error:
            told.append((name, type(error).__name__, str(error)))


@pytest.mark.parametrize(
    ("calls", "client", "story", "number"),
    [
        (of_sending, lambda world: world.sqs, PAY, 13),
        (of_receiving, lambda world: world.sqs, PAY, 22),
        (of_tables, lambda world: world.dynamodb, PAY, 18),
        (of_fifo, lambda world: world.sqs, IN_GROUPS, 12),
    ],
)
def test_the_quick_way_answers_as_boto3_does(calls, client, story, number):
    told = []
    for quick in (True, False):
        with ExitStack() as stack:
            world = StoryLab(story, quick=quick)
            stack.enter_context(world.lab)
            world.begin(2)
            told.append(answers(client, calls, world))
    quick, by_boto3 = told
    assert len(quick) == number
    for mine, theirs in zip(quick, by_boto3, strict=True):
        assert mine == theirs
