"""Rows about messages: sizes, characters, attributes, batches."""

import pytest
from moto.sqs.models import Message as MockMessage

from tests.aws.sqs.labs import bodies, invalid, orders_queue, receive, receive_one, refused

MIB = 1_048_576
TOO_LARGE = "Reason: Message must be shorter than 1048576 bytes."
ILLEGAL = (
    "Invalid binary character '#x1' was found in the message body, the set of allowed characters is "
    "#x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]."
)
BATCH = "AWS.SimpleQueueService."


def text(value, kind="String"):
    return {"DataType": kind, "StringValue": value}


def send(sqs, url, body="order-1", **parameters):
    return sqs.send_message(QueueUrl=url, MessageBody=body, **parameters)


def send_batch(sqs, url, *entries):
    """SendMessageBatch of entries with ids 0, 1, 2 ..."""
    numbered = [{"Id": str(place), "MessageBody": "order"} | entry for place, entry in enumerate(entries)]
    return sqs.send_message_batch(QueueUrl=url, Entries=numbered)


def test_row_09_one_mebibyte_is_accepted_and_a_byte_more_is_not():
    with orders_queue() as (_, sqs, url):
        send(sqs, url, "x" * MIB)
        expected = f"One or more parameters are invalid. {TOO_LARGE}"
        assert invalid(send, sqs=sqs, url=url, body="x" * (MIB + 1)) == expected


def test_row_09_letters_of_two_bytes_count_twice():
    with orders_queue() as (_, sqs, url):
        send(sqs, url, "é" * (MIB // 2))
        assert TOO_LARGE in invalid(send, sqs=sqs, url=url, body="é" * (MIB // 2 + 1))


def test_row_09_names_types_and_values_of_attributes_count():
    with orders_queue() as (_, sqs, url):
        attributes = {"kind": text("book")}
        send(sqs, url, "x" * (MIB - 14), MessageAttributes=attributes)
        assert TOO_LARGE in invalid(send, sqs=sqs, url=url, body="x" * (MIB - 13), MessageAttributes=attributes)


def test_row_09_the_queues_own_limit_holds():
    with orders_queue({"MaximumMessageSize": "1024"}) as (_, sqs, url):
        send(sqs, url, "x" * 1024)
        assert invalid(send, sqs=sqs, url=url, body="x" * 1025).endswith("shorter than 1024 bytes.")


def test_row_10_an_empty_body_and_a_character_outside_xmls_set_are_refused():
    with orders_queue() as (_, sqs, url):
        missing = ("MissingParameter", "The request must contain the parameter MessageBody.", 400)
        assert refused(send, sqs=sqs, url=url, body="") == missing
        assert refused(send, sqs=sqs, url=url, body="a\x01b") == ("InvalidMessageContents", ILLEGAL, 400)
        assert receive(sqs, url) == []


def test_row_11_a_delay_outside_0_to_900_s_is_refused():
    with orders_queue() as (_, sqs, url):
        for seconds in (-1, 901):
            assert invalid(send, sqs=sqs, url=url, DelaySeconds=seconds) == (
                f"Value {seconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."
            )


def test_row_25_bad_entries_fail_alone_and_the_others_are_sent():
    with orders_queue({"MaximumMessageSize": "1024"}) as (_, sqs, url):
        answer = send_batch(
            sqs, url, {}, {"MessageBody": "x" * 1025}, {"MessageBody": "\x01"}, {"MessageBody": ""},
            {"DelaySeconds": 1800}, {"MessageAttributes": {"Age": text("abc", "Number")}},
        )  # fmt: skip
        assert [entry["Id"] for entry in answer["Successful"]] == ["0"]
        assert [(entry["Id"], entry["Code"], entry["SenderFault"]) for entry in answer["Failed"]] == [
            ("1", "InvalidParameterValue", True),
            ("2", "InvalidMessageContents", True),
            ("3", "EmptyValue", True),
            ("4", "InvalidParameterValue", True),
            ("5", "InvalidParameterValue", True),
        ]
        assert answer["Failed"][0]["Message"] == (
            "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes."
        )
        assert answer["Failed"][3]["Message"] == (
            "Value 1800 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."
        )
        assert bodies(receive(sqs, url)) == ["order"]


def test_row_25_a_batch_of_deletes_and_changes_fails_entry_by_entry():
    with orders_queue() as (_, sqs, url):
        send(sqs, url)
        handle = receive_one(sqs, url)["ReceiptHandle"]
        entries = [{"Id": "good", "ReceiptHandle": handle}, {"Id": "bad", "ReceiptHandle": "x"}]
        timed = [entry | {"VisibilityTimeout": 5} for entry in entries]
        failed = {
            "Id": "bad",
            "SenderFault": True,
            "Code": "ReceiptHandleIsInvalid",
            "Message": 'The input receipt handle "x" is not a valid receipt handle.',
        }
        for answer in (
            sqs.change_message_visibility_batch(QueueUrl=url, Entries=timed),
            sqs.delete_message_batch(QueueUrl=url, Entries=entries),
        ):
            assert answer["Successful"] == [{"Id": "good"}]
            assert answer["Failed"] == [failed]


def test_row_26_an_answer_has_no_key_for_an_empty_list():
    with orders_queue() as (_, sqs, url):
        assert set(send_batch(sqs, url, {})) == {"Successful", "ResponseMetadata"}
        assert set(send_batch(sqs, url, {"MessageBody": ""})) == {"Failed", "ResponseMetadata"}
        sqs.purge_queue(QueueUrl=url)
        assert set(sqs.receive_message(QueueUrl=url)) == {"ResponseMetadata"}


def batches(sqs, url, ids):
    """The three batch calls with these entry ids."""
    handles = [{"Id": one, "ReceiptHandle": "x"} for one in ids]
    timed = [entry | {"VisibilityTimeout": 5} for entry in handles]
    yield sqs.send_message_batch, {"QueueUrl": url, "Entries": [{"Id": one, "MessageBody": "order"} for one in ids]}
    yield sqs.delete_message_batch, {"QueueUrl": url, "Entries": handles}
    yield sqs.change_message_visibility_batch, {"QueueUrl": url, "Entries": timed}


@pytest.mark.parametrize(
    ("ids", "code", "message"),
    [
        ([str(one) for one in range(11)], "TooManyEntriesInBatchRequest",
         "Maximum number of entries per request are 10. You have sent 11."),
        (["a", "b", "a"], "BatchEntryIdsNotDistinct", "Id a repeated."),
        (["a b"], "InvalidBatchEntryId",
         "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
         "It can be at most 80 letters long."),
        (["a" * 81], "InvalidBatchEntryId",
         "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
         "It can be at most 80 letters long."),
    ],
)  # fmt: skip
def test_row_27_a_batch_that_is_too_large_or_has_bad_ids_is_refused_as_a_whole(ids, code, message):
    with orders_queue() as (_, sqs, url):
        for method, parameters in batches(sqs, url, ids):
            assert refused(method, **parameters) == (BATCH + code, message, 400)
        assert receive(sqs, url) == []


def test_row_27_a_batch_without_entries_is_refused():
    names = (
        "SendMessageBatchRequestEntry",
        "DeleteMessageBatchRequestEntry",
        "ChangeMessageVisibilityBatchRequestEntry",
    )
    with orders_queue() as (_, sqs, url):
        for (method, parameters), name in zip(batches(sqs, url, []), names, strict=True):
            expected = f"There should be at least one {name} in the request."
            assert refused(method, **parameters) == (BATCH + "EmptyBatchRequest", expected, 400)


def test_row_27_a_batch_of_more_than_one_mebibyte_is_refused_as_a_whole():
    with orders_queue() as (_, sqs, url):
        half = {"MessageBody": "x" * (MIB // 2)}
        more = {"MessageBody": "x" * (MIB // 2 + 1)}
        code, message, _ = refused(lambda **_: send_batch(sqs, url, half, more))
        assert code == BATCH + "BatchRequestTooLong"
        assert message == "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes."
        assert "Failed" not in send_batch(sqs, url, half, half)


def test_row_28_attributes_come_back_as_asked_for():
    attributes = {"Hello": text("x"), "Help": text("1", "Number"), "Photo": {"DataType": "Binary", "BinaryValue": b"1"}}
    wanted = {
        (): set(), ("All",): set(attributes), (".*",): set(attributes), ("*",): set(attributes),
        ("Hel.*",): {"Hello", "Help"}, ("Photo", "Nope"): {"Photo"}, ("Nope", "no good!"): set(),
    }  # fmt: skip
    with orders_queue() as (_, sqs, url):
        send(sqs, url, MessageAttributes=attributes)
        for names, expected in wanted.items():
            message = receive_one(sqs, url, MessageAttributeNames=list(names), VisibilityTimeout=0)
            assert set(message.get("MessageAttributes", {})) == expected
            assert ("MD5OfMessageAttributes" in message) == bool(expected)
            for name in expected:
                assert message["MessageAttributes"][name] == attributes[name]


def test_row_28_md5s_are_those_that_moto_and_the_sdks_compute():
    attributes = {"kind": text("book"), "Age": text("7", "Number")}
    mock = MockMessage("x", "order-1")
    mock.message_attributes = attributes
    with orders_queue() as (_, sqs, url):
        sent = send(sqs, url, MessageAttributes=attributes)
        got = receive_one(sqs, url, MessageAttributeNames=["All"])
        assert sent["MD5OfMessageBody"] == got["MD5OfBody"] == mock.body_md5
        assert sent["MD5OfMessageAttributes"] == got["MD5OfMessageAttributes"] == mock.attribute_md5


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({f"name-{one}": text("x") for one in range(11)},
         "Number of message attributes [11] exceeds the allowed maximum [10]."),
        ({"Age": text("abc", "Number")}, "Can't cast the value of message (user) attribute 'Age' to a number."),
        ({"Age": text("")}, "Message (user) attribute 'Age' must contain a non-empty value of type 'String'."),
        ({"Age": {"DataType": "String"}},
         "The message attribute 'Age' must contain non-empty message attribute value."),
        ({"Age": text("x", "Text")},
         "The type of message (user) attribute 'Age' is invalid. "
         "You must use only the following supported type prefixes: Binary, Number, String."),
        ({"AWS.x": text("x")},
         "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for "
         "internal use. Additionally, they cannot start or end with '.'."),
    ],
)  # fmt: skip
def test_row_28_attributes_that_aws_does_not_take_are_refused(attributes, message):
    with orders_queue() as (_, sqs, url):
        assert invalid(send, sqs=sqs, url=url, MessageAttributes=attributes) == message


def test_row_28_system_attributes_come_back_by_name_and_the_newer_parameter_wins():
    trace = {"AWSTraceHeader": text("Root=1-5759e988-bd862e3fe1be46a994272793")}
    with orders_queue() as (_, sqs, url):
        send(sqs, url, MessageSystemAttributes=trace, MessageGroupId="tenant-1")
        both = {"AttributeNames": ["SenderId"], "MessageSystemAttributeNames": ["AWSTraceHeader", "MessageGroupId"]}
        assert receive_one(sqs, url, **both, VisibilityTimeout=0)["Attributes"] == {
            "AWSTraceHeader": trace["AWSTraceHeader"]["StringValue"],
            "MessageGroupId": "tenant-1",
        }
        every = receive_one(sqs, url, AttributeNames=["All"])["Attributes"]
        assert set(every) == {
            "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp",
            "MessageGroupId", "AWSTraceHeader",
        }  # fmt: skip
