"""What can happen to a message and what a call can do, by name: what code decides by, where people read a sentence.

Rules, history, checks and metrics compare these; `labkit.words` alone turns one, with its numbers, into a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

# The states of a message; AWS's words where AWS has one.
DELAYED = "delayed"
VISIBLE = "visible"
IN_FLIGHT = "in flight"
DELETED = "deleted"
EXPIRED = "expired"
PURGED = "purged"
DEAD_LETTERED = "dead-lettered"
REDRIVEN = "redriven"

STORED = frozenset({DELAYED, VISIBLE, IN_FLIGHT})


class Cause(Enum):
    """Why a message's state changed. `seconds` and `other` beside it are named where the cause has them."""

    SENT = auto()
    DELAY_ENDED = auto()
    RECEIVED = auto()
    RECEIVED_NOT_HIDDEN = auto()  # a duplicate, or received with a visibility timeout of 0
    RECEIVED_REMOVED = auto()  # only a myth's rules do this
    TIMEOUT_ENDED = auto()
    TIMEOUT_CHANGED = auto()  # seconds: the new visibility timeout
    GIVEN_BACK = auto()  # the visibility timeout was set to 0
    CONSUMER_CRASHED = auto()  # other: the consumer; only a myth's rules do this
    DELETED = auto()
    EXPIRED = auto()
    PURGED = auto()
    EXHAUSTED = auto()  # other: the dead-letter queue that a further receive moves it to
    MOVED_IN = auto()  # other: the queue whose redrive policy moved it here
    REDRIVEN_OUT = auto()  # other: the queue that a move task sent it to
    REDRIVEN_IN = auto()  # other: the queue that a move task took it from


RECEIVES = frozenset({Cause.RECEIVED, Cause.RECEIVED_NOT_HIDDEN, Cause.RECEIVED_REMOVED})


class Effect(Enum):
    """What one call did to one message, where its success alone does not tell."""

    DELETED = auto()
    NOTHING_TO_DELETE = auto()  # the message is gone
    OLD_RECEIPT = auto()  # the receipt handle is not the latest: nothing was deleted
    COPY_KEPT = auto()  # deleted, but a server that was away keeps a copy
    DELETED_AT_TIMEOUT = auto()  # not yet, but once the visibility timeout ends; only a probe's wrong rules do this
    TIMEOUT_CHANGED = auto()
    TIMEOUT_HAD_ENDED = auto()  # nothing changed: the message was visible again
    DUPLICATE = auto()  # seconds: how long a deduplication id is remembered; it was accepted before, nothing is stored
    REFUSED = auto()  # the call was refused because of this message's receipt


class Mismatch(Enum):
    """Why a message did not match one key of a filter policy."""

    MISSING = auto()  # the message has no such attribute or property
    NOTHING_AT_ALL = auto()  # the key may be missing, but the message has no attribute or property at all
    IGNORED_TYPE = auto()  # an attribute of a type that SNS doesn't compare, Binary for example
    MALFORMED = auto()  # an attribute whose text is no array of values, or no number
    NOT_JSON = auto()  # the body isn't JSON
    NOT_AN_OBJECT = auto()  # the body is JSON, but no object
    NO_LEAF = auto()  # the property is an object or an empty list: it has no value of its own
    EMPTY = auto()  # the key must exist, and is null or empty
    PRESENT = auto()  # the key must not exist, and does
    WRONG_TYPE = auto()  # a string where the policy lists numbers, for example
    NOT_LISTED = auto()  # no value is what the policy lists
    EXCLUDED = auto()  # every value is one that anything-but excludes


class Filtering(Enum):
    """What of a message a filter policy did not let pass, as CloudWatch counts it."""

    ATTRIBUTES = auto()
    NO_ATTRIBUTES = auto()
    INVALID_ATTRIBUTES = auto()
    BODY = auto()
    INVALID_BODY = auto()


@dataclass(frozen=True, slots=True)
class Done:
    """One effect of a call, and the id of the message if that is known."""

    effect: Effect
    message: str | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a call brought, when there is nothing to count; the classes beside this one have their numbers."""


@dataclass(frozen=True, slots=True)
class Received:
    """A receive brought so many messages."""

    messages: int


@dataclass(frozen=True, slots=True)
class ReceivedRecords(Received):
    """A read of a shard brought so many records."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Of a batch's entries so many were done and so many failed."""

    done: int
    failed: int


@dataclass(frozen=True, slots=True)
class Instances:
    """A service launched, took in or terminated these instances."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StateUpdated:
    """An alarm went from one state to another; AWS's words."""

    before: str
    after: str


Result = Accepted | Received | Batch | Instances | StateUpdated


class Step(Enum):
    """What became of a published message at its topic, or on its way to one subscriber."""

    PUBLISHED = auto()
    REPEATED = auto()  # accepted by a FIFO topic, and not delivered again
    FILTERED = auto()  # detail: the key of the filter policy that kept it back
    DELIVERED = auto()
    REPLAYED = auto()  # delivered from the archive of a FIFO topic
    PAUSED = auto()  # not delivered: a replay with an end has paused the subscription
    RETRIED = auto()  # the try failed, another comes at `until`
    DEAD_LETTERED = auto()  # other: the dead-letter queue of the subscription
    DISCARDED = auto()


class Obstacle(Enum):
    """Why a try to deliver a published message failed. Of these SNS tries again only what is no fault of the setup."""

    NO_QUEUE = auto()
    NOT_ALLOWED = auto()  # the queue's policy lets SNS do nothing for this topic
    KEY_NOT_ALLOWED = auto()  # the key of an encrypted queue
    TOO_MANY_ATTRIBUTES = auto()  # raw delivery
    REFUSED = auto()  # detail: the endpoint's error code
    UNAVAILABLE = auto()  # detail: the endpoint's answer; tried again
    UNREACHABLE = auto()  # nobody answers at all; tried again
    TIMED_OUT = auto()  # tried again
    NOT_TRUSTED = auto()  # the certificate of an HTTPS endpoint; tried again
    ELSEWHERE = auto()  # detail: a host that is not this machine; tried again
    OPTED_OUT = auto()  # the owner of a telephone number wants no text messages
    TOO_LONG = auto()  # for a text message
    DISABLED = auto()  # the endpoint of an app on a device
    NO_ENDPOINT = auto()  # of an app on a device
    NO_FUNCTION = auto()


TRIED_AGAIN = frozenset(
    {Obstacle.UNAVAILABLE, Obstacle.UNREACHABLE, Obstacle.TIMED_OUT, Obstacle.NOT_TRUSTED, Obstacle.ELSEWHERE}
)


class ActorState(StrEnum):
    """How an actor stands, and why it has ended."""

    READY = "ready"
    WAITING = "waiting"
    DONE = "done"  # its function returned
    FAILED = "failed"  # its function raised, which ended the run
    ENDED = "ended"  # its lab closed or was interrupted, or it was left for standing still in time
