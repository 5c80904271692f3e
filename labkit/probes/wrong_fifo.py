"""Worlds in which a FIFO queue follows another rule: the myths, what lies beside them, and queues of lowered limits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from labkit.probes.worlds import World
from labkit.probes.wrong_rules import believed_world
from labkit.rules import Change, FifoQueue, HandedOut, Message, Refused, StandardQueue
from labkit.rules.deduplication import AcceptedSend

MOST_GROUPS = 100


class LooksAtFive(FifoQueue):
    """AWS's rules with a look-ahead of 5 messages, so that an experiment stays small."""

    def _looks_at(self) -> int:
        return 5


class TwoInFlight(FifoQueue):
    """AWS's rules with a limit of 2 messages in flight."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, in_flight_limit=2, **more)


class ThirtyCalls(FifoQueue):
    """AWS's rules with a limit of 30 API calls a second."""

    calls_a_second = 30


class _InOrder(StandardQueue):
    def _place(self, number: int) -> float:
        return number


class _NeverThrottled(FifoQueue):
    def admit(self, action: str, groups: Iterable[str], now: int) -> None: ...


class _AlwaysLow(ThirtyCalls):
    def admit(self, action: str, groups: Iterable[str], now: int) -> None:
        super().admit(action, ["one"], now)


class _StandardThrottled(StandardQueue):
    """Half of what arrives in a second is all that a standard queue takes."""

    def counts(self, now: int) -> tuple[dict[str, int], list[Change]]:
        numbers, changes = super().counts(now)
        return {state: number // 2 for state, number in numbers.items()}, changes


class _HundredGroups(FifoQueue):
    def _group_of(self, group: str | None) -> str:
        known = {message.group for message in self.stored()}
        if group not in known and len(known) >= MOST_GROUPS:
            raise Refused("OverLimit", "Too many message groups.")
        return super()._group_of(group)


class _NeverRemembered(FifoQueue):
    def _is_remembered(self, accepted: AcceptedSend, now: int) -> bool:
        return False


class _PurgeKeepsIds(FifoQueue):
    def purge(self, now: int) -> list[Change]:
        return StandardQueue.purge(self, now)


class _ScopeAtOnce(FifoQueue):
    def _scope(self, now: int) -> str:
        return self.settings.deduplication_scope


class _DelayNotRetroactive(FifoQueue):
    def settle(self, now: int) -> list[Change]:
        self._known_delay = self.settings.delay_seconds
        return super().settle(now)


class _NeverExhausted(FifoQueue):
    def _is_exhausted(self, message: Message) -> bool:
        return False


class _OverLimit(TwoInFlight):
    def receive(self, now: int, limit: int = 1, timeout: int | None = None, **how: Any) -> HandedOut:
        if self._in_flight >= self.in_flight_limit:
            raise Refused("OverLimit", "Too many messages in flight.")
        return super().receive(now, limit, timeout, **how)


EXACTLY_ONCE = believed_world("fifo-exactly-once")
UNTIL_DELETED = believed_world("deduplication-until-deleted")
FOR_EVER = believed_world("deduplication-for-ever")
WITH_ATTRIBUTES = believed_world("content-includes-attributes")
ALWAYS_QUEUE_WIDE = believed_world("deduplication-always-queue-wide")
GROUP_IN_PARALLEL = believed_world("group-in-parallel")
ONE_OF_A_GROUP = believed_world("one-of-a-group-at-once")
HIDES_NOTHING = believed_world("backlog-hides-nothing")
GROUP_OPTIONAL = believed_world("group-id-optional")
LATE_DELETE = believed_world("late-delete-on-fifo")
MESSAGE_DELAY = believed_world("fifo-message-delay")
IN_ORDER = World("a world in which standard queues keep the order", rules=_InOrder)
NEVER_THROTTLED = World("a world in which FIFO queues have no throughput limit", rules=_NeverThrottled)
ALWAYS_LOW = World("a world in which high throughput changes nothing", rules=_AlwaysLow)
STANDARD_THROTTLED = World("a world in which standard queues have a throughput limit", rules=_StandardThrottled)
HUNDRED_GROUPS = World("a world in which a queue can have 100 message groups", rules=_HundredGroups)
NEVER_REMEMBERED = World("a world in which no send is a duplicate", rules=_NeverRemembered)
PURGE_KEEPS_IDS = World("a world in which a purge keeps the deduplication ids", rules=_PurgeKeepsIds)
SCOPE_AT_ONCE = World("a world in which a changed scope acts at once", rules=_ScopeAtOnce)
DELAY_NOT_RETROACTIVE = World(
    "a world in which a changed delay acts on later messages alone", rules=_DelayNotRetroactive
)
NEVER_EXHAUSTED = World("a world in which nothing moves to the dead-letter queue", rules=_NeverExhausted)
OVER_LIMIT = World("a world in which FIFO queues answer OverLimit", rules=_OverLimit)
