"""The misconceptions about dead-letter queues and redrives, each one override of StandardQueue."""

from __future__ import annotations

from labkit.causes import VISIBLE
from labkit.rules.change import Change
from labkit.rules.message import Message
from labkit.rules.myths.myth import believed
from labkit.rules.queue import Received, StandardQueue


@believed(
    "looking-is-no-receive",
    "Only failed work counts towards maxReceiveCount: a look at a message that leaves it visible does not.",
    "Every receive counts, whatever the receiver does with the message; a look in the console is a receive too.",
    ("redrive-counts-receives", "redrive-lapsed-timeout"),
)
class LookingIsNoReceive(StandardQueue):
    def receive(
        self, now: int, limit: int = 1, timeout: int | None = None, *, by: str = "you", long_poll: bool = False
    ) -> Received:
        received = super().receive(now, limit, timeout, by=by, long_poll=long_poll)
        for message in received.messages if timeout == 0 else ():
            message.receives -= 1
        return received


@believed(
    "last-receive-moves",
    "With a maxReceiveCount of N a consumer sees a message N - 1 times: the receive number N moves it.",
    "A message is handed out N times; the receive after that finds its count used up and moves it.",
    ("redrive-counts-receives",),
)
class LastReceiveMoves(StandardQueue):
    def _is_exhausted(self, message: Message) -> bool:
        message.receives += 1
        exhausted = super()._is_exhausted(message)
        message.receives -= 1
        return exhausted


@believed(
    "moved-when-hidden-ends",
    "A message goes to the dead-letter queue as soon as the visibility timeout of its last receive ends.",
    "The next receive that meets the message moves it; while nobody polls, it stays where it is.",
    ("redrive-counts-receives", "redrive-next-receive"),
)
class MovedWhenHiddenEnds(StandardQueue):
    def _show(self, message: Message, at: int) -> list[Change]:
        shown = super()._show(message, at)
        return shown + (self._dead_letter(message, at) if self._is_exhausted(message) else [])


@believed(
    "moving-restarts-retention",
    "The retention clock of a message starts anew when it arrives in the dead-letter queue.",
    "On a standard queue it goes on from the original send, so the dead-letter queue needs the longer retention.",
    ("redrive-keeps-send-time",),
)
class MovingRestartsRetention(StandardQueue):
    def accept(self, message: Message, now: int, source: str) -> list[Change]:
        message.sent = now
        return super().accept(message, now, source)


@believed(
    "moving-resets-count",
    "In the dead-letter queue the receive count starts again at one.",
    "The count goes on: the first receive there has the next number.",
    ("redrive-keeps-receive-count",),
)
class MovingResetsCount(StandardQueue):
    def accept(self, message: Message, now: int, source: str) -> list[Change]:
        message.receives = 0
        return super().accept(message, now, source)


@believed(
    "redrive-keeps-id",
    "A redrive brings the same message back, so its message id still recognises it.",
    "What comes back is a new message with a new id; what has to be recognised needs an id of its own in the body.",
    ("redrive-new-message",),
)
class RedriveKeepsId(StandardQueue):
    def take_redriven(self, old: Message, now: int, source: str) -> list[Change]:
        old.state, old.receives, old.sent = VISIBLE, 0, now
        return self.accept(old, now, source)


@believed(
    "redrive-keeps-count",
    "A redriven message has used up its receives: the first one there moves it to the dead-letter queue again.",
    "What comes back is a new message, whose receive count starts anew.",
    ("redrive-new-message",),
)
class RedriveKeepsCount(StandardQueue):
    def take_redriven(self, old: Message, now: int, source: str) -> list[Change]:
        changes = super().take_redriven(old, now, source)
        changes[-1].message.receives = old.receives
        return changes
