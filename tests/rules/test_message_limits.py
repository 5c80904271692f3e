"""What SQS accepts in a message, to the byte and the character."""

from hashlib import md5

import pytest

from labkit.rules import Refused, limits
from labkit.rules.limits import LARGEST
from labkit.rules.message_attributes import attributes_md5, check_attributes, check_system


def text(value, kind="String"):
    return {"DataType": kind, "StringValue": value}


def refusal(check, *arguments):
    with pytest.raises(Refused) as refused:
        check(*arguments)
    return refused.value.code, refused.value.message


def test_a_size_is_in_bytes_of_body_and_of_each_attributes_name_type_and_value():
    attributes = {"kind": text("book"), "scan": {"DataType": "Binary", "BinaryValue": b"12345"}}
    assert limits.size("é" * 10, {}) == 20
    assert limits.size("", attributes) == len("kind" + "String" + "book") + len("scan" + "Binary") + 5


def test_exactly_the_largest_size_is_accepted_and_one_byte_more_is_not():
    limits.check_size("x" * LARGEST, {}, LARGEST)
    code, message = refusal(limits.check_size, "x" * LARGEST, {"a": text("b")}, LARGEST)
    assert code == "InvalidParameterValue"
    assert message == "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes."


def test_an_empty_body_is_refused():
    assert refusal(limits.check_body, "") == (
        "MissingParameter",
        "The request must contain the parameter MessageBody.",
    )


@pytest.mark.parametrize(
    ("character", "shown"), [("\x01", "#x1"), ("\x0b", "#xB"), ("\uffff", "#xFFFF"), ("\ud800", "#xD800")]
)
def test_a_character_outside_the_allowed_set_is_refused_by_name(character, shown):
    code, message = refusal(limits.check_body, f"order {character}")
    assert code == "InvalidMessageContents"
    assert message.startswith(f"Invalid binary character '{shown}' was found in the message body")


@pytest.mark.parametrize("body", ["\t\n\r", " ~", "\ud7ff\ue000\ufffd", "\U00010000\U0010ffff"])
def test_the_ends_of_the_allowed_ranges_are_accepted(body):
    limits.check_body(body)


@pytest.mark.parametrize("seconds", [0, 900])
def test_a_delay_of_0_to_900_seconds_is_accepted(seconds):
    limits.check_delay(seconds)


@pytest.mark.parametrize("seconds", [-1, 901])
def test_a_delay_outside_0_to_900_seconds_is_refused(seconds):
    expected = f"Value {seconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."
    assert refusal(limits.check_delay, seconds) == ("InvalidParameterValue", expected)


@pytest.mark.parametrize("group", ["g", "a" * 128, "tenant-1!?"])
def test_a_group_of_1_to_128_letters_digits_and_punctuation_is_accepted(group):
    limits.check_group(group)


@pytest.mark.parametrize("group", ["", "a" * 129, "group 123", "é"])
def test_any_other_group_is_refused(group):
    assert refusal(limits.check_group, group)[1].startswith(f"Value {group} for parameter MessageGroupId is invalid.")


def test_ten_attributes_are_accepted_and_eleven_are_not():
    attributes = {f"name-{number}": text("value") for number in range(10)}
    check_attributes(attributes)
    code, message = refusal(check_attributes, attributes | {"one-more": text("value")})
    assert (code, message) == (
        "InvalidParameterValue",
        "Number of message attributes [11] exceeds the allowed maximum [10].",
    )


@pytest.mark.parametrize("value", ["1", "-1.5", "+.5", "2e10", "1E-3"])
def test_a_number_is_written_in_digits(value):
    check_attributes({"Age": text(value, "Number")})


@pytest.mark.parametrize(
    ("attribute", "part"),
    [
        (text("abc", "Number"), "Can't cast the value of message (user) attribute 'Age' to a number."),
        (text(""), "Message (user) attribute 'Age' must contain a non-empty value of type 'String'."),
        ({"DataType": "String"}, "must contain non-empty message attribute value."),
        (text("x", "Text"), "You must use only the following supported type prefixes: Binary, Number, String."),
        (text("a\x01"), "Invalid binary character '#x1' was found in the message attribute 'Age' value"),
        ({"DataType": "Binary", "BinaryValue": b""}, "must contain a non-empty value of type 'Binary'."),
    ],
)
def test_a_bad_attribute_value_is_refused_with_awss_words(attribute, part):
    code, message = refusal(check_attributes, {"Age": attribute})
    assert code == "InvalidParameterValue"
    assert part in message


@pytest.mark.parametrize(
    "name", ["AWS.trace", "amazon.x", ".start", "end.", "two..periods", "with space", "§", "n" * 257]
)
def test_a_bad_attribute_name_is_refused(name):
    assert refusal(check_attributes, {name: text("value")})[0] == "InvalidParameterValue"


@pytest.mark.parametrize("kind", ["String.zip", "Number.float", "Binary.png"])
def test_a_type_may_carry_a_label_after_its_prefix(kind):
    value = {"BinaryValue": b"1"} if kind.startswith("Binary") else {"StringValue": "1"}
    check_attributes({"name": {"DataType": kind} | value})


@pytest.mark.parametrize("name", ["attr.1øßä", "一.x", "a_b-c", "1"])
def test_letters_of_any_script_are_taken_in_a_name(name):
    check_attributes({name: text("value")})


def test_a_type_of_256_characters_is_accepted_and_a_longer_one_is_not():
    longest = "Number." + "L" * 249
    check_attributes({"name": text("1", longest)})
    assert refusal(check_attributes, {"name": text("1", longest + "L")})[0] == "InvalidParameterValue"


def test_the_only_system_attribute_is_a_trace_header_of_type_string():
    check_system({})
    check_system({"AWSTraceHeader": text("Root=1-abc-def")})
    for name, wrong in (
        ("TraceHeader", text("Root=1-abc-def")),
        ("AWSTraceHeader", text("1", "Number")),
        ("AWSTraceHeader", text("x", "String.x")),
        ("AWSTraceHeader", {"DataType": "Binary", "BinaryValue": b"1"}),
        ("AWSTraceHeader", {"DataType": "String"}),
        ("AWSTraceHeader", text("")),
        ("AWSTraceHeader", text("a\x01")),
        ("AWSTraceHeader", {}),
    ):
        assert refusal(check_system, {name: wrong})[0] == "InvalidParameterValue"


def test_the_md5_is_the_one_that_awss_guide_describes():
    """By hand: in order of names the length and the bytes of name, type and value, and 1 or 2 before a value."""
    attributes = {"b": {"DataType": "Binary.png", "BinaryValue": b"\x00\xff"}, "ä": text("20", "Number")}
    first = b"\0\0\0\x01b" + b"\0\0\0\x0aBinary.png" + b"\x02" + b"\0\0\0\x02\x00\xff"
    second = b"\0\0\0\x02\xc3\xa4" + b"\0\0\0\x06Number" + b"\x01" + b"\0\0\0\x0220"
    assert attributes_md5(attributes) == md5(first + second).hexdigest()
    assert attributes_md5(dict(reversed(attributes.items()))) == attributes_md5(attributes)
