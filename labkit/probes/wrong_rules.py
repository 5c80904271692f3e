"""Worlds in which a standard queue follows another rule: the myths, and what lies beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit.causes import DELAYED, IN_FLIGHT, Effect
from labkit.probes.worlds import World
from labkit.rules import SECOND, Answered, Change, Message, Receipt, Sent, Settings, StandardQueue
from labkit.rules.myths import myth


class _NotHidden(StandardQueue):
    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        return now


class _NeverDeadLettered(StandardQueue):
    def _is_exhausted(self, message: Message) -> bool:
        return False


class _CountsFromSend(StandardQueue):
    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        return max(message.sent + timeout * SECOND, now)


class _OneAtATime(StandardQueue):
    def _taking(self, by: str, long_poll: bool) -> Callable[[], Message | None]:
        return (lambda: None) if self._in_flight else super()._taking(by, long_poll)

    def next_visible(self, now: int) -> int | None:
        timer = self._timer_head() if self._in_flight else None
        return max(timer[0], now) if timer else super().next_visible(now)


class _NeverExpires(StandardQueue):
    def _oldest_message(self) -> Message | None:
        return None


class _RetentionAsSent(StandardQueue):
    def send(self, body: str, now: int, **how: Any) -> Sent:
        sent = super().send(body, now, **how)
        self.settings = Settings(message_retention_period=self.settings.message_retention_period)
        return sent


class _ReceivingRenews(StandardQueue):
    def _hand_out(self, messages: list[Message], now: int, timeout: int, by: str, changes: list[Change]) -> None:
        super()._hand_out(messages, now, timeout, by, changes)
        for message in messages:
            message.sent = now


class _DelayRetroactive(StandardQueue):
    def settle(self, now: int) -> list[Change]:
        for message in self.stored():
            due = message.sent + self.settings.delay_seconds * SECOND
            if message.state == DELAYED and message.due != due:
                self._become(message, DELAYED)
                self._delayed += 1
                self._time(message, due)
        return super().settle(now)


class _PurgeSparesInFlight(StandardQueue):
    def purge(self, now: int) -> list[Change]:
        changes = self.settle(now)
        held = [message for message in self.stored() if message.state == IN_FLIGHT]
        for message in held:
            del self._messages[message.number]
        changes += super().purge(now)
        for message in held:
            self._messages[message.number] = message
            self._time(message, message.due)
        return changes


class _ChangeIgnored(StandardQueue):
    def _extended_until(self, message: Message, now: int, timeout: int) -> int:
        return message.due


class _ChangeOnlyExtends(StandardQueue):
    def _extended_until(self, message: Message, now: int, timeout: int) -> int:
        return max(message.due, now + timeout * SECOND)


class _KnowsRepeats(StandardQueue):
    def send(self, body: str, now: int, **how: Any) -> Sent:
        changes = self.settle(now)
        known = next((message for message in self.stored() if message.body == body), None)
        return super().send(body, now, **how) if known is None else Sent(known, changes)


class _DeletedReturns(StandardQueue):
    def delete(self, receipt: Receipt, now: int) -> Answered:
        return Answered(Effect.DELETED_AT_TIMEOUT, None, self.settle(now))


def believed_world(id: str) -> World:
    """The world in which a myth is true."""
    believed = myth(id)
    return World(
        "a world in which this is true: “{belief}”",
        rules=believed.rules,
        values={"belief": believed.belief.rstrip(".")},
    )


RECEIVING_REMOVES = believed_world("receive-removes")
RESTARTS_AT_POLL = believed_world("poll-restarts-timer")
CHANGE_ADDS_UP = believed_world("extension-adds-up")
CHANGE_REMEMBERED = believed_world("extension-remembered")
CHANGE_WITHOUT_LIMIT = believed_world("extension-without-limit")
OLD_HANDLE_DELETES = believed_world("old-handle-deletes")
LATE_DELETE_FAILS = believed_world("late-delete-fails")
CRASH_RETURNS = believed_world("crash-returns-message")
HIDDEN_UNTIL_DELETED = believed_world("hidden-until-deleted")
DELETED_FOR_GOOD = believed_world("deleted-for-good")
SHORT_POLL_ASKS_ALL = believed_world("short-poll-asks-all")
TAKES_WHOLE_WAIT = believed_world("long-poll-takes-its-wait")
FILLS_ITS_BATCH = believed_world("long-poll-fills-its-batch")
NEVER_DEAD_LETTERED = World("a world in which no message moves to a dead-letter queue", rules=_NeverDeadLettered)
NOT_HIDDEN = World("a world in which a received message is not hidden", rules=_NotHidden)
COUNTS_FROM_SEND = World("a world in which the visibility timeout counts from the send", rules=_CountsFromSend)
ONE_AT_A_TIME = World(
    "a world in which a queue hands out one message at a time, as a FIFO queue does in one group", rules=_OneAtATime
)
KNOWS_REPEATS = World("a standard queue recognises an order that is sent again", rules=_KnowsRepeats)
DELETED_RETURNS = World("a message whose consumer died after the delete comes back", rules=_DeletedReturns)
NEVER_EXPIRES = World("a world in which a message is kept until it is deleted", rules=_NeverExpires)
RETENTION_AS_SENT = World("a world in which a new retention period holds for new messages", rules=_RetentionAsSent)
RECEIVING_RENEWS = World("a world in which a receive starts the retention period again", rules=_ReceivingRenews)
DELAY_RETROACTIVE = World(
    "a world in which a changed delay also moves messages that are in the queue", rules=_DelayRetroactive
)
PURGE_SPARES_IN_FLIGHT = World("a world in which a purge leaves what is in flight", rules=_PurgeSparesInFlight)
CHANGE_IGNORED = World(
    "a world in which a received message stays hidden for its first timeout, whatever is set later",
    rules=_ChangeIgnored,
)
CHANGE_ONLY_EXTENDS = World("a world in which a timeout can be extended and not shortened", rules=_ChangeOnlyExtends)
