"""What SQS accepts of a message and a call: sizes in bytes, characters, numbers and ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from labkit.ledger import quota
from labkit.rules.refused import Refused

INVALID = "InvalidParameterValue"
LARGEST = quota("sqs.message_size.maximum")
LARGEST_BATCH = quota("sqs.batch.maximum_size")
LONGEST_HIDDEN = quota("sqs.visibility_timeout.maximum")
LONGEST_DELAY = quota("sqs.delay.maximum")
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ALLOWED = "#x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]"
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
