"""What SQS promises about a message of a standard queue: one rule a method, so that a myth can override one."""

from __future__ import annotations

from labkit.ledger import quota
from labkit.rules.chance import draw
from labkit.rules.change import Change
from labkit.rules.faults import Faults
from labkit.rules.limits import LONGEST_HIDDEN
from labkit.rules.message import SECOND, Message, Receipt
from labkit.rules.storage import Storage

BACK_OF_QUEUE_RECEIVES = quota("sqs.redrive.move_to_back_receives")
LONGEST = LONGEST_HIDDEN * SECOND


class Promises(Storage):
    """The rules of a standard queue that common beliefs contradict; timeouts are seconds, instants microseconds."""

    seed: int
    faults: Faults

    def _removed_by_receive(self, messages: list[Message], now: int) -> list[Change]:
        """Receiving hides messages; they stay stored until they are deleted. [vis-1] [consume-5]"""
        return []

    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        """The visibility timeout counts from the receive; an extension is not remembered for it. [vis-2] [vis-6]"""
        return now + timeout * SECOND

    def _polled(self, now: int) -> None:
        """A poll does nothing to the messages that are in flight. [vis-2]"""

    def _extended_until(self, message: Message, now: int, timeout: int) -> int:
        """A changed visibility timeout counts from the call; it does not add up. [vis-6]"""
        return now + timeout * SECOND

    def _latest_end(self, message: Message, now: int) -> int:
        """All extensions together end 12 hours after the receive. [vis-6]"""
        return message.received + LONGEST

    def _is_current(self, message: Message, receipt: Receipt) -> bool:
        """Only the handle of the latest receive counts. [consume-5]"""
        return receipt.receive == message.receives

    def _is_exhausted(self, message: Message) -> bool:
        """A message received `maxReceiveCount` times moves to the dead-letter queue at the next receive."""
        limit = self.settings.max_receive_count
        return limit is not None and message.receives >= limit and self.settings.dead_letter_queue is not None

    def _notices_crash(self) -> bool:
        """SQS does not watch its consumers. [vis-7]"""
        return False

    def _comes_back(self, message: Message) -> bool:
        """A deleted message may come back, where a server with a copy was away. [std-10]"""
        return self._chance("undelete", message) < self.faults.undelete

    def _goes_to_back(self, message: Message) -> bool:
        """Received 3 times and maxReceiveCount above 3: AWS moves it to the back of the queue. [std-11]"""
        limit = self.settings.max_receive_count
        return limit is not None and limit > BACK_OF_QUEUE_RECEIVES and message.receives >= BACK_OF_QUEUE_RECEIVES

    def _chance(self, what: str, message: Message) -> float:
        return draw(self.seed, self.name, what, message.number, message.receives)
