"""One message as a publisher gives it to SNS: what SNS takes, and what each protocol's subscribers get of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labkit.ledger import quota
from labkit.rules.limits import Attributes, size
from labkit.rules.refused import Refused

INVALID, INVALID_VALUE = "InvalidParameter", "ParameterValueInvalid"
LONGEST_SUBJECT = quota("sns.subject.maximum_length")
LARGEST = quota("sns.message_size.default")
LONGEST_NAME = 256
# A subject is ASCII text on one line that begins with a letter, a digit or punctuation. [sns-api-publish]
SUBJECT = re.compile(r"[!-~][ -~]*")
NAME_CHARACTERS = re.compile(r"[A-Za-z0-9_.\-]+")
KINDS = ("String", "Number", "Binary")
KIND = re.compile(r"(String|Number|Binary)(\..+)?", re.DOTALL)
PHONE = re.compile(r"\+?[1-9]\d{6,14}")
UNPARSED = "Message Structure - JSON message body failed to parse"
NO_DEFAULT = "Message Structure - No default entry in JSON message body"


@dataclass(frozen=True, slots=True)
class Publication:
    """A message that SNS has taken. `texts` holds a text a protocol where the publisher gave several."""

    message: str
    subject: str | None
    attributes: Attributes
    texts: Mapping[str, str] | None
    group: str | None
    deduplication: str | None

    def text_for(self, *protocols: str) -> str:
        """The text for the first of these protocols that has one of its own, else the one for all."""
        if self.texts is None:
            return self.message
        return next((self.texts[one] for one in protocols if one in self.texts), self.texts.get("default", ""))


def read(given: Mapping[str, Any], largest: int, needs_default: bool = True, entry: int | None = None) -> Publication:
    """Return the message that Publish's parameters give. Raises `Refused` as SNS does; `entry` is its place in a batch.

    `largest` is the topic's MaximumMessageSize in bytes, attributes counted. [snspub-1] [missing-sns-payloads]
    """
    message, subject = given.get("Message") or "", given.get("Subject")
    attributes = given.get("MessageAttributes") or {}
    _check_subject(subject)
    if not message:
        raise wrong("Empty message")
    for name, attribute in attributes.items():
        _check_name(name)
        _check_value(name, attribute, entry)
    if size(message, attributes) > largest:
        raise wrong("Message too long")
    texts = _texts(message, given.get("MessageStructure"), needs_default)
    group, deduplication = given.get("MessageGroupId"), given.get("MessageDeduplicationId")
    return Publication(message, subject, attributes, texts, group, deduplication)


def wrong(reason: str) -> Refused:
    """SNS's commonest refusal: a parameter is not valid, and why."""
    return Refused(INVALID, f"Invalid parameter: {reason}")


def _check_subject(subject: str | None) -> None:
    if subject is not None and not (SUBJECT.fullmatch(subject) and len(subject) <= LONGEST_SUBJECT):
        raise wrong("Subject")


def _texts(message: str, structure: str | None, needs_default: bool) -> dict[str, str] | None:
    """The texts by protocol; what is no text is left out, and then the one for all is used."""
    if structure is None:
        return None
    if structure != "json":  # documented; the wording is ours
        raise wrong(f"MessageStructure Reason: {structure} is not supported, use json")
    try:
        parsed = json.loads(message)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise wrong(UNPARSED)
    texts = {protocol: text for protocol, text in parsed.items() if isinstance(text, str)}
    if "default" not in texts and needs_default:
        raise no_default()
    return texts


def no_default() -> Refused:
    """The refusal of texts by protocol among which there is none for all."""
    return wrong(NO_DEFAULT)


# Message attributes


def _check_name(name: str) -> None:
    if len(name.encode()) > LONGEST_NAME:
        raise Refused(INVALID_VALUE, f"Length of message attribute name must be less than {LONGEST_NAME} bytes.")
    for place, where in ((0, "starting"), (-1, "ending")):
        if name[place : place + 1 or None] == ".":
            raise Refused(INVALID_VALUE, f"Invalid message attribute name {where} with character '.' was found.")
    if ".." in name:
        raise Refused(INVALID_VALUE, "Message attribute name can not have successive '.' character.")
    if not NAME_CHARACTERS.fullmatch(name):
        first = "".join(one for one in name if not NAME_CHARACTERS.fullmatch(one))[:1]
        code = f"#x{ord(first):X}" if first else ""
        allowed = "Can only include alphanumeric characters, hyphens, underscores, or dots."
        found = f"Invalid non-alphanumeric character '{code}' was found in the message attribute name."
        raise Refused(INVALID_VALUE, f"{found} {allowed}")


def _check_value(name: str, attribute: Mapping[str, Any], entry: int | None) -> None:
    kind = attribute.get("DataType")
    if kind is None:
        place = f"messageAttributes.{name}.member.dataType"
        place = place if entry is None else f"publishBatchRequestEntries.{entry}.member.{place}"
        text = f"1 validation error detected: Value null at '{place}' failed to satisfy constraint: "
        raise Refused("ValidationError", f"{text}Member must not be null")
    if not KIND.fullmatch(kind):
        text = (
            "has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
        )
        raise Refused(INVALID_VALUE, f"The message attribute '{name}' {text}")
    field = "Binary" if kind.startswith("Binary") else "String"
    value = attribute.get(f"{field}Value")
    if value is None and ("StringValue" in attribute or "BinaryValue" in attribute):
        raise Refused(INVALID_VALUE, f"The message attribute '{name}' with type '{kind}' must use field '{field}'.")
    if not value:
        text = f"must contain non-empty message attribute value for message attribute type '{kind}'."
        raise Refused(INVALID_VALUE, f"The message attribute '{name}' {text}")
    if kind.split(".")[0] == "Number" and not _is_number(value):
        raise Refused(INVALID_VALUE, f"Could not cast message attribute '{name}' value to number.")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def check_phone(number: str) -> None:
    """Raise `Refused` for what is no telephone number in E.164, as AWS words it. [snspub-7]"""
    if not PHONE.fullmatch(number):
        raise wrong(f"PhoneNumber Reason: {number} is not valid to publish to")
