"""What a topic takes and what it refuses, in AWS's words where they were recorded (public cases n01, n02, n16)."""

import pytest

WRONG = "Invalid parameter: "
STRING = {"DataType": "String", "StringValue": "book"}


@pytest.mark.parametrize("subject", ["x", "x" * 100, "Order 7 was paid!"])
def test_a_subject_of_up_to_100_characters_is_taken(sns, topic, subject):
    assert set(sns.publish(TopicArn=topic, Message="order-1", Subject=subject)) == {"MessageId", "ResponseMetadata"}


@pytest.mark.parametrize("subject", ["", "x" * 101, "two\nlines", " begins with a blank", "für"])
def test_row_57_other_subjects_are_refused(sns, topic, refused, subject):
    answer = refused(sns.publish, TopicArn=topic, Message="order-1", Subject=subject)
    assert answer == ("InvalidParameter", WRONG + "Subject")


REFUSED = {
    "empty": ({"Message": ""}, "Empty message"),
    "too long": ({"Message": "x" * 262_145}, "Message too long"),
    "too long in bytes": ({"Message": "é" * 131_073}, "Message too long"),
    "too long with its attributes": (
        {"Message": "x" * 262_140, "MessageAttributes": {"kind": STRING}}, "Message too long",
    ),
    "no JSON": (
        {"Message": "order-1", "MessageStructure": "json"}, "Message Structure - JSON message body failed to parse",
    ),
    "a list": ({"Message": "[]", "MessageStructure": "json"}, "Message Structure - JSON message body failed to parse"),
    "no default": (
        {"Message": '{"sqs": "a"}', "MessageStructure": "json"},
        "Message Structure - No default entry in JSON message body",
    ),
    "a number as default": (
        {"Message": '{"default": 1}', "MessageStructure": "json"},
        "Message Structure - No default entry in JSON message body",
    ),
    "a deduplication id": (
        {"Message": "order-1", "MessageDeduplicationId": "once"},
        "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for "
        "this topic type",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_row_57_a_message_that_sns_does_not_take_reaches_nobody(sns, topic, queues, refused, case):
    parameters, reason = REFUSED[case]
    queues.subscribe(topic, "payments")
    assert refused(sns.publish, TopicArn=topic, **parameters) == ("InvalidParameter", WRONG + reason)
    assert queues.messages("payments") == []


ATTRIBUTES = {
    "attr1": ({"DataType": "String", "StringValue": ""}, "The message attribute 'attr1' must contain non-empty message "
              "attribute value for message attribute type 'String'."),
    "attr2": ({"DataType": "Binary", "StringValue": "a"}, "The message attribute 'attr2' with type 'Binary' must use "
              "field 'Binary'."),
    "attr3": ({"DataType": "Stringprefixed", "StringValue": "a"}, "The message attribute 'attr3' has an invalid "
              "message attribute type, the set of supported type prefixes is Binary, Number, and String."),
    "attr4": ({"DataType": "Number", "StringValue": "seven"}, "Could not cast message attribute 'attr4' value to "
              "number."),
    "a^b": (STRING, "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only "
            "include alphanumeric characters, hyphens, underscores, or dots."),
    ".a": (STRING, "Invalid message attribute name starting with character '.' was found."),
    "a.": (STRING, "Invalid message attribute name ending with character '.' was found."),
    "a..b": (STRING, "Message attribute name can not have successive '.' character."),
    "n" * 257: (STRING, "Length of message attribute name must be less than 256 bytes."),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTRIBUTES, ids=lambda name: name[:5])
def test_message_attributes_are_refused_in_awss_words(sns, topic, refused, name):
    attribute, sentence = ATTRIBUTES[name]
    for method, given in (
        (sns.publish, {"Message": "order-1", "MessageAttributes": {name: attribute}}),
        (sns.publish_batch, {"PublishBatchRequestEntries": [
            {"Id": "1", "Message": "order-1", "MessageAttributes": {name: attribute}}]}),
    ):  # fmt: skip
        assert refused(method, TopicArn=topic, **given) == ("ParameterValueInvalid", sentence)


@pytest.mark.parametrize("kind", ["String", "String.Array", "Number", "Number.int"])
def test_a_type_may_have_a_label(sns, topic, kind):
    given = {"kind": {"DataType": kind, "StringValue": "1"}}
    assert sns.publish(TopicArn=topic, Message="order-1", MessageAttributes=given)["MessageId"]


@pytest.mark.parametrize(
    ("arn", "reason"),
    [
        ("randomstring", "TopicArn Reason: An ARN must have at least 6 elements, not 1"),
        ("randomstring:1", "TopicArn Reason: An ARN must have at least 6 elements, not 2"),
        ("", "TopicArn Reason: An ARN must have at least 6 elements, not 1"),
        ("arn:aws:sns:eu-west-1:123456789012:orders", "TopicArn"),
    ],
)
def test_row_59_what_is_no_arn_of_a_topic_here_is_refused(sns, refused, arn, reason):
    assert refused(sns.publish, TopicArn=arn, Message="order-1") == ("InvalidParameter", WRONG + reason)


def test_row_59_there_must_be_a_topic(sns, topic, refused):
    absent = topic.replace("orders", "oders")
    for method, given in (
        (sns.publish, {"Message": "order-1"}),
        (sns.publish_batch, {"PublishBatchRequestEntries": [{"Id": "1", "Message": "order-1"}]}),
        (sns.get_topic_attributes, {}),
        (sns.subscribe, {"Protocol": "sqs", "Endpoint": absent}),
    ):
        assert refused(method, TopicArn=absent, **given) == ("NotFound", "Topic does not exist")
    assert refused(sns.publish, Message="order-1")[0] == "InvalidParameter"


def test_a_topic_is_also_a_target(sns, topic, queues):
    queues.subscribe(topic, "payments", RawMessageDelivery="true")
    sns.publish(TargetArn=topic, Message="order-1")
    assert queues.bodies("payments") == ["order-1"]


def test_a_batch_is_refused_whole_for_the_form_of_one_entry(sns, topic, queues, refused):
    queues.subscribe(topic, "payments")
    sound = {"Id": "1", "Message": "order-1"}
    cases = {
        "TooManyEntriesInBatchRequest": [sound | {"Id": str(number)} for number in range(11)],
        "BatchEntryIdsNotDistinct": [sound, sound],
        "EmptyBatchRequest": [],
        "InvalidBatchEntryId": [sound | {"Id": "a b"}],
        "InvalidParameter": [sound, {"Id": "2", "Message": ""}],
        "BatchRequestTooLong": [sound | {"Id": str(number), "Message": "x" * 131_000} for number in range(3)],
    }
    for code, entries in cases.items():
        assert refused(sns.publish_batch, TopicArn=topic, PublishBatchRequestEntries=entries)[0] == code
    assert queues.messages("payments") == []


def test_a_batch_answers_each_entry(sns, topic, queues):
    queues.subscribe(topic, "payments", RawMessageDelivery="true")
    entries = [{"Id": str(number), "Message": f"order-{number}"} for number in range(3)]
    answer = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    assert [one["Id"] for one in answer["Successful"]] == ["0", "1", "2"]
    assert answer["Failed"] == []
    assert queues.bodies("payments") == ["order-0", "order-1", "order-2"]


def test_row_58_a_topic_can_take_a_mebibyte(sns, topic, queues, refused):
    queues.subscribe(topic, "payments", RawMessageDelivery="true")
    sns.set_topic_attributes(TopicArn=topic, AttributeName="MaximumMessageSize", AttributeValue="1048576")
    sns.publish(TopicArn=topic, Message="x" * 1_048_576)
    assert [len(body) for body in queues.bodies("payments")] == [1_048_576]
    assert refused(sns.publish, TopicArn=topic, Message="x" * 1_048_577)[1] == WRONG + "Message too long"
    refusal = refused(sns.subscribe, TopicArn=topic, Protocol="email", Endpoint="ann@example.com")
    assert refusal[0] == "InvalidParameter"
