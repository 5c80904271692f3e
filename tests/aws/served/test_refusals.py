"""What AWS says of requests that its models do not allow: the code, the status and the words, in JSON and in forms.

The words are those of public reports and of AWS's documentation; `labkit/aws/served/refusals.py` names them.
"""

import json
import re
from contextlib import contextmanager

import pytest
from werkzeug.test import Client

from labkit.aws.served.application import application
from labkit.aws.served.lab import ServedLab
from tests.aws.served.in_process import SIGNED

JSON_1 = "application/x-amz-json-1.0"
FORM = "application/x-www-form-urlencoded"
TARGETS = {"sqs": "AmazonSQS", "dynamodb": "DynamoDB_20120810", "monitoring": "GraniteServiceVersion20100801"}
MUST = "The request must contain the parameter {}."
NULL = "Value null at '{}' failed to satisfy constraint: Member must not be null"
ORDERS = {"QueueUrl": "http://127.0.0.1/123456789012/orders"}


class Http:
    """A client that sends whatever it is told to."""

    def __init__(self, lab):
        self.lab, self.http = lab, Client(application(lab))

    def send(self, service, kind, data, target=None, **more):
        """Send a body; more are `path` and `method`."""
        headers = {"Host": "127.0.0.1", "User-Agent": "shop/1.0", "Authorization": SIGNED.format(service)}
        headers |= {} if target is None else {"X-Amz-Target": target}
        given = {"path": "/", "method": "POST"} | more
        return self.http.open(**given, base_url="http://127.0.0.1/", headers=headers, data=data, content_type=kind)

    def json(self, service, operation, given):
        """Call an operation in JSON; returns code, name of the shape, status and words."""
        answer = self.send(service, JSON_1, json.dumps(given), f"{TARGETS[service]}.{operation}")
        body = json.loads(answer.text)
        name = body["__type"].rpartition("#")[2]
        query = answer.headers.get("x-amzn-query-error", f"{name};").partition(";")[0]
        return query, name, answer.status_code, body.get("Message") or body["message"]

    def form(self, service, **given):
        """Send a form; returns code, status and words."""
        answer = self.send(service, FORM, given)
        code, words = (re.search(f"<{name}>(.*?)</{name}>", answer.text, re.S)[1] for name in ("Code", "Message"))
        return code, answer.status_code, words.replace("&apos;", "'")


@contextmanager
def http():
    """A served lab with a queue."""
    with ServedLab() as lab:
        client = Http(lab)
        client.send("sqs", FORM, {"Action": "CreateQueue", "QueueName": "orders"})
        yield client


@pytest.mark.parametrize(
    ("operation", "given", "name"),
    [
        ("DeleteMessage", ORDERS, "MessageHandle"),
        ("DeleteMessage", ORDERS | {"ReceiptHandle": None}, "MessageHandle"),
        ("SendMessage", ORDERS, "MessageBody"),
        ("SendMessage", {"MessageBody": "order-1"}, "QueueUrl"),
        ("ChangeMessageVisibility", ORDERS | {"ReceiptHandle": "x"}, "VisibilityTimeout"),
        ("SetQueueAttributes", ORDERS, "Attribute.Name"),
        ("AddPermission", ORDERS | {"Label": "a", "AWSAccountIds": ["1"]}, "Actions"),
        ("TagQueue", ORDERS, "Tags"),
        ("GetQueueUrl", {}, "QueueName"),
        ("DeleteMessageBatch", ORDERS | {"Entries": [{"ReceiptHandle": "x"}]}, "DeleteMessageBatchRequestEntry.1.Id"),
        ("SendMessageBatch", ORDERS, "SendMessageBatchRequestEntry.1.Id"),
        ("SendMessageBatch", ORDERS | {"Entries": [{"Id": "a", "MessageBody": "b"}, {"Id": "c"}]},
         "SendMessageBatchRequestEntry.2.MessageBody"),
        ("StartMessageMoveTask", {}, "SourceArn"),
    ],
)  # fmt: skip
def test_sqs_names_the_parameter_that_is_missing(operation, given, name):
    with http() as client:
        words = MUST.format(name)
        missing = ("MissingParameter", "MissingRequiredParameterException", 400, words)
        assert client.json("sqs", operation, given) == missing
        call = client.lab.history.calls()[-1]
        assert (call.operation, call.error) == (operation, "MissingParameter")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"DelaySeconds": "5"}, "STRING_VALUE can not be converted to an Integer"),
        ({"DelaySeconds": True}, "TRUE_VALUE can not be converted to an Integer"),
        ({"DelaySeconds": [5]}, "Start of list found where not expected"),
        ({"MessageBody": 7}, "NUMBER_VALUE can not be converted to a String"),
        ({"MessageBody": {"a": 1}}, "Start of structure or map found where not expected."),
        ({"MessageAttributes": "a"}, "Expected map or null"),
        ({"MessageAttributes": {"a": 5}}, "Expected null"),
        ({"MessageAttributes": {"a": {"DataType": "Binary", "BinaryValue": "no base 64"}}},
         "A binary value must be encoded in Base64."),
        ({"MessageAttributes": {"a": {"DataType": "String", "StringListValues": "a"}}}, "Expected list or null"),
    ],
)  # fmt: skip
def test_sqs_says_which_kind_of_value_it_cannot_convert(given, words):
    with http() as client:
        refused = ("SerializationException", "SerializationException", 400, words)
        assert client.json("sqs", "SendMessage", ORDERS | {"MessageBody": "order-1"} | given) == refused
        assert list(client.lab.history.changes()) == []


@pytest.mark.parametrize(
    "body", ["{", "[]", "null", '"a"', "7", '{"DelaySeconds": NaN}', '{"a": 1e999}x', "[" * 100_000, b"\xff{}"]
)
def test_a_body_that_is_no_json_object_is_refused(body):
    with http() as client:
        answer = client.send("sqs", JSON_1, body, "AmazonSQS.ListQueues")
        name = json.loads(answer.text)["__type"].rpartition("#")[2]
        assert (answer.status_code, name) == (400, "SerializationException")


def test_numbers_that_are_none_are_refused_and_fractions_are_cut_off():
    with http() as client:
        sent = ORDERS | {"MessageBody": "order-1"}
        infinite = json.dumps(sent)[:-1] + ', "DelaySeconds": 1e999}'
        assert client.send("sqs", JSON_1, infinite, "AmazonSQS.SendMessage").status_code == 400
        whole = json.dumps(sent | {"DelaySeconds": 1.9})
        assert client.send("sqs", JSON_1, whole, "AmazonSQS.SendMessage").status_code == 200


def test_null_is_as_good_as_nothing():
    with http() as client:
        entry = {"Id": "a", "MessageBody": "order-1", "DelaySeconds": None}
        given = {**ORDERS, "Entries": [None, entry], "Unknown": 7}
        answer = client.send("sqs", JSON_1, json.dumps(given), "AmazonSQS.SendMessageBatch")
        assert [one["Id"] for one in json.loads(answer.text)["Successful"]] == ["a"]
        given = {"QueueName": "refunds", "Attributes": {"DelaySeconds": None, "VisibilityTimeout": "7"}}
        assert client.send("sqs", JSON_1, json.dumps(given), "AmazonSQS.CreateQueue").status_code == 200


def test_an_action_that_is_not_there():
    with http() as client:
        words = "The action EatMessage is not valid for this endpoint."
        assert client.form("sqs", Action="EatMessage") == ("InvalidAction", 400, words)
        told = ("InvalidAction", "UnknownOperationException", 400, words)
        assert client.json("sqs", "EatMessage", {}) == told
        assert client.json("dynamodb", "EatItem", {})[1:3] == ("UnknownOperationException", 400)
        words = "Could not find operation EatGroup for version 2011-01-01"
        assert client.form("autoscaling", Action="EatGroup") == ("InvalidAction", 400, words)
        calls = [(call.operation, call.error) for call in client.lab.history.calls()[1:]]
        assert calls == [("EatMessage", "InvalidAction")] * 2 + [
            ("EatItem", "InvalidAction"),
            ("EatGroup", "InvalidAction"),
        ]


@pytest.mark.parametrize("service", ["sqs", "dynamodb", "monitoring", "autoscaling"])
def test_no_action_at_all(service):
    with http() as client:
        code, status, words = client.form(service, MessageBody="order-1")
        assert (code, status, words) == ("MissingAction", 400, MUST.format("Action"))
        for target in (None, "", "AmazonSQS", "DynamoDB", "DynamoDB."):
            assert client.send(service, JSON_1, "{}", target).status_code == 400, target


def test_a_path_that_is_no_operation():
    with http() as client:
        answer = client.send("mq", "application/json", "{}", path="/v1/brokers", method="DELETE")
        assert (answer.status_code, json.loads(answer.text)["__type"]) == (404, "UnknownOperationException")


def test_dynamodb_words_what_is_missing_and_what_is_of_another_type():
    with http() as client:

        def words(operation, given):
            return client.json("dynamodb", operation, given)[1:]

        invalid, unreadable = ("ValidationException", 400), ("SerializationException", 400)
        missing = "The parameter 'TableName' is required but was not present in the request"
        assert words("PutItem", {"Item": {}}) == (*invalid, missing)
        assert words("PutItem", {"TableName": "a"}) == (*invalid, f"1 validation error detected: {NULL.format('item')}")
        given = {"TableName": "a", "Key": {"id": {"S": 7}}}
        assert words("GetItem", given) == (*unreadable, "NUMBER_VALUE cannot be converted to String")
        given = {"TableName": "a", "Key": {"id": {"B": 7}}}
        assert words("GetItem", given) == (*unreadable, "only base-64-encoded strings are convertible to bytes")
        given = {"TableName": "a", "Limit": "7"}
        assert words("Scan", given) == (*unreadable, "STRING_VALUE cannot be converted to Integer")
        least = "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"
        assert words("Scan", {"TableName": "a", "Limit": 0}) == (*invalid, f"1 validation error detected: {least}")
        given = {"RequestItems": {"orders": {}}}
        path = "requestItems.orders.member.keys"
        assert words("BatchGetItem", given) == (*invalid, f"1 validation error detected: {NULL.format(path)}")


def test_cloudwatch_names_everything_that_is_missing():
    with http() as client:
        data = {f"MetricData.member.1.Dimensions.member.{n}.Name": "queue" for n in (1, 2)}
        form = {"Action": "PutMetricData", "Namespace": "shop", "MetricData.member.1.MetricName": "orders"}
        paths = [f"MetricData.member.1.Dimensions.member.{n}.Value" for n in (1, 2)]
        words = "\n".join(f"The parameter {path} is required." for path in paths)
        assert client.form("monitoring", **form, **data) == ("MissingParameter", 400, words)
        told = client.json("monitoring", "DeleteAlarms", {})
        assert told == (
            "MissingParameter",
            "MissingRequiredParameterException",
            400,
            "The parameter AlarmNames is required.",
        )
        form = {"Action": "GetMetricStatistics", "StartTime": "2018-10-09 at noon"}
        assert client.form("monitoring", **form) == ("MalformedInput", 400, "timestamp must follow ISO8601")


def test_auto_scaling_and_amazon_mq_word_it_as_the_framework_does():
    with http() as client:
        words = f"2 validation errors detected: {'; '.join(map(NULL.format, ('autoScalingGroupName', 'policyName')))}"
        assert client.form("autoscaling", Action="PutScalingPolicy") == ("ValidationError", 400, words)
        answer = client.send("mq", "application/json", '{"brokerName": "orders"}', path="/v1/brokers")
        told = json.loads(answer.text)
        assert (answer.status_code, told["__type"], told["errorAttribute"]) == (
            400,
            "BadRequestException",
            "hostInstanceType",
        )
        assert NULL.format("deploymentMode") in told["message"]


def test_what_the_models_allow_and_aws_does_not():
    with http() as client:
        times = {"StartTime": 1767225600, "EndTime": 1767229200}
        told = client.json("monitoring", "GetMetricData", {"MetricDataQueries": [], **times})
        assert told[2:] == (400, "The parameter MetricDataQueries is required.")
        told = client.json("dynamodb", "TransactWriteItems", {"TransactItems": [{}]})
        assert told[1:3] == ("ValidationException", 400)
