"""Attributes of messages through both doors: their names, those of the system, and the MD5 that SDKs compare."""

from hashlib import md5
from struct import pack
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from werkzeug.test import Client, EnvironBuilder

from labkit.aws.served.application import application
from tests.aws.served.in_process import SIGNED, served
from tests.aws.sqs.labs import bodies, invalid, orders_queue, receive, receive_one

TRACE = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}


def text(value, kind="String"):
    return {"DataType": kind, "StringValue": value}


def documented_md5(attributes):
    """What AWS's guide says how to compute it (Amazon SQS message metadata), written again from its text."""
    buffer = b""
    for name in sorted(attributes):
        kind, value = attributes[name]["DataType"], attributes[name].get("StringValue")
        transport, raw = (2, attributes[name]["BinaryValue"]) if value is None else (1, value.encode("utf-8"))
        for part in (name.encode("utf-8"), kind.encode("utf-8")):
            buffer += pack("!I", len(part)) + part
        buffer += pack("!B", transport) + pack("!I", len(raw)) + raw
    return md5(buffer).hexdigest()


ATTRIBUTES = {
    "attr.1øßä": text("Größe"),
    "Zahl": text("20.50", "Number.price"),
    "scan": {"DataType": "Binary.png", "BinaryValue": b"\x00\xff"},
}


@pytest.mark.usefixtures("either_door")
def test_both_md5s_are_as_documented_in_send_batch_and_receive():
    with orders_queue() as (_, sqs, url):
        given = {"MessageBody": "order-1", "MessageAttributes": ATTRIBUTES, "MessageSystemAttributes": TRACE}
        plain = {"MessageBody": "order-2"}
        one = sqs.send_message(QueueUrl=url, **given)
        batch = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", **given}, {"Id": "b", **plain}])["Successful"]
        for answer in (one, batch[0]):
            assert answer["MD5OfMessageAttributes"] == documented_md5(ATTRIBUTES)
            assert answer["MD5OfMessageSystemAttributes"] == documented_md5(TRACE)
        for answer in (sqs.send_message(QueueUrl=url, **plain), batch[1]):
            assert not {"MD5OfMessageAttributes", "MD5OfMessageSystemAttributes"} & set(answer)
        sqs.purge_queue(QueueUrl=url)
        sqs.send_message(QueueUrl=url, **given)
        part = receive_one(sqs, url, MessageAttributeNames=["attr.*"], MessageSystemAttributeNames=["All"])
        assert part["MD5OfMessageAttributes"] == documented_md5({"attr.1øßä": ATTRIBUTES["attr.1øßä"]})
        assert part["Attributes"]["AWSTraceHeader"] == TRACE["AWSTraceHeader"]["StringValue"]


@pytest.mark.usefixtures("either_door")
@pytest.mark.parametrize(
    "system",
    [{"TraceHeader": text("Root=1")}, {"AWSTraceHeader": text("1", "Number")}, {"AWSTraceHeader": text("")},
     {"AWSTraceHeader": {"DataType": "Binary", "BinaryValue": b"1"}}, TRACE | {"SenderId": text("me")}],
)  # fmt: skip
def test_another_system_attribute_is_refused_and_nothing_is_sent(system):
    with orders_queue() as (_, sqs, url):
        given = {"MessageBody": "order-1", "MessageSystemAttributes": system}
        words = invalid(sqs.send_message, QueueUrl=url, **given)
        entries = [{"Id": "bad", **given}, {"Id": "good", "MessageBody": "order-2"}]
        batch = sqs.send_message_batch(QueueUrl=url, Entries=entries)
        assert [one["Id"] for one in batch["Successful"]] == ["good"]
        failed = {"Id": "bad", "SenderFault": True, "Code": "InvalidParameterValue", "Message": words}
        assert batch["Failed"] == [failed]
        assert bodies(receive(sqs, url)) == ["order-2"]


@pytest.mark.usefixtures("either_door")
def test_letters_of_any_script_are_taken_and_two_periods_in_a_row_are_not():
    with orders_queue() as (_, sqs, url):
        good = {"attr.1øßä": text("a"), "注文": text("b")}
        sqs.send_message(QueueUrl=url, MessageBody="order-1", MessageAttributes=good)
        assert receive_one(sqs, url, MessageAttributeNames=["All"])["MessageAttributes"] == good
        for name in ("two..periods", "a§b", 'a"b', "a?b", ".a", "a.", "aWs.a", "n" * 257):
            attributes = {name: text("a")}
            invalid(sqs.send_message, QueueUrl=url, MessageBody="order-2", MessageAttributes=attributes)
        assert receive(sqs, url) == []


def queried(http, **form):
    """The answer to a request in the query protocol, of older SDKs."""
    headers = {"Authorization": SIGNED.format("sqs"), "Host": "127.0.0.1"}
    request = EnvironBuilder("/", "http://127.0.0.1/", method="POST", headers=headers, data=urlencode(form),
                             content_type="application/x-www-form-urlencoded")  # fmt: skip
    answer = http.open(request)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return {one.tag.rpartition("}")[2]: one.text for one in ElementTree.fromstring(answer.get_data()).iter()}


def test_both_protocols_of_a_served_lab_answer_the_md5_of_system_attributes():
    value = TRACE["AWSTraceHeader"]["StringValue"]
    with served() as (lab, sqs):
        answer = sqs("SendMessage", QueueUrl=sqs.url, MessageBody="order-1", MessageSystemAttributes=TRACE)
        assert answer["MD5OfMessageSystemAttributes"] == documented_md5(TRACE)
        http = Client(application(lab))
        attribute = {
            "MessageSystemAttribute.1.Name": "AWSTraceHeader",
            "MessageSystemAttribute.1.Value.DataType": "String",
            "MessageSystemAttribute.1.Value.StringValue": value,
        }
        named = {"Action": "SendMessage", "Version": "2012-11-05", "QueueUrl": sqs.url}
        told = queried(http, **named, MessageBody="order-2", **attribute)
        assert told["MD5OfMessageSystemAttributes"] == documented_md5(TRACE)
        entry = {f"SendMessageBatchRequestEntry.1.{name}": one for name, one in attribute.items()}
        entry |= {"SendMessageBatchRequestEntry.1.Id": "a", "SendMessageBatchRequestEntry.1.MessageBody": "order-3"}
        told = queried(http, **(named | {"Action": "SendMessageBatch"}), **entry)
        assert told["MD5OfMessageSystemAttributes"] == documented_md5(TRACE)
        got = sqs("ReceiveMessage", QueueUrl=sqs.url, MaxNumberOfMessages=10, AttributeNames=["All"])
        assert [one["Attributes"]["AWSTraceHeader"] for one in got["Messages"]] == [value] * 3
