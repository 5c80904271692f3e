"""What SQS accepts as attributes of a message, a program's own and those of the system, and the MD5 of both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import md5
from typing import Any

from labkit.ledger import quota
from labkit.rules.limits import ALLOWED, FORBIDDEN, INVALID, Attributes
from labkit.rules.refused import Refused

MOST_ATTRIBUTES = quota("sqs.message_attributes.maximum")
LONGEST_NAME = quota("sqs.attribute_name.maximum_length")
LONGEST_TYPE = quota("sqs.attribute_type.maximum_length")
# Letters and digits of any script, though the guide names A-Z, a-z and 0-9: AWS takes "attr.1øßä" (recorded).
NAME = re.compile(r"[\w.\-]+")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
TRACE = "AWSTraceHeader"
STRING_VALUE, BINARY_VALUE = b"\x01", b"\x02"


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
    if ".." in name:  # documented; the wording is ours
        raise Refused(INVALID, f"Message (user) attribute name '{name}' must not have periods in succession.")


def _check_value(name: str, attribute: Mapping[str, Any]) -> None:
    kind = _kind(name, attribute.get("DataType", ""))
    value = attribute.get("BinaryValue" if kind == "Binary" else "StringValue")
    if value is None:
        raise Refused(INVALID, f"The message attribute '{name}' must contain non-empty message attribute value.")
    if not value:
        kinds = f"a non-empty value of type '{kind}'"
        raise Refused(INVALID, f"Message (user) attribute '{name}' must contain {kinds}.")
    if kind == "Number" and not NUMBER.fullmatch(value):
        raise Refused(INVALID, f"Can't cast the value of message (user) attribute '{name}' to a number.")
    if kind != "Binary":
        _check_characters(name, value)


def _kind(name: str, given: str) -> str:
    """The type before its label. That a long one is refused is recorded; the wording is ours."""
    kind = given.split(".")[0]
    if kind not in ("String", "Number", "Binary"):
        use = "You must use only the following supported type prefixes: Binary, Number, String."
        raise Refused(INVALID, f"The type of message (user) attribute '{name}' is invalid. {use}")
    if len(given) > LONGEST_TYPE:
        reason = f"It must not be longer than {LONGEST_TYPE} characters."
        raise Refused(INVALID, f"The type of message (user) attribute '{name}' is invalid. {reason}")
    return kind


def _check_characters(name: str, value: str) -> None:
    if wrong := FORBIDDEN.search(value):
        text = f"Invalid binary character '#x{ord(wrong[0]):X}' was found in the message attribute '{name}' value"
        raise Refused(INVALID, f"{text}, the set of allowed characters is {ALLOWED}.")


def check_system(attributes: Attributes) -> None:
    """Raise `Refused` for another system attribute than AWSTraceHeader, or one of another type than String.

    The wording is ours. AWS documents that its value is a trace header, and takes "Root=1-abc-def" as well (reported).
    """
    for name, attribute in attributes.items():
        if name != TRACE:
            raise Refused(INVALID, f"The message system attribute '{name}' is not supported. Use {TRACE}.")
        if attribute.get("DataType") != "String":
            raise Refused(INVALID, f"The type of message system attribute '{name}' is invalid. Use String.")
        value = attribute.get("StringValue")
        if not value:
            raise Refused(
                INVALID, f"Message system attribute '{name}' must contain a non-empty value of type 'String'."
            )
        _check_characters(name, value)


def attributes_md5(attributes: Attributes) -> str:
    """Return the MD5 that AWS's SDKs compare: each name, type and value with its length, in order of the names."""
    digest = md5(usedforsecurity=False)
    for name, attribute in sorted(attributes.items()):
        binary = attribute["DataType"].split(".")[0] == "Binary"
        value = attribute["BinaryValue"] if binary else attribute["StringValue"].encode()
        digest.update(_with_length(name.encode()) + _with_length(attribute["DataType"].encode()))
        digest.update((BINARY_VALUE if binary else STRING_VALUE) + _with_length(value))
    return digest.hexdigest()


def _with_length(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part
