"""Worlds in which a standard queue follows another rule: each is one belief, as the rules that would make it true."""

from __future__ import annotations

from heapq import heapify
from typing import Any

from labkit.probes.worlds import World
from labkit.rules import SECOND, Answered, Change, Message, Receipt, Received, Refused, StandardQueue
from labkit.rules.change import DELAYED, DELETED, IN_FLIGHT, VISIBLE

FOR_EVER = 10**18


class _NotHidden(StandardQueue):
    def _hand_out(self, message: Message, now: int, timeout: int, copies: list[Message]) -> Change:
        return super()._hand_out(message, now, 0, copies)


class _HiddenUntilDeleted(StandardQueue):
    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        return FOR_EVER


class _CountsFromSend(StandardQueue):
    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        return max(message.sent + timeout * SECOND, now)


class _NoticesCrash(StandardQueue):
    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        return now + min(timeout, 5) * SECOND


class _RestartsAtPoll(StandardQueue):
    def receive(self, now: int, limit: int = 1, timeout: int | None = None, **options: Any) -> Received:
        changes = self.settle(now)
        for message in self.stored():
            if message.state == IN_FLIGHT:
                self._become(message, IN_FLIGHT)
                self._time(message, now + self.settings.visibility_timeout * SECOND)
        got = super().receive(now, limit, timeout, **options)
        return Received(got.messages, changes + got.changes)


class _OneAtATime(StandardQueue):
    def receive(self, now: int, limit: int = 1, timeout: int | None = None, **options: Any) -> Received:
        numbers, changes = self.counts(now)
        if numbers[IN_FLIGHT]:
            return Received([], changes)
        got = super().receive(now, limit, timeout, **options)
        return Received(got.messages, changes + got.changes)

    def next_visible(self, now: int) -> int | None:
        timers = [message.due for message in self.stored() if message.state == IN_FLIGHT]
        return max(min(timers), now) if timers else super().next_visible(now)


class _ReceivingRemoves(StandardQueue):
    def receive(self, now: int, limit: int = 1, timeout: int | None = None, **options: Any) -> Received:
        got = super().receive(now, limit, timeout, **options)
        removed = [self._remove(message, now, DELETED, "received") for message in got.messages]
        return Received(got.messages, got.changes + removed)


class _NeverExpires(StandardQueue):
    def _store(self, message: Message) -> None:
        super()._store(message)
        self._ages.clear()


class _ReceivingRenews(StandardQueue):
    def _hand_out(self, message: Message, now: int, timeout: int, copies: list[Message]) -> Change:
        self._ages = [(now if number == message.number else sent, number) for sent, number in self._ages]
        heapify(self._ages)
        return super()._hand_out(message, now, timeout, copies)


class _DelayRetroactive(StandardQueue):
    def settle(self, now: int) -> list[Change]:
        for message in self.stored():
            due = message.sent + self.settings.delay_seconds * SECOND
            if message.state == DELAYED and message.due != due:
                self._become(message, DELAYED)
                self._time(message, due)
        return super().settle(now)


class _PurgeSparesInFlight(StandardQueue):
    def purge(self, now: int) -> list[Change]:
        changes = self.settle(now)
        held = {
            message.number: self._messages.pop(message.number)
            for message in self.stored()
            if message.state == IN_FLIGHT
        }
        changes += super().purge(now)
        self._messages |= held
        return changes


class _ChangeIgnored(StandardQueue):
    def _extended_until(self, message: Message, now: int, timeout: int) -> int:
        return message.due


class _ChangeAddsUp(StandardQueue):
    def _extended_until(self, message: Message, now: int, timeout: int) -> int:
        return message.due + timeout * SECOND


class _ChangeOnlyExtends(StandardQueue):
    def _extended_until(self, message: Message, now: int, timeout: int) -> int:
        return max(message.due, now + timeout * SECOND)


class _ChangeRemembered(StandardQueue):
    def change_visibility(self, receipt: Receipt, timeout: int, now: int) -> Answered:
        self.remembered = timeout
        return super().change_visibility(receipt, timeout, now)

    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        return now + getattr(self, "remembered", timeout) * SECOND


class _LateDeleteFails(StandardQueue):
    def delete(self, receipt: Receipt, now: int) -> Answered:
        self.settle(now)
        message = self._messages.get(receipt.number)
        if message is not None and message.state == VISIBLE:
            raise Refused("InvalidParameterValue", "The receipt handle has expired.")
        return super().delete(receipt, now)


NOT_HIDDEN = World("not hidden", rules=_NotHidden)
HIDDEN_UNTIL_DELETED = World("hidden until deleted", rules=_HiddenUntilDeleted)
COUNTS_FROM_SEND = World("counts from send", rules=_CountsFromSend)
NOTICES_CRASH = World("notices crash", rules=_NoticesCrash)
RESTARTS_AT_POLL = World("restarts at poll", rules=_RestartsAtPoll)
ONE_AT_A_TIME = World("one at a time", rules=_OneAtATime)
RECEIVING_REMOVES = World("receiving removes", rules=_ReceivingRemoves)
NEVER_EXPIRES = World("never expires", rules=_NeverExpires)
RECEIVING_RENEWS = World("receiving renews", rules=_ReceivingRenews)
DELAY_RETROACTIVE = World("delay retroactive", rules=_DelayRetroactive)
PURGE_SPARES_IN_FLIGHT = World("purge spares in flight", rules=_PurgeSparesInFlight)
CHANGE_IGNORED = World("change ignored", rules=_ChangeIgnored)
CHANGE_ADDS_UP = World("change adds up", rules=_ChangeAddsUp)
CHANGE_ONLY_EXTENDS = World("change only extends", rules=_ChangeOnlyExtends)
CHANGE_REMEMBERED = World("change remembered", rules=_ChangeRemembered)
LATE_DELETE_FAILS = World("late delete fails", rules=_LateDeleteFails)
