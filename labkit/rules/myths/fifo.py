"""The beliefs about FIFO queues, each one override of FifoQueue."""

from __future__ import annotations

import sys

from labkit.causes import IN_FLIGHT, STORED
from labkit.rules.deduplication import AcceptedSend, content_id
from labkit.rules.fifo import FifoQueue
from labkit.rules.message import SECOND, Message, Receipt

NEVER = 1_000_000 * 3_600 * SECOND


class FifoExactlyOnce(FifoQueue):
    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        return now + NEVER


class DeduplicationUntilDeleted(FifoQueue):
    def _is_remembered(self, accepted: AcceptedSend, now: int) -> bool:
        return accepted.message.state in STORED


class DeduplicationForEver(FifoQueue):
    def _is_remembered(self, accepted: AcceptedSend, now: int) -> bool:
        return True


class ContentIncludesAttributes(FifoQueue):
    def _content_id(self, body: str, attributes: object) -> str:
        return content_id(f"{body} {attributes}")


class DeduplicationAlwaysQueueWide(FifoQueue):
    def _scope(self, now: int) -> str:
        return "queue"


class GroupInParallel(FifoQueue):
    def _blocks(self, message: Message) -> bool:
        return message.state != IN_FLIGHT


class OneOfAGroupAtOnce(FifoQueue):
    def _at_once(self) -> int:
        return 1


class BacklogHidesNothing(FifoQueue):
    def _looks_at(self) -> int:
        return sys.maxsize


class GroupIdOptional(FifoQueue):
    def _group_of(self, group: str | None) -> str:
        return group or "default"


class LateDeleteOnFifo(FifoQueue):
    def _is_held(self, message: Message, receipt: Receipt) -> bool:
        return receipt.receive == message.receives


class FifoMessageDelay(FifoQueue):
    def _delay_of(self, given: int | None) -> int | None:
        return given
