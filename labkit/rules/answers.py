"""What a queue's methods answer, and AWS's wording where it refuses."""

from __future__ import annotations

from dataclasses import dataclass

from labkit.causes import Effect
from labkit.ledger import quota
from labkit.rules.change import Change
from labkit.rules.limits import INVALID, LONGEST_HIDDEN
from labkit.rules.message import Message
from labkit.rules.refused import Refused

PURGE_INTERVAL = quota("sqs.purge.interval")


@dataclass(slots=True)
class Sent:
    """The message that a send stored, and all changes that had come due; `effect`: why it stored none, if so."""

    message: Message
    changes: list[Change]
    effect: Effect | None = None


@dataclass(slots=True)
class HandedOut:
    """The messages handed out, each with its new `receipt`, and all changes that had come due."""

    messages: list[Message]
    changes: list[Change]


@dataclass(slots=True)
class Answered:
    """What a call on one receipt did: the message if it is still known, and the changes."""

    effect: Effect
    message: Message | None
    changes: list[Change]


def over_limit() -> Refused:
    """The refusal of a short poll that meets the in-flight limit."""
    received = "Too many messages have been received without being deleted. "
    return Refused(
        "OverLimit", received + "Please delete your received messages or let them timeout before receiving more."
    )


def expired_handle() -> Refused:
    """The refusal of a receipt handle that no longer deletes; who knows the handle puts it in."""
    return _bad_handle("The receipt handle has expired.")


def gone() -> Refused:
    """The refusal of a new visibility timeout for a message that is not in flight, or not stored any more."""
    return _bad_handle("Message does not exist or is not available for visibility timeout change.")


def too_long(timeout: int) -> Refused:
    """The refusal of a visibility timeout that would end more than 12 hours after the receive."""
    reason = f"Total VisibilityTimeout for the message is beyond the limit [{LONGEST_HIDDEN} seconds]."
    return Refused(INVALID, f"Value {timeout} for parameter VisibilityTimeout is invalid. Reason: {reason}")


def purging(name: str) -> Refused:
    """The refusal of a second purge within 60 seconds."""
    text = f"Only one PurgeQueue operation on {name} is allowed every {PURGE_INTERVAL} seconds."
    return Refused("AWS.SimpleQueueService.PurgeQueueInProgress", text)


def _bad_handle(reason: str) -> Refused:
    return Refused(INVALID, "Value {handle} for parameter ReceiptHandle is invalid. Reason: " + reason)
