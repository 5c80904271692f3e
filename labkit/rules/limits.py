"""What SQS accepts in a message: its size in bytes, its characters, its attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from labkit.ledger import quota
from labkit.rules.refused import Refused

INVALID = "InvalidParameterValue"
LARGEST = quota("sqs.message_size.maximum")
LARGEST_BATCH = quota("sqs.batch.maximum_size")
MOST_ATTRIBUTES = quota("sqs.message_attributes.maximum")
LONGEST_NAME = quota("sqs.attribute_name.maximum_length")
LONGEST_HIDDEN = quota("sqs.visibility_timeout.maximum")
LONGEST_DELAY = quota("sqs.delay.maximum")
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ALLOWED = "#x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]"
NAME = re.compile(r"[A-Za-z0-9_.\-]+")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
GROUP = re.compile(r"[A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]{1,128}")
Attributes = Mapping[str, Mapping[str, Any]]


def size(body: str, attributes: Attributes) -> int:
    """Return a message's size in bytes: body plus each attribute's name, type and value. [std-9]"""
    total = len(body.encode("utf-8", "surrogatepass"))
    for name, attribute in attributes.items():
        value = attribute.get("BinaryValue") or attribute.get("StringValue") or ""
        total += len(name.encode()) + len(attribute.get("DataType", "").encode())
        total += len(value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"))
    return total


def check_body(body: str) -> None:
    """Raise `Refused` for an empty body or a character outside XML's set. [produce-4]"""
    if not body:
        raise Refused("MissingParameter", "The request must contain the parameter MessageBody.")
    if wrong := FORBIDDEN.search(body):
        character = f"#x{ord(wrong[0]):X}"
        text = f"Invalid binary character '{character}' was found in the message body, the set of allowed characters is"
        raise Refused("InvalidMessageContents", f"{text} {ALLOWED}.")


def check_size(body: str, attributes: Attributes, largest: int, problem: str = "are invalid") -> None:
    """Raise `Refused` for a message of more than `largest` bytes, the queue's MaximumMessageSize. [std-9]"""
    if size(body, attributes) > largest:
        reason = f"Message must be shorter than {largest} bytes."
        raise Refused(INVALID, f"One or more parameters {problem}. Reason: {reason}")


def check_between(value: int, name: str, low: int, high: int, rule: str = "Must be >= {} and <= {}") -> None:
    """Raise `Refused` for a parameter of a receive or a changed visibility outside its range."""
    if not low <= value <= high:
        reason = f"{rule.format(low, high)}, if provided."
        raise Refused(INVALID, f"Value {value} for parameter {name} is invalid. Reason: {reason}")


def check_delay(seconds: int) -> None:
    """Raise `Refused` for a delay outside 0 to 900 seconds."""
    if not 0 <= seconds <= LONGEST_DELAY:
        reason = f"DelaySeconds must be >= 0 and <= {LONGEST_DELAY}."
        raise Refused(INVALID, f"Value {seconds} for parameter DelaySeconds is invalid. Reason: {reason}")


def check_group(group: str | None) -> None:
    """Raise `Refused` for a message group id that is not 1 to 128 letters, digits and punctuation."""
    if group is not None and not GROUP.fullmatch(group):
        reason = "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length."
        raise Refused(INVALID, f"Value {group} for parameter MessageGroupId is invalid. Reason: {reason}")


def check_attempt(id: str | None) -> None:
    """Raise `Refused` for a ReceiveRequestAttemptId with other characters than a group id."""
    if id is not None and not GROUP.fullmatch(id):
        reason = "ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length."
        raise Refused(INVALID, f"Value {id} for parameter ReceiveRequestAttemptId is invalid. Reason: {reason}")


def check_deduplication(id: str | None, fifo: bool) -> None:
    """Raise `Refused` for a deduplication id on a standard queue, or one with other characters than a group id."""
    if id is None:
        return
    if not fifo:
        reason = "The request includes a parameter that is not valid for this queue type."
    elif GROUP.fullmatch(id):
        return
    else:
        reason = "MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length."
    raise Refused(INVALID, f"Value {id} for parameter MessageDeduplicationId is invalid. Reason: {reason}")


def check_attributes(attributes: Attributes) -> None:
    """Raise `Refused` for more than 10 message attributes, or one whose name, type or value SQS does not take."""
    if len(attributes) > MOST_ATTRIBUTES:
        number = len(attributes)
        raise Refused(
            INVALID, f"Number of message attributes [{number}] exceeds the allowed maximum [{MOST_ATTRIBUTES}]."
        )
    for name, attribute in attributes.items():
        _check_name(name)
        _check_value(name, attribute)


def _check_name(name: str) -> None:
    if len(name.encode()) > LONGEST_NAME:
        raise Refused(INVALID, f"Message (user) attribute names must be shorter than {LONGEST_NAME} Bytes")
    if not NAME.fullmatch(name):
        allowed = "upper and lower score characters, digits, periods, hyphens and underscores. "
        raise Refused(INVALID, f"Message (user) attributes name can only contain {allowed}")
    if name.lower().startswith(("aws.", "amazon.")) or name.startswith(".") or name.endswith("."):
        reserved = "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. "
        reason = "These strings are reserved for internal use. Additionally, they cannot start or end with '.'."
        raise Refused(INVALID, reserved + reason)


def _check_value(name: str, attribute: Mapping[str, Any]) -> None:
    kind = attribute.get("DataType", "").split(".")[0]
    if kind not in ("String", "Number", "Binary"):
        use = "You must use only the following supported type prefixes: Binary, Number, String."
        raise Refused(INVALID, f"The type of message (user) attribute '{name}' is invalid. {use}")
    value = attribute.get("BinaryValue" if kind == "Binary" else "StringValue")
    if value is None:
        raise Refused(INVALID, f"The message attribute '{name}' must contain non-empty message attribute value.")
    if not value:
        kinds = f"a non-empty value of type '{kind}'"
        raise Refused(INVALID, f"Message (user) attribute '{name}' must contain {kinds}.")
    if kind == "Number" and not NUMBER.fullmatch(value):
        raise Refused(INVALID, f"Can't cast the value of message (user) attribute '{name}' to a number.")
    if kind != "Binary" and (wrong := FORBIDDEN.search(value)):
        text = f"Invalid binary character '#x{ord(wrong[0]):X}' was found in the message attribute '{name}' value"
        raise Refused(INVALID, f"{text}, the set of allowed characters is {ALLOWED}.")
