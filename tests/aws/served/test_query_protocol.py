"""The query protocol, which programs of before 2024 speak: its lists and maps, its answers and its errors in XML."""

import json
import re
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from werkzeug.test import Client

from labkit.aws.served.application import application
from labkit.aws.served.lab import ServedLab
from tests.aws.served.in_process import SIGNED

SIGNATURE = {"Host": "127.0.0.1", "Authorization": SIGNED.format("sqs")}


class Form:
    """A client that sends forms as given, and reads out of XML what it is asked for."""

    def __init__(self, http):
        self.http, self.answer = http, None

    def __call__(self, action, path="/", account=None, **given):
        """Call an action; the answer's text, with names such as `AttributeName_1` for `AttributeName.1`."""
        form = {"Action": action, **{name.replace("_", "."): one for name, one in given.items()}}
        headers = SIGNATURE | ({} if account is None else {"x-moto-account-id": account})
        self.answer = self.http.post(path, base_url="http://127.0.0.1/", headers=headers, data=form)
        return self.answer.text

    def refused(self, *args, **given):
        """The code and status of a call that is refused."""
        text = self(*args, **given)
        assert (text[:14], self.answer.mimetype) == ("<ErrorResponse", "text/xml"), text
        return re.search("<Code>(.*)</Code>", text)[1], self.answer.status_code

    def values(self, name):
        """All values of elements of this name in the last answer."""
        return re.findall(f"<{name}>([^<]*)</{name}>", self.answer.text)


@contextmanager
def orders(**attributes):
    """A client and the URL of a queue."""
    with ServedLab() as lab:
        form = Form(Client(application(lab)))
        numbered = {f"Attribute_{n}_{part}": one for n, pair in enumerate(attributes.items(), 1)
                    for part, one in zip(("Name", "Value"), pair, strict=True)}  # fmt: skip
        name = "orders.fifo" if "FifoQueue" in attributes else "orders"
        form("CreateQueue", QueueName=name, **numbered)
        yield form, form.values("QueueUrl")[0]


def test_refusals_are_told_in_xml_with_their_code_and_status():
    with orders() as (form, url):
        message = {"QueueUrl": url, "MessageBody": "order-1"}
        assert form.refused("SendMessage", **message, DelaySeconds="901") == ("InvalidParameterValue", 400)
        assert form.refused("SendMessage", account="222222222222", **message) == ("AccessDenied", 403)
        assert form.refused("DeleteMessage", QueueUrl=url, ReceiptHandle="x") == ("ReceiptHandleIsInvalid", 404)
        assert form.refused("ReceiveMessage", QueueUrl=url, MaxNumberOfMessages="11") == ("InvalidParameterValue", 400)
        code = "AWS.SimpleQueueService.NonExistentQueue"
        assert form.refused("SendMessage", QueueUrl=url + "-2", MessageBody="a") == (code, 400)
        assert form.values("Message") == ["The specified queue does not exist for this wsdl version."]
        assert form.refused("SetQueueAttributes", QueueUrl=url) == ("MissingParameter", 400)
        assert form.refused("ReceiveMessage", QueueUrl=url, MaxNumberOfMessages="ten") == ("MalformedInput", 400)


def test_the_refusals_of_fifo_queues_and_of_deduplication():
    with orders(FifoQueue="true") as (form, url):
        assert form.refused("SendMessage", QueueUrl=url, MessageBody="a") == ("MissingParameter", 400)
        given = {"QueueUrl": url, "MessageBody": "a", "MessageGroupId": "Ann"}
        assert form.refused("SendMessage", **given) == ("InvalidParameterValue", 400)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ({"AttributeName_1": "All"}, 2),
        ({"AttributeName": "All"}, 2),
        ({"AttributeName_1": "VisibilityTimeout", "AttributeName_2": "DelaySeconds"}, 2),
        ({"AttributeName_2": "VisibilityTimeout", "AttributeName_7": "DelaySeconds"}, 2),
        ({"AttributeName_10": "VisibilityTimeout", "AttributeName_9": "DelaySeconds"}, 2),
        ({"AttributeName": "VisibilityTimeout"}, 1),
        ({"AttributeName_1": "VisibilityTimeout"}, 1),
        ({}, 0),
    ],
)
def test_a_list_is_read_numbered_or_not(names, found):
    with orders(VisibilityTimeout="7", DelaySeconds="3") as (form, url):
        form("GetQueueAttributes", QueueUrl=url, **names)
        told = dict(zip(form.values("Name"), form.values("Value"), strict=True))
        wanted = {"VisibilityTimeout": "7", "DelaySeconds": "3"}
        assert len(told.items() & wanted.items()) == found


def test_several_of_one_name_are_a_list():
    with orders(VisibilityTimeout="7", DelaySeconds="3") as (form, url):
        form("GetQueueAttributes", QueueUrl=url, AttributeName=["VisibilityTimeout", "DelaySeconds"])
        assert form.values("Value") == ["7", "3"]


def test_names_of_message_attributes_are_read_numbered_or_not():
    with orders(VisibilityTimeout="0") as (form, url):
        kind = {"Name": "kind", "Value_DataType": "String", "Value_StringValue": "book"}
        form(
            "SendMessage", QueueUrl=url, MessageBody="a", **{f"MessageAttribute_1_{n}": one for n, one in kind.items()}
        )
        for names in ({"MessageAttributeName": "All", "AttributeName": "All"},
                      {"MessageAttributeName_1": "kind", "MessageSystemAttributeName_1": "SentTimestamp"}):  # fmt: skip
            form("ReceiveMessage", QueueUrl=url, **names)
            assert (form.values("StringValue"), "SentTimestamp" in form.values("Name")) == (["book"], True)


def test_a_map_is_read_numbered_or_not():
    """AWS's own example of SetQueueAttributes has no number."""
    with orders() as (form, url):
        form("SetQueueAttributes", QueueUrl=url, Attribute_Name="VisibilityTimeout", Attribute_Value="35")
        form("SetQueueAttributes", QueueUrl=url, Attribute_3_Name="DelaySeconds", Attribute_3_Value="4")
        names = ("VisibilityTimeout", "DelaySeconds")
        form("GetQueueAttributes", QueueUrl=url, **{f"AttributeName_{n}": one for n, one in enumerate(names)})
        assert form.values("Value") == ["35", "4"]
        assert form.refused("SetQueueAttributes", QueueUrl=url, Attribute_1_Name="DelaySeconds") == (
            "MissingParameter",
            400,
        )
        assert form.values("Message") == ["The request must contain the parameter Attribute.1.Value."]


def test_move_tasks_are_answered_in_the_names_of_the_query_protocol():
    with orders() as (form, url):
        form("GetQueueAttributes", QueueUrl=url, AttributeName="QueueArn")
        arn = form.values("Value")[0]
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
        source = {"Attribute_1_Name": "RedrivePolicy", "Attribute_1_Value": policy}
        form("CreateQueue", QueueName="source", **source)
        form("SendMessage", QueueUrl=url, MessageBody="order-1")
        form("StartMessageMoveTask", SourceArn=arn, MaxNumberOfMessagesPerSecond="1")
        handle = re.search(
            "<StartMessageMoveTaskResponse.*?><StartMessageMoveTaskResult><TaskHandle>(.*?)</TaskHandle>",
            form.answer.text,
        )[1]
        text = form("ListMessageMoveTasks", SourceArn=arn)
        assert "<ListMessageMoveTasksResult><ListMessageMoveTasksResultEntry>" in text
        assert (form.values("Status"), form.values("TaskHandle")) == (["RUNNING"], [handle])
        text = form("CancelMessageMoveTask", TaskHandle=handle)
        assert "<CancelMessageMoveTaskResult><ApproximateNumberOfMessagesMoved>" in text


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_request_to_the_queues_own_address_need_not_name_it(slash):
    with orders() as (form, url):
        path = url.removeprefix("http://127.0.0.1") + slash
        assert "<MessageId>" in form("SendMessage", path, MessageBody="order-1")
        form("ReceiveMessage", path, AttributeName="All")
        assert form.values("Body") == ["order-1"]
        form("DeleteMessage", path, ReceiptHandle=form.values("ReceiptHandle")[0])
        assert form.answer.status_code == 200
        form("SetQueueAttributes", path, Attribute_Name="DelaySeconds", Attribute_Value="4")
        form("GetQueueAttributes", path, AttributeName="DelaySeconds")
        assert form.values("Value") == ["4"]
        assert form.refused("SendMessage", MessageBody="order-1") == ("MissingParameter", 400)


def test_a_get_speaks_the_query_protocol_too():
    with orders() as (form, url):
        path = url.removeprefix("http://127.0.0.1")
        query = urlencode({"Action": "SendMessage", "MessageBody": "order-1"})
        answer = form.http.get(f"{path}?{query}", base_url="http://127.0.0.1/", headers=SIGNATURE)
        assert (answer.status_code, answer.mimetype) == (200, "text/xml")
        form("ReceiveMessage", path)
        assert form.values("Body") == ["order-1"]


@pytest.mark.parametrize("kind", ["application/x-amz-json-1.0", "application/x-amz-json-1.0; charset=utf-8",
                                  "application/json", "application/x-amz-json-1.1"])  # fmt: skip
def test_json_is_json_however_its_type_is_written(kind):
    with orders() as (form, _):
        headers = SIGNATURE | {"X-Amz-Target": "AmazonSQS.ListQueues"}
        answer = form.http.post("/", headers=headers, data="{}", content_type=kind)
        assert (answer.status_code, len(json.loads(answer.text)["QueueUrls"])) == (200, 1)


def test_a_batch_entry_without_a_timeout_fails_alone():
    with orders() as (form, url):
        form("SendMessage", QueueUrl=url, MessageBody="order-1")
        form("ReceiveMessage", QueueUrl=url)
        handle = form.values("ReceiptHandle")[0]
        entries = [{"Id": "a", "ReceiptHandle": handle, "VisibilityTimeout": "0"}, {"Id": "b", "ReceiptHandle": handle}]
        given = {
            f"ChangeMessageVisibilityBatchRequestEntry_{n}_{part}": one
            for n, entry in enumerate(entries, 1)
            for part, one in entry.items()
        }
        form("ChangeMessageVisibilityBatch", QueueUrl=url, **given)
        assert (form.values("Id"), form.values("Code")) == (["a", "b"], ["MissingParameter"])
