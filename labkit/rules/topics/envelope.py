"""What SNS writes around a message: the JSON document that a subscriber gets, and the text that SNS signs of it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from labkit.rules.limits import Attributes

NOTIFICATION = "Notification"
CONFIRMATION = "SubscriptionConfirmation"
UNSUBSCRIBED = "UnsubscribeConfirmation"
# The fields that are signed, in AWS's order; a subject only where there is one. [sns-verify-signature]
SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMATION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    UNSUBSCRIBED: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
ORDER = (
    "Type", "MessageId", "Token", "SequenceNumber", "TopicArn", "Subject", "Message", "SubscribeURL", "Timestamp",
    "SignatureVersion", "Signature", "SigningCertURL", "UnsubscribeURL", "MessageAttributes", "Replayed",
)  # fmt: skip


def timestamp(now: int) -> str:
    """An instant as SNS writes it: UTC, in milliseconds."""
    moment = datetime.fromtimestamp(now // 1_000_000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{now // 1_000 % 1_000:03d}Z"


def string_to_sign(fields: Mapping[str, Any]) -> str:
    """The text of which SNS gives the signature: each field's name and value on lines of their own."""
    return "".join(f"{name}\n{fields[name]}\n" for name in SIGNED[fields["Type"]] if name in fields)


def attributes_as_json(attributes: Attributes) -> dict[str, dict[str, str]]:
    """Message attributes as the document has them: bytes in base64, numbers as texts."""
    return {
        name: {"Type": one["DataType"], "Value": _value(one)}
        for name, one in attributes.items()
    }  # fmt: skip


def _value(attribute: Mapping[str, Any]) -> str:
    if attribute["DataType"].startswith("Binary"):
        return b64encode(attribute["BinaryValue"]).decode()
    return str(attribute["StringValue"])


def document(fields: Mapping[str, Any]) -> str:
    """The fields as the JSON text that SNS sends, in AWS's order and with its blanks."""
    ordered = {name: fields[name] for name in ORDER if fields.get(name) is not None}
    return json.dumps(ordered, indent=2, separators=(",", " : "), ensure_ascii=False)
