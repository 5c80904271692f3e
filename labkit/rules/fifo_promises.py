"""What AWS promises of a FIFO queue, one promise a method: a myth overrides exactly one of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from labkit.causes import IN_FLIGHT, Cause
from labkit.ledger import quota
from labkit.rules.change import Change
from labkit.rules.deduplication import INTERVAL, Accepted, content_id
from labkit.rules.faults import Faults
from labkit.rules.groups import Groups
from labkit.rules.message import SECOND, Message, Receipt
from labkit.rules.queue import INVALID, StandardQueue
from labkit.rules.refused import Refused
from labkit.rules.settings import QueueSettings

AT_ONCE = quota("sqs.receive.maximum_messages")
PROPAGATION = quota("sqs.attributes.propagation") * SECOND
NO_GROUP = "The request must contain the parameter MessageGroupId."
NO_DELAY = "Value {} for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid"


class FifoPromises(StandardQueue):
    """The small rules behind a FIFO queue's calls, and its messages in their groups; no fault of standard queues."""

    def __init__(
        self, name: str, settings: QueueSettings | None, seed: int, in_flight_limit: int, look_ahead: int
    ) -> None:
        super().__init__(name, settings, seed=seed, faults=Faults.none(), in_flight_limit=in_flight_limit)
        self.look_ahead = look_ahead
        self._keeps_order = False
        self._groups = Groups(self._messages, self._looks_at(), self._blocks)
        self._scopes = [(0, self.settings.deduplication_scope)]

    def _group_of(self, group: str | None) -> str:
        """Every message names its group. [sqsord-3]"""
        if group is None:
            raise Refused("MissingParameter", NO_GROUP)
        return group

    def _content_id(self, body: str, attributes: object) -> str:
        """Content-based deduplication looks at the body alone. [fifo-6]"""
        return content_id(body)

    def _is_remembered(self, accepted: Accepted, now: int) -> bool:
        """An id is remembered for 5 minutes from its accepted send, whatever became of the message. [fifo-6]"""
        return now < accepted.at + INTERVAL

    def _scope(self, now: int) -> str:
        """Deduplication counts in the queue or in a group; a changed setting acts after up to 60 seconds. [fifo-4]"""
        if self._scopes[-1][1] != self.settings.deduplication_scope:
            self._scopes.append((now + PROPAGATION, self.settings.deduplication_scope))
        while len(self._scopes) > 1 and self._scopes[1][0] <= now:
            del self._scopes[0]
        return self._scopes[0][1]

    def _delay_of(self, given: int | None) -> int | None:
        """Only the queue sets a delay: a message's own is refused, and 0 means the queue's. [fifo-message-delay]"""
        if given:
            raise Refused(INVALID, NO_DELAY.format(given) + " for this queue type.")
        return None

    def _blocks(self, message: Message) -> bool:
        """A message that is not visible holds back all that follow it in its group. [fifo-7]"""
        return True

    def _at_once(self) -> int:
        """One receive hands out up to 10 messages of one group, then of further groups. [fifo-7]"""
        return AT_ONCE

    def _looks_at(self) -> int:
        """Only the first 120,000 messages are searched for open groups. [fifo-look-ahead]"""
        return self.look_ahead

    def _is_held(self, message: Message, receipt: Receipt) -> bool:
        """A receipt handle is good until the visibility timeout ends, and no longer. [fifo-late-delete]"""
        return message.state == IN_FLIGHT and receipt.receive == message.receives

    def _goes_to_back(self, message: Message) -> bool:
        """A message keeps its place in its group, however often it was received. [fifo-7]"""
        return False

    # How a message moves

    def _taking(self, by: str, long_poll: bool) -> Callable[[], Message | None]:
        taken: deque[Message] = deque()

        def take() -> Message | None:
            if not taken:
                taken.extend(self._groups.take(self._at_once()))
            if not taken:
                return None
            message = taken.popleft()
            message.place = self._arrivals
            self._arrivals += 1
            return message

        return take

    def _hand_out(self, messages: list[Message], now: int, timeout: int, by: str, changes: list[Change]) -> None:
        super()._hand_out(messages, now, timeout, by, changes)
        for message in {message.group: message for message in messages}.values():
            self._groups.offer(message)

    def _enqueue(self, message: Message) -> None:
        self._groups.add(message)
        self._groups.show(message)

    def _delay(self, message: Message, now: int, seconds: int) -> None:
        self._groups.add(message)
        super()._delay(message, now, seconds)

    def _remove(self, message: Message, at: int, after: str, cause: Cause, other: str | None = None) -> Change:
        removed = super()._remove(message, at, after, cause, other)
        self._groups.remove(message.number, message)
        return removed

    def _forget_all(self) -> None:
        super()._forget_all()
        self._groups.forget_all()
