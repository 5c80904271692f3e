"""The beliefs about dead-letter queues and redrives, each one override of StandardQueue."""

from __future__ import annotations

from labkit.causes import VISIBLE
from labkit.rules.answers import HandedOut
from labkit.rules.change import Change
from labkit.rules.message import Message
from labkit.rules.queue import StandardQueue


class LookingIsNoReceive(StandardQueue):
    def receive(
        self, now: int, limit: int = 1, timeout: int | None = None, *, by: str = "you", long_poll: bool = False
    ) -> HandedOut:
        received = super().receive(now, limit, timeout, by=by, long_poll=long_poll)
        for message in received.messages if timeout == 0 else ():
            message.receives -= 1
        return received


class LastReceiveMoves(StandardQueue):
    def _is_exhausted(self, message: Message) -> bool:
        message.receives += 1
        exhausted = super()._is_exhausted(message)
        message.receives -= 1
        return exhausted


class MovedWhenHiddenEnds(StandardQueue):
    def _show(self, message: Message, at: int) -> list[Change]:
        shown = super()._show(message, at)
        return shown + (self._dead_letter(message, at) if self._is_exhausted(message) else [])


class MovingRestartsRetention(StandardQueue):
    def accept(self, message: Message, now: int, source: str) -> list[Change]:
        message.sent = now
        return super().accept(message, now, source)


class MovingResetsCount(StandardQueue):
    def accept(self, message: Message, now: int, source: str) -> list[Change]:
        message.receives = 0
        return super().accept(message, now, source)


class RedriveKeepsId(StandardQueue):
    def take_redriven(self, old: Message, now: int, source: str) -> list[Change]:
        old.state, old.receives, old.sent = VISIBLE, 0, now
        return self.accept(old, now, source)


class RedriveKeepsCount(StandardQueue):
    def take_redriven(self, old: Message, now: int, source: str) -> list[Change]:
        changes = super().take_redriven(old, now, source)
        changes[-1].message.receives = old.receives
        return changes
