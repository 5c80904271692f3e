"""What SNS takes of a topic: its name, its attributes and their values, and when two of them mean the same."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from labkit.ledger import quota
from labkit.rules.topics.archive import reason_against_archive
from labkit.rules.topics.delivery_policy import reason_against
from labkit.rules.topics.publication import wrong
from labkit.rules.topics.subscribing import FIFO

NAME = re.compile(r"[A-Za-z0-9_\-]{1,256}")
FIFO_NAME = re.compile(r"[A-Za-z0-9_\-]{1,251}\.fifo")
ALLOWED = (
    "must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be "
    "between 1 and 256 characters long."
)
SMALLEST, LARGEST = quota("sns.message_size.minimum"), quota("sns.message_size.maximum")
OF_FIFO = ("ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy")
FEEDBACK = tuple(
    f"{protocol}{kind}"
    for protocol in ("HTTP", "Firehose", "Lambda", "Application", "SQS")
    for kind in ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
)
SETTABLE = (
    "DeliveryPolicy", "DisplayName", "Policy", "TracingConfig", "KmsMasterKeyId", "SignatureVersion",
    "MaximumMessageSize", "DataProtectionPolicy", *OF_FIFO, *FEEDBACK,
)  # fmt: skip
TRUTHS = ("true", "false")
CHOICES = {
    "ContentBasedDeduplication": TRUTHS,
    "FifoThroughputScope": ("Topic", "MessageGroup"),
    "SignatureVersion": ("1", "2"),
    "TracingConfig": ("PassThrough", "Active"),
    "FifoTopic": TRUTHS,
}


def check_name(name: str, is_fifo: bool) -> None:
    """Raise `Refused` for a topic name with other characters, or one whose ending does not fit its type. [snsfifo-1]"""
    if is_fifo and not FIFO_NAME.fullmatch(name):
        raise wrong(f"Fifo Topic names must end with {FIFO} and {ALLOWED}")
    if not is_fifo and not NAME.fullmatch(name):
        raise wrong("Topic Name")


def check(given: Mapping[str, str], is_fifo: bool, at_create: bool) -> None:
    """Raise `Refused` for an attribute, or a value of it, that a topic does not take."""
    where = "Attributes Reason: " if at_create else ""
    for name, value in given.items():
        if name not in SETTABLE and not (at_create and name == "FifoTopic"):
            raise wrong(f"{where}AttributeName")
        reason = _wrong_value(name, value, is_fifo)
        if reason is not None:
            raise wrong(f"{where}{reason}")


def check_change(name: str, value: str, before: str | None) -> None:
    """Raise `Refused` for a change that has no way back. AWS documents that, not its words. [fifo-topic-scope]"""
    if name == "FifoThroughputScope" and before == "MessageGroup" and value != before:
        raise wrong(f"{name} Reason: a topic with {before} can not be set back to {value}")


def _wrong_value(name: str, value: str, is_fifo: bool) -> str | None:
    """Why a value is refused. AWS's words are known of few; the codes are documented."""
    if name in OF_FIFO and not is_fifo and value not in ("", "false"):
        what = "Content-based deduplication" if name == "ContentBasedDeduplication" else name
        return f"{what} can only be set for FIFO topics"
    # Open: whether AWS takes other cases of words, as it does of true and false.
    if name in CHOICES and (value.lower() if CHOICES[name] == TRUTHS else value) not in CHOICES[name]:
        return f"{name}: Invalid value [{value}]. Use one of {', '.join(CHOICES[name])}."
    if name == "MaximumMessageSize" and not (value.isdecimal() and SMALLEST <= int(value) <= LARGEST):
        return f"MaximumMessageSize: Invalid value [{value}]. Must be between {SMALLEST} and {LARGEST}."
    if name == "DeliveryPolicy" and value:
        return reason_against(value, of_topic=True)
    if name == "ArchivePolicy" and is_fifo:
        return reason_against_archive(value)
    return None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def same(one: str | None, other: str | None) -> bool:
    """Whether two texts of an attribute mean the same: by case, number or JSON."""
    if one is None or other is None or one == other:
        return one == other
    if one.lower() in ("true", "false"):
        return one.lower() == other.lower()
    parsed = _parsed(one), _parsed(other)
    return parsed[0] is not None and parsed[0] == parsed[1]


Texts = Mapping[str, str]


def check_same(given: Texts, existing: Texts, tags: Texts, had: Texts) -> None:
    """Raise `Refused` where CreateTopic asks for an existing topic with other attributes or tags."""
    if not all(same(value, existing.get(name)) for name, value in given.items()):
        raise wrong("Attributes Reason: Topic already exists with different attributes")
    if not all(had.get(key) == value for key, value in tags.items()):
        raise wrong("Tags Reason: Topic already exists with different tags")
