"""Every operation that is answered in process, called well and badly: what each player does to a lab of its own."""

import json

import boto3
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from tests.aws.door import calls_of_sns, streams, topics

IS_ONE = Attr("amount").eq(1)
ATTRIBUTES = {
    "channel": {"DataType": "String", "StringValue": "web"},
    "total": {"DataType": "Number", "StringValue": "20"},
    "proof": {"DataType": "Binary", "BinaryValue": b"\x00\x01"},
}
POLICY = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}}
KEY = {"order_id": {"S": "order-1"}}
ABSENT = "attribute_not_exists(order_id)"
PUT = {"TableName": "payments", "Item": {**KEY, "amount": {"N": "20"}}}
ADD = {
    "TableName": "payments",
    "Key": {"order_id": {"S": "order-3"}},
    "UpdateExpression": "ADD owed :amount",
    "ExpressionAttributeValues": {":amount": {"N": "20"}},
}
EVERYTHING = {
    "M": {"M": {"list": {"L": [{"S": "a"}, {"N": "1"}, {"NULL": True}, {"BOOL": False}]}}},
    "B": {"B": b"\x00\xff"},
    "BS": {"BS": [b"one", b"two"]},
    "NS": {"NS": ["1", "2"]},
    "SS": {"SS": ["ä", "b"]},
}
ALL = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]}


def orders(lab, **attributes):
    """An SQS client and the URL of a new queue."""
    sqs = lab.client("sqs")
    name = "orders.fifo" if "FifoQueue" in attributes else "orders"
    return sqs, sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]


def payments(lab):
    """A DynamoDB client with two tables, one with a sort key."""
    dynamodb = lab.client("dynamodb")
    for name, keys in (("payments", ("order_id",)), ("lines", ("order_id", "line"))):
        dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": key, "KeyType": ("HASH", "RANGE")[n]} for n, key in enumerate(keys)],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            BillingMode="PAY_PER_REQUEST",
        )
    return dynamodb


def sending(lab, call):
    sqs, url = orders(lab)
    for parameters in (
        {"MessageBody": "order-3"},
        {"MessageBody": "bücher 📚", "MessageAttributes": ATTRIBUTES, "DelaySeconds": 5},
        {"MessageBody": "order-5", "MessageGroupId": "Ann"},
        {"MessageBody": "traced", "MessageSystemAttributes": {
            "AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}},
        {"MessageBody": "traced", "MessageSystemAttributes": {"Header": ATTRIBUTES["channel"]}},
        {"MessageBody": "traced", "MessageSystemAttributes": {"AWSTraceHeader": ATTRIBUTES["total"]}},
        {"MessageBody": "named", "MessageAttributes": {"attr.1øßä": ATTRIBUTES["channel"]}},
        {"MessageBody": "named", "MessageAttributes": {"attr..1": ATTRIBUTES["channel"]}},
        {"MessageBody": ""},
        {"MessageBody": "a\x00b"},
        {"MessageBody": "half of a pair: \ud83d"},
        {"MessageBody": "both halves: \ud83d\udcda"},
        {"MessageBody": "order-6", "DelaySeconds": 901},
        {"MessageBody": "order-6", "DelaySeconds": True},
        {"MessageBody": "order-6", "DelaySeconds": 1 << 70},
        {"MessageBody": "order-6", "MessageDeduplicationId": "once"},
        {"MessageBody": "order-6", "MessageAttributes": {"": {"DataType": "String", "StringValue": "a"}}},
        {"MessageBody": "order-6", "MessageAttributes": {"kind": {"DataType": "String"}}},
        {"MessageBody": "order-6", "MessageAttributes": {"kind": {"DataType": "Binary", "BinaryValue": "text"}}},
        {"MessageBody": "x" * 1_048_577},
        {"MessageBody": 7},
        {"MessageBody": None},
        {"Body": "order-6"},
        {},
    ):  # fmt: skip
        call(sqs.send_message, QueueUrl=url, **parameters)
    entries = [{"Id": "a", "MessageBody": "order-7"}, {"Id": "b", "MessageBody": "order-8", "DelaySeconds": 901}]
    for given in (entries, [], entries * 2, tuple(entries), [{"Id": "?", "MessageBody": "a"}], [{"Id": "a"}], [None]):
        call(sqs.send_message_batch, QueueUrl=url, Entries=given)
    call(sqs.send_message_batch, QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": "a"} for n in range(11)])
    call(sqs.send_message_batch, QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": "a" * 200_000} for n in range(9)])
    for address in (url + "-2", "orders", url.replace("https", "http"), "", "https://elsewhere/orders/", 7):
        call(sqs.send_message, QueueUrl=address, MessageBody="order-9")
    call(sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=10, **ALL)


def receiving(lab, call):
    sqs, url = orders(lab, VisibilityTimeout="40")
    for number in range(4):
        call(sqs.send_message, QueueUrl=url, MessageBody=f"order-{number}", MessageAttributes=ATTRIBUTES)
    first = call(sqs.receive_message, QueueUrl=url)
    rest = call(sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=10, **ALL)
    call(sqs.receive_message, QueueUrl=url)
    call(sqs.receive_message, QueueUrl=url, WaitTimeSeconds=20)
    for names in (["chan.*"], ["total", "nothing"], [".*"]):
        call(
            sqs.receive_message, QueueUrl=url, VisibilityTimeout=0, MessageAttributeNames=names, AttributeNames=["All"]
        )
    for wrong in ({"MaxNumberOfMessages": 11}, {"WaitTimeSeconds": 21}, {"VisibilityTimeout": -1}, {"Wait": 3},
                  {"MaxNumberOfMessages": "1"}, {"MessageAttributeNames": "All"},
                  {"AttributeNames": ["No such"]}):  # fmt: skip
        call(sqs.receive_message, QueueUrl=url, **wrong)
    handle = first["Messages"][0]["ReceiptHandle"]
    call(sqs.change_message_visibility, QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
    call(sqs.change_message_visibility, QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=43_201)
    call(sqs.change_message_visibility, QueueUrl=url, ReceiptHandle=handle)
    again = call(sqs.receive_message, QueueUrl=url, VisibilityTimeout=60)
    call(sqs.delete_message, QueueUrl=url, ReceiptHandle=handle)
    call(sqs.delete_message, QueueUrl=url, ReceiptHandle=again["Messages"][0]["ReceiptHandle"])
    for wrong in (first["Messages"][0]["MessageId"], "", handle[:-4] + "AAAA", 7):
        call(sqs.delete_message, QueueUrl=url, ReceiptHandle=wrong)
        call(sqs.delete_message, QueueUrl=url, ReceiptHandle=wrong)
    entries = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(rest["Messages"])]
    changes = [{**entry, "VisibilityTimeout": 40} for entry in entries]
    call(sqs.change_message_visibility_batch, QueueUrl=url, Entries=[*changes, {"Id": "x", "ReceiptHandle": "y"}])
    call(sqs.change_message_visibility_batch, QueueUrl=url, Entries=entries[:1])
    call(sqs.delete_message_batch, QueueUrl=url, Entries=[*entries[:2], {"Id": "x", "ReceiptHandle": "y"}])
    for given in ([], entries * 2, [{"Id": "", "ReceiptHandle": handle}]):
        call(sqs.delete_message_batch, QueueUrl=url, Entries=given)
        call(sqs.change_message_visibility_batch, QueueUrl=url, Entries=given)
    lab.clock.advance("5 min")
    call(sqs.change_message_visibility, QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=10)
    call(sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=10, **ALL)


def looking(lab, call):
    sqs, url = orders(lab, Policy=json.dumps(POLICY))
    for names in (["All"], ["QueueArn", "VisibilityTimeout"], ["RedriveAllowPolicy"], ["Nonsense"], [""], [], "All"):
        call(sqs.get_queue_attributes, QueueUrl=url, AttributeNames=names)
    call(sqs.get_queue_attributes, QueueUrl=url)
    call(sqs.get_queue_attributes, QueueUrl=url + "-2", AttributeNames=["All"])
    for parameters in ({}, {"QueueName": "orders"}, {"QueueName": "refunds"}, {"QueueName": 7},
                       {"QueueName": "orders", "QueueOwnerAWSAccountId": "123456789012"},
                       {"QueueName": "orders", "QueueOwnerAWSAccountId": "222222222222"},
                       {"QueueName": "orders", "QueueOwnerAWSAccountId": "nobody"}):  # fmt: skip
        call(sqs.get_queue_url, **parameters)
    call(sqs.list_queue_tags, QueueUrl=url)
    call(sqs.list_queue_tags, QueueUrl=url + "-2")
    sqs.tag_queue(QueueUrl=url, Tags={"team": "checkout"})
    call(sqs.list_queue_tags, QueueUrl=url)
    call(sqs.send_message, QueueUrl=url, MessageBody="order-1")
    call(sqs.purge_queue, QueueUrl=url)
    call(sqs.purge_queue, QueueUrl=url)


def redriving(lab, call):
    sqs, url = orders(lab)
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": "1"}}'
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy, "VisibilityTimeout": "0"})
    for number in range(3):
        call(sqs.send_message, QueueUrl=url, MessageBody=f"order-{number}")
    for _ in range(2):
        call(sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=10)
    call(sqs.receive_message, QueueUrl=dead, MaxNumberOfMessages=10, VisibilityTimeout=0, **ALL)
    call(sqs.list_message_move_tasks, SourceArn=arn)
    call(sqs.cancel_message_move_task, TaskHandle="nothing")
    call(sqs.start_message_move_task, SourceArn="nothing")
    started = call(sqs.start_message_move_task, SourceArn=arn, MaxNumberOfMessagesPerSecond=1)
    call(sqs.start_message_move_task, SourceArn=arn)
    call(sqs.list_message_move_tasks, SourceArn=arn, MaxResults=10)
    call(sqs.list_message_move_tasks, SourceArn=arn, MaxResults=11)
    lab.clock.advance("1 s")
    call(sqs.cancel_message_move_task, TaskHandle=started["TaskHandle"])
    call(sqs.list_message_move_tasks, SourceArn=arn, MaxResults=10)


def in_groups(lab, call):
    sqs, url = orders(lab, FifoQueue="true")
    sent = {"QueueUrl": url, "MessageGroupId": "Ann"}
    call(sqs.send_message, **sent, MessageBody="order-3")
    call(sqs.send_message, **sent, MessageBody="order-3", MessageDeduplicationId="a")
    call(sqs.send_message, **sent, MessageBody="order-4", MessageDeduplicationId="a")
    call(sqs.send_message, QueueUrl=url, MessageBody="order-4", MessageDeduplicationId="b")
    call(sqs.send_message, **sent, MessageBody="order-4", MessageDeduplicationId="b", DelaySeconds=4)
    call(sqs.send_message_batch, QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "b"}])
    got = call(sqs.receive_message, QueueUrl=url, AttributeNames=["All"], ReceiveRequestAttemptId="x")
    call(sqs.receive_message, QueueUrl=url, AttributeNames=["All"], ReceiveRequestAttemptId="x")
    call(sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=10, **ALL)
    handle = {"QueueUrl": url, "ReceiptHandle": got["Messages"][0]["ReceiptHandle"]}
    call(sqs.change_message_visibility, **handle, VisibilityTimeout=0)
    call(sqs.delete_message, **handle)
    again = call(sqs.receive_message, QueueUrl=url)
    call(sqs.delete_message, QueueUrl=url, ReceiptHandle=again["Messages"][0]["ReceiptHandle"])


def other_accounts(lab, call):
    sqs, url = orders(lab)
    theirs = lab.client("sqs", account="222222222222")
    call(theirs.send_message, QueueUrl=url, MessageBody="order-1")
    call(theirs.get_queue_url, QueueName="orders", QueueOwnerAWSAccountId="123456789012")
    sqs.add_permission(QueueUrl=url, Label="partner", AWSAccountIds=["222222222222"], Actions=["SendMessage"])
    call(theirs.send_message, QueueUrl=url, MessageBody="order-1")
    call(theirs.receive_message, QueueUrl=url)
    call(theirs.send_message, QueueUrl="orders", MessageBody="order-1")
    denied = {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "sqs:Send*", "Resource": "*"}}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(denied)})
    call(sqs.send_message, QueueUrl=url, MessageBody="order-1")
    call(sqs.send_message_batch, QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "order-1"}])
    call(theirs.send_message, QueueUrl=url, MessageBody="order-1")
    frankfurt = lab.client("sqs", region="eu-central-1")
    call(frankfurt.get_queue_url, QueueName="orders")
    there = frankfurt.create_queue(QueueName="orders")["QueueUrl"]
    call(frankfurt.get_queue_url, QueueName="orders")
    call(frankfurt.send_message, QueueUrl=there, MessageBody="order-2")
    call(sqs.receive_message, QueueUrl=url)


def items(lab, call):
    dynamodb = payments(lab)
    call(dynamodb.put_item, **PUT, ConditionExpression=ABSENT)
    for _ in range(2):
        call(dynamodb.put_item, **PUT, ConditionExpression=ABSENT)
    call(dynamodb.put_item, **PUT, ConditionExpression=ABSENT, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    for more in (
        {"ReturnValues": "ALL_OLD", "ReturnConsumedCapacity": "INDEXES"},
        {"Item": {"amount": {"N": "20"}}},
        {"Item": {**KEY, **EVERYTHING}},
        {"Item": {**KEY, "odd": {"B": bytearray(b"a")}}},
        {"Item": {**KEY, "odd": {"B": "text"}}},
        {"Item": {**KEY, "odd": {"NULL": 1}}},
        {"Item": {**KEY, "odd": {"L": ()}}},
        {"Item": {**KEY, "odd": {}}},
        {"Item": {**KEY, "odd": {"S": "a", "N": "1"}}},
        {"Item": {**KEY, "odd": {"SS": []}}},
        {"Item": {"order_id": {"S": ""}}},
        {"Item": [KEY]},
        {"TableName": "refunds"},
        {"ConditionExpression": "attribute_not_exists(order_id"},
        {"ReturnValues": "ALL_NEW"},
    ):
        call(dynamodb.put_item, **(PUT | more))
    call(dynamodb.put_item, TableName="payments")
    for key in (KEY, {"order_id": {"S": "order-2"}}, {"order_id": {"N": "2"}}, {}, {"order": {"S": "a"}}):
        call(dynamodb.get_item, TableName="payments", Key=key, ReturnConsumedCapacity="TOTAL")
    call(dynamodb.get_item, TableName="payments", Key=KEY, ProjectionExpression="M, B", ConsistentRead=True)
    call(dynamodb.update_item, **ADD)
    for values in ("UPDATED_NEW", "UPDATED_OLD", "ALL_OLD", "ALL_NEW"):
        call(dynamodb.update_item, **ADD, ReturnValues=values)
    call(dynamodb.update_item, **ADD, ConditionExpression=ABSENT)
    call(dynamodb.update_item, **{**ADD, "UpdateExpression": "ADD owed :nothing"})
    call(dynamodb.delete_item, TableName="payments", Key=KEY, ReturnValues="ALL_OLD")
    call(dynamodb.delete_item, TableName="payments", Key=KEY, ReturnValues="ALL_OLD")
    call(dynamodb.delete_item, TableName="payments", Key=KEY, ConditionExpression="attribute_exists(order_id)")


def many_items(lab, call):
    dynamodb = payments(lab)
    lines = [{"order_id": {"S": f"order-{n % 2}"}, "line": {"S": str(n)}, **EVERYTHING} for n in range(5)]
    put = [{"PutRequest": {"Item": line}} for line in lines]
    call(dynamodb.batch_write_item, RequestItems={"lines": put, "payments": [{"PutRequest": {"Item": PUT["Item"]}}]})
    call(dynamodb.batch_write_item, RequestItems={"lines": put + put})
    call(dynamodb.batch_write_item, RequestItems={})
    keys = [{name: line[name] for name in ("order_id", "line")} for line in lines]
    call(dynamodb.batch_get_item, RequestItems={"lines": {"Keys": keys[:2]}}, ReturnConsumedCapacity="TOTAL")
    call(dynamodb.batch_get_item, RequestItems={"refunds": {"Keys": keys[:2]}})
    values = {":order": {"S": "order-1"}}
    of_order = {"KeyConditionExpression": "order_id = :order", "ExpressionAttributeValues": values}
    call(dynamodb.query, TableName="lines", **of_order)
    call(dynamodb.query, TableName="lines", **of_order, Limit=1, ScanIndexForward=False)
    call(dynamodb.query, TableName="lines", **of_order, Select="COUNT")
    call(dynamodb.query, TableName="lines", **of_order, IndexName="none")
    call(dynamodb.query, TableName="lines")
    call(dynamodb.scan, TableName="lines", Limit=2)
    call(
        dynamodb.scan,
        TableName="lines",
        FilterExpression="line > :line",
        ExpressionAttributeValues={":line": {"S": "2"}},
    )
    call(dynamodb.scan, TableName="lines", FilterExpression="")
    once = {"Put": {**PUT, "Item": {"order_id": {"S": "order-9"}}, "ConditionExpression": ABSENT}}
    call(dynamodb.transact_write_items, TransactItems=[once, {"Update": ADD}])
    call(dynamodb.transact_write_items, TransactItems=[once, {"Update": ADD}])
    call(dynamodb.transact_write_items, TransactItems=[once, {"Update": ADD}], ClientRequestToken="mine")
    call(dynamodb.transact_write_items, TransactItems=[{"Put": {**PUT, "TableName": "refunds"}}])
    call(dynamodb.transact_write_items, TransactItems=[])
    call(dynamodb.transact_get_items, TransactItems=[{"Get": {"TableName": "payments", "Key": KEY}}])
    call(dynamodb.transact_get_items, TransactItems=[{"Get": {"TableName": "refunds", "Key": KEY}}])


def resources(lab, call):
    _, url = orders(lab)
    payments(lab)
    queue, table = boto3.resource("sqs").Queue(url), boto3.resource("dynamodb").Table("payments")
    call(queue.send_message, MessageBody="order-1")
    call(lambda **_: {"bodies": [one.body for one in queue.receive_messages()]})
    call(table.put_item, Item={"order_id": "order-1", "amount": 20, "tags": {"a", "b"}})
    call(table.put_item, Item={"order_id": "order-1", "amount": 20.5})
    call(table.put_item, Item={"order_id": "order-1"}, ConditionExpression=IS_ONE)
    call(table.get_item, Key={"order_id": "order-1"})
    call(table.update_item, Key={"order_id": "order-1"}, AttributeUpdates={"amount": {"Value": 3, "Action": "PUT"}})
    pages = lab.client("dynamodb").get_paginator("scan")
    call(lambda **_: {"pages": list(pages.paginate(TableName="payments", PaginationConfig={"PageSize": 1}))})


def errors_kept(lab, call):
    """An error that its receiver changes, met again."""
    dynamodb = payments(lab)
    for _ in range(3):
        try:
            dynamodb.get_item(TableName="refunds", Key=KEY)
        except ClientError as error:
            error.response["Error"].clear()
    call(dynamodb.get_item, TableName="refunds", Key=KEY)


OF_OTHERS = (*topics.PLAYERS, *calls_of_sns.PLAYERS, *streams.PLAYERS)
PLAYERS = (sending, receiving, looking, redriving, in_groups, other_accounts, items, many_items, *OF_OTHERS)
