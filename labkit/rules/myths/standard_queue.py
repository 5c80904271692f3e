"""The misconceptions about standard queues, each one override of StandardQueue; see the ledger's misconceptions."""

from __future__ import annotations

from labkit.causes import DELETED, IN_FLIGHT, Cause
from labkit.ledger import quota
from labkit.rules.change import Change
from labkit.rules.limits import LONGEST_HIDDEN
from labkit.rules.line import Line
from labkit.rules.message import SECOND, Message, Receipt
from labkit.rules.myths.myth import believed
from labkit.rules.queue import StandardQueue

NEVER = 1_000_000 * 3_600 * SECOND
MOST_IN_ONE_RECEIVE = quota("sqs.receive.maximum_messages")


@believed(
    "receive-removes",
    "Receiving a message removes it from the queue.",
    "Receiving only hides a message for the visibility timeout; DeleteMessage removes it.",
    ("vis-1", "vis-4", "consume-5"),
)
class ReceiveRemoves(StandardQueue):
    def _hand_out(self, messages: list[Message], now: int, timeout: int, by: str, changes: list[Change]) -> None:
        for message in messages:
            message.receives += 1
            message.received = now
            changes.append(self._remove(message, now, DELETED, Cause.RECEIVED_REMOVED))


@believed(
    "poll-restarts-timer",
    "The visibility timer of a message in flight starts again at every poll, whoever polls.",
    "The timer counts from the message's own receive; only ChangeMessageVisibility moves its end.",
    ("vis-2", "vis-4"),
)
class PollRestartsTimer(StandardQueue):
    def _polled(self, now: int) -> None:
        for message in self.stored():
            if message.state == IN_FLIGHT:
                self._become(message, IN_FLIGHT)
                self._time(message, self._hidden_until(message, now, self.settings.visibility_timeout))


@believed(
    "extension-adds-up",
    "ChangeMessageVisibility adds its seconds to the time that is left.",
    "The new visibility timeout counts from the moment of the call, so it can also make the time shorter.",
    ("vis-6",),
)
class ExtensionAddsUp(StandardQueue):
    def _extended_until(self, message: Message, now: int, timeout: int) -> int:
        return message.due + timeout * SECOND


@believed(
    "extension-remembered",
    "A message keeps the visibility timeout that ChangeMessageVisibility gave it for its later receives.",
    "A changed timeout counts once; the next receive hides the message for the queue's timeout again.",
    ("vis-6",),
)
class ExtensionRemembered(StandardQueue):
    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        return now + (timeout if message.extension is None else message.extension) * SECOND


@believed(
    "extension-without-limit",
    "A message can be kept in flight for ever, as each extension has its own limit of 12 hours.",
    "The 12 hours count from the receive; an extension beyond them is refused.",
    ("vis-6",),
)
class ExtensionWithoutLimit(StandardQueue):
    def _latest_end(self, message: Message, now: int) -> int:
        return now + LONGEST_HIDDEN * SECOND


@believed(
    "old-handle-deletes",
    "Every receipt handle that a message ever had deletes it.",
    "Only the handle of the latest receive counts: with an older one the request succeeds, but the message may stay.",
    ("consume-5", "vis-4"),
)
class OldHandleDeletes(StandardQueue):
    def _is_current(self, message: Message, receipt: Receipt) -> bool:
        return True


@believed(
    "delete-takes-it-from-anyone",
    "DeleteMessage takes a message in flight from whoever holds it now, with an earlier handle too.",
    "The consumer that received the message last holds the handle that counts; an earlier one may delete nothing.",
    ("consume-5", "vis-4"),
)
class DeleteTakesItFromAnyone(StandardQueue):
    def _is_current(self, message: Message, receipt: Receipt) -> bool:
        return message.state == IN_FLIGHT or receipt.receive == message.receives


@believed(
    "late-delete-fails",
    "Once the visibility timeout has ended, the receipt handle no longer deletes.",
    "The latest handle still deletes the message until somebody else has received it.",
    ("consume-5", "vis-5"),
)
class LateDeleteFails(StandardQueue):
    def _is_current(self, message: Message, receipt: Receipt) -> bool:
        return message.state == IN_FLIGHT and receipt.receive == message.receives


@believed(
    "crash-returns-message",
    "When a consumer crashes, SQS notices and its messages return to the queue at once.",
    "SQS does not watch its consumers: the message stays hidden until its visibility timeout ends.",
    ("vis-7",),
)
class CrashReturnsMessage(StandardQueue):
    def _held_by(self, consumer: str) -> list[Message]:
        return [one for one in self.stored() if one.state == IN_FLIGHT and one.holder == consumer]


@believed(
    "hidden-until-deleted",
    "A received message stays hidden until it is deleted: the visibility timeout never ends by itself.",
    "When the visibility timeout ends, the message is visible again and any consumer can receive it.",
    ("vis-4", "vis-5"),
)
class HiddenUntilDeleted(StandardQueue):
    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        return now + NEVER


@believed(
    "deleted-for-good",
    "A message that was deleted is never delivered again.",
    "On a standard queue a server that was away at the delete may hand its copy out later.",
    ("std-10",),
)
class DeletedForGood(StandardQueue):
    def _comes_back(self, message: Message) -> bool:
        return False


@believed(
    "short-poll-asks-all",
    "An empty answer means an empty queue.",
    "A short poll asks some of the servers only, and messages in flight or delayed are not handed out.",
    ("longpoll-2",),
)
class ShortPollAsksAll(StandardQueue):
    def _asked(self, by: str, long_poll: bool) -> list[Line]:
        return self._lines


@believed(
    "long-poll-takes-its-wait",
    "A long poll takes its whole wait: with WaitTimeSeconds=20 every receive needs 20 seconds.",
    "The wait ends as soon as a message is there; the 20 seconds are the longest that it takes.",
    ("longpoll-3", "receive-wait-ends-early"),
)
class LongPollTakesItsWait(StandardQueue):
    def next_visible(self, now: int) -> int | None:
        return None


@believed(
    "long-poll-fills-its-batch",
    "A long poll waits until it can return ten messages.",
    "It returns as soon as one message is there, with as many as there are then.",
    ("longpoll-not-filled",),
)
class LongPollFillsItsBatch(StandardQueue):
    def next_visible(self, now: int) -> int | None:
        return now if self._visible >= MOST_IN_ONE_RECEIVE else None
