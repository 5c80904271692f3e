"""The beliefs about standard queues, each one override of StandardQueue."""

from __future__ import annotations

from labkit.causes import DELETED, IN_FLIGHT, Cause
from labkit.ledger import quota
from labkit.rules.change import Change
from labkit.rules.limits import LONGEST_HIDDEN
from labkit.rules.line import Line
from labkit.rules.message import SECOND, Message, Receipt
from labkit.rules.queue import StandardQueue

NEVER = 1_000_000 * 3_600 * SECOND
MOST_IN_ONE_RECEIVE = quota("sqs.receive.maximum_messages")


class ReceiveRemoves(StandardQueue):
    def _hand_out(self, messages: list[Message], now: int, timeout: int, by: str, changes: list[Change]) -> None:
        for message in messages:
            message.receives += 1
            message.received = now
            changes.append(self._remove(message, now, DELETED, Cause.RECEIVED_REMOVED))


class PollRestartsTimer(StandardQueue):
    def _polled(self, now: int) -> None:
        for message in self.stored():
            if message.state == IN_FLIGHT:
                self._become(message, IN_FLIGHT)
                self._time(message, self._hidden_until(message, now, self.settings.visibility_timeout))


class ExtensionAddsUp(StandardQueue):
    def _extended_until(self, message: Message, now: int, timeout: int) -> int:
        return message.due + timeout * SECOND


class ExtensionRemembered(StandardQueue):
    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        return now + (timeout if message.extension is None else message.extension) * SECOND


class ExtensionWithoutLimit(StandardQueue):
    def _latest_end(self, message: Message, now: int) -> int:
        return now + LONGEST_HIDDEN * SECOND


class OldHandleDeletes(StandardQueue):
    def _is_current(self, message: Message, receipt: Receipt) -> bool:
        return True


class DeleteTakesItFromAnyone(StandardQueue):
    def _is_current(self, message: Message, receipt: Receipt) -> bool:
        return message.state == IN_FLIGHT or receipt.receive == message.receives


class LateDeleteFails(StandardQueue):
    def _is_current(self, message: Message, receipt: Receipt) -> bool:
        return message.state == IN_FLIGHT and receipt.receive == message.receives


class CrashReturnsMessage(StandardQueue):
    def _held_by(self, consumer: str) -> list[Message]:
        return [one for one in self.stored() if one.state == IN_FLIGHT and one.holder == consumer]


class HiddenUntilDeleted(StandardQueue):
    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        return now + NEVER


class DeletedForGood(StandardQueue):
    def _comes_back(self, message: Message) -> bool:
        return False


class ShortPollAsksAll(StandardQueue):
    def _asked(self, by: str, long_poll: bool) -> list[Line]:
        return self._lines


class LongPollTakesItsWait(StandardQueue):
    def next_visible(self, now: int) -> int | None:
        return None


class LongPollFillsItsBatch(StandardQueue):
    def next_visible(self, now: int) -> int | None:
        return now if self._visible >= MOST_IN_ONE_RECEIVE else None
