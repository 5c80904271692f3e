"""The misconceptions about FIFO queues, each one override of FifoQueue; see facts on misconceptions 3 and 23 to 33."""

from __future__ import annotations

import sys

from labkit.causes import IN_FLIGHT, STORED
from labkit.rules.deduplication import Accepted, content_id
from labkit.rules.fifo import FifoQueue
from labkit.rules.message import SECOND, Message, Receipt
from labkit.rules.myths.myth import believed

NEVER = 1_000_000 * 3_600 * SECOND


@believed(
    "fifo-exactly-once",
    "A FIFO queue hands a message out exactly once, so a consumer need not expect it again.",
    "Exactly-once means no duplicate sends; a message whose visibility timeout ends is handed out again.",
    ("fifo-6",),
)
class FifoExactlyOnce(FifoQueue):
    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        return now + NEVER


@believed(
    "deduplication-until-deleted",
    "A duplicate is recognised only while the first copy is still in the queue.",
    "The deduplication id is remembered for five minutes, also after the message was received and deleted.",
    ("fifo-6",),
)
class DeduplicationUntilDeleted(FifoQueue):
    def _is_remembered(self, accepted: Accepted, now: int) -> bool:
        return accepted.message.state in STORED


@believed(
    "deduplication-for-ever",
    "A deduplication id is never accepted a second time, however late.",
    "Five minutes after the first accepted send the same id is a new message.",
    ("fifo-6",),
)
class DeduplicationForEver(FifoQueue):
    def _is_remembered(self, accepted: Accepted, now: int) -> bool:
        return True


@believed(
    "content-includes-attributes",
    "Content-based deduplication compares the whole message, its attributes too.",
    "The content-based id is the SHA-256 of the body alone.",
    ("fifo-6",),
)
class ContentIncludesAttributes(FifoQueue):
    def _content_id(self, body: str, attributes: object) -> str:
        return content_id(f"{body} {attributes}")


@believed(
    "deduplication-always-queue-wide",
    "High throughput only makes a FIFO queue faster: a deduplication id still counts in the whole queue.",
    "With DeduplicationScope messageGroup, which high throughput needs, the same id in two groups is two messages.",
    ("fifo-4", "fifo-6"),
)
class DeduplicationAlwaysQueueWide(FifoQueue):
    def _scope(self, now: int) -> str:
        return "queue"


@believed(
    "group-in-parallel",
    "More consumers work through one message group faster: the next message goes to whoever is free.",
    "While a message of a group is in flight, nothing that follows it in the group is handed out.",
    ("fifo-7",),
)
class GroupInParallel(FifoQueue):
    def _blocks(self, message: Message) -> bool:
        return message.state != IN_FLIGHT


@believed(
    "one-of-a-group-at-once",
    "A receive hands out one message of a group only, and waits for its deletion.",
    "One receive hands out up to ten messages of the same group, in their order.",
    ("fifo-7",),
)
class OneOfAGroupAtOnce(FifoQueue):
    def _at_once(self) -> int:
        return 1


@believed(
    "backlog-hides-nothing",
    "A stuck group never disturbs the other groups, however many messages it holds.",
    "Only the first messages of the queue are searched for open groups, so a huge backlog of one group hides the rest.",
    ("fifo-look-ahead",),
)
class BacklogHidesNothing(FifoQueue):
    def _looks_at(self) -> int:
        return sys.maxsize


@believed(
    "group-id-optional",
    "Without a message group id, a FIFO queue keeps all messages in one order.",
    "A send without MessageGroupId is refused; one order of all messages needs one group id for all.",
    ("sqsord-3",),
)
class GroupIdOptional(FifoQueue):
    def _group_of(self, group: str | None) -> str:
        return group or "default"


@believed(
    "late-delete-on-fifo",
    "Deleting after the visibility timeout works on a FIFO queue as it does on a standard queue.",
    "On a FIFO queue the receipt handle ends with the visibility timeout: a later delete is refused.",
    ("fifo-late-delete",),
)
class LateDeleteOnFifo(FifoQueue):
    def _is_held(self, message: Message, receipt: Receipt) -> bool:
        return receipt.receive == message.receives


@believed(
    "fifo-message-delay",
    "DelaySeconds delays a single message on every queue.",
    "On a FIFO queue only the queue has a delay; a message's own is refused.",
    ("fifo-message-delay",),
)
class FifoMessageDelay(FifoQueue):
    def _delay_of(self, given: int | None) -> int | None:
        return given
