"""What AWS promises of a standard queue, one promise a method: a myth overrides exactly one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial

from labkit.ledger import quota
from labkit.rules.chance import draw
from labkit.rules.faults import Faults
from labkit.rules.limits import LONGEST_HIDDEN
from labkit.rules.line import Line
from labkit.rules.message import SECOND, Message, Receipt
from labkit.rules.settings import QueueSettings
from labkit.rules.storage import Storage

BACK_OF_QUEUE_RECEIVES = quota("sqs.redrive.move_to_back_receives")
SERVERS = 8
LONGEST = LONGEST_HIDDEN * SECOND


class Promises(Storage):
    """The small rules behind a standard queue's calls, and the chance that AWS leaves."""

    def __init__(self, name: str, settings: QueueSettings | None, seed: int, faults: Faults) -> None:
        super().__init__(name, settings, SERVERS if faults.sample else 1)
        self.faults = faults
        self.seed = seed
        self._origin = (seed, name)
        self._polls: defaultdict[str, int] = defaultdict(int)
        self._keeps_order = not (faults.reorder or faults.sample)

    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        """The visibility timeout counts from the receive, and a changed one is not remembered. [vis-2] [vis-6]"""
        return now + timeout * SECOND

    def _polled(self, now: int) -> None:
        """A poll does nothing to the messages in flight. [vis-2]"""

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

    def _held_by(self, consumer: str) -> list[Message]:
        """SQS does not know its consumers, so when one crashes nothing is given back. [vis-7]"""
        return []

    def _comes_back(self, message: Message) -> bool:
        """A deleted message may come back, where a server with a copy was away. [std-10]"""
        return self._chance("undelete", message) < self.faults.undelete

    def _goes_to_back(self, message: Message) -> bool:
        """Received 3 times and maxReceiveCount above 3: AWS moves it to the back of the queue. [std-11]"""
        limit = self.settings.max_receive_count
        return limit is not None and limit > BACK_OF_QUEUE_RECEIVES and message.receives >= BACK_OF_QUEUE_RECEIVES

    def _chance(self, what: str, message: Message) -> float:
        return draw(self.seed, self.name, what, message.number, message.receives)

    def _place(self, number: int) -> float:
        if not self.faults.reorder or draw(self.seed, self.name, "reorder", number) >= self.faults.reorder:
            return number
        return number + 0.5 + int(10 * draw(self.seed, self.name, "reorder by", number))

    def _taking(self, by: str, long_poll: bool) -> Callable[[], Message | None]:
        """The function that takes out the next message of the servers that a receive asks."""
        return self._lines[0].pop if len(self._lines) == 1 else partial(self._first_of, self._asked(by, long_poll))

    def _asked(self, by: str, long_poll: bool) -> list[Line]:
        """A long poll asks all servers, a short poll a sample of them. [longpoll-2]"""
        if long_poll:
            return self._lines
        nth = self._polls[by]
        self._polls[by] = nth + 1
        names = (self.seed, self.name, "sample", by, nth)
        asked = [line for i, line in enumerate(self._lines) if draw(*names, i) >= self.faults.sample]
        return asked or [self._lines[nth % SERVERS]]
