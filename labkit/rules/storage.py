"""Where a queue keeps its messages: by number, by place among the visible, by due time, by age."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from labkit.rules import change as state
from labkit.rules.change import Change
from labkit.rules.message import SECOND, Message
from labkit.rules.settings import QueueSettings, Settings

Heap = list[tuple[float, int, int]]


class Storage:
    """Messages with what time does to them by itself: delays and visibility timeouts end, retention ends.

    Entries of the heaps carry the message's version, so that one left behind by a later change is recognised.
    """

    def __init__(self, name: str, settings: QueueSettings | None, servers: int) -> None:
        self.name = name
        self.settings: QueueSettings = settings or Settings()
        self.totals = dict.fromkeys(("sent", "redriven in", "deleted", "expired", "purged", "redriven out"), 0)
        self._messages: dict[int, Message] = {}
        self._counts = {state.VISIBLE: 0, state.IN_FLIGHT: 0, state.DELAYED: 0}
        self._visible: list[Heap] = [[] for _ in range(servers)]
        self._timers: list[tuple[int, int, int]] = []
        self._ages: list[tuple[int, int]] = []
        self._arrivals = 0
        self._settled = 0
        self.owner: tuple[object, ...] = (name,)

    def settle(self, now: int) -> list[Change]:
        """Apply every change that fell due up to `now`, each at its own time and in that order."""
        changes: list[Change] = []
        while (event := self._head()) is not None and event[0] <= now:
            due, message, expires = event
            at = max(due, self._settled)
            if expires:
                heappop(self._ages)
                changes.append(self._remove(message, at, state.EXPIRED, "the retention period ended"))
            else:
                heappop(self._timers)
                changes.append(self._show(message, at))
        self._settled = max(self._settled, now)
        return changes

    def next_event(self, now: int) -> int | None:
        """Tell when something changes by itself (microseconds, at or after `now`); None when nothing will."""
        head = self._head()
        return None if head is None else max(head[0], now)

    def next_visible(self, now: int) -> int | None:
        """Tell when a message will be visible (`now` if one is); None when none will without a call."""
        if self._counts[state.VISIBLE]:
            return now
        head = self._timer_head()
        return None if head is None else max(head[0], now)

    def _head(self) -> tuple[int, Message, bool] | None:
        """The next change by itself: its time, its message, whether it is the end of retention."""
        timer = self._timer_head()
        ages = self._ages
        while ages and ages[0][1] not in self._messages:
            heappop(ages)
        if ages:
            expiry = ages[0][0] + self.settings.message_retention_period * SECOND
            if timer is None or expiry <= timer[0]:
                return expiry, self._messages[ages[0][1]], True
        return None if timer is None else (timer[0], self._messages[timer[1]], False)

    def _timer_head(self) -> tuple[int, int, int] | None:
        timers = self._timers
        messages = self._messages
        while timers:
            message = messages.get(timers[0][1])
            if message is not None and message.version == timers[0][2]:
                return timers[0]
            heappop(timers)
        return None

    def counts(self, now: int) -> tuple[dict[str, int], list[Change]]:
        """Count the messages that are visible, in flight and delayed at `now`, exactly."""
        changes = self.settle(now)
        return dict(self._counts), changes

    def stored(self) -> list[Message]:
        """All stored messages in order of arrival, for looking; nothing changes."""
        return list(self._messages.values())

    def _store(self, message: Message) -> None:
        self._messages[message.number] = message
        self._counts[message.state] += 1
        heappush(self._ages, (message.sent, message.number))

    def _enqueue(self, message: Message) -> None:
        heap = self._visible[message.number % len(self._visible)]
        heappush(heap, (message.place, message.number, message.version))

    def _become(self, message: Message, after: str) -> str:
        before = message.state
        self._counts[before] -= 1
        self._counts[after] += 1
        message.state = after
        message.version += 1
        return before

    def _show(self, message: Message, at: int) -> Change:
        why = "the delay ended" if message.state == state.DELAYED else "the visibility timeout ended"
        return self._return(message, at, why)

    def _return(self, message: Message, at: int, why: str) -> Change:
        before = self._become(message, state.VISIBLE)
        if self._goes_to_back(message):
            message.place = self._arrivals
            self._arrivals += 1
        self._enqueue(message)
        return Change(at, self.name, message, before, state.VISIBLE, why)

    def _goes_to_back(self, message: Message) -> bool:
        """Tell whether a message that returns loses its place; a queue type with such a rule says so."""
        return False

    def _take(self, heaps: list[Heap]) -> Message | None:
        best: Heap | None = None
        for heap in heaps:
            while heap:
                message = self._messages.get(heap[0][1])
                if message is not None and message.version == heap[0][2]:
                    break
                heappop(heap)
            if heap and (best is None or heap[0] < best[0]):
                best = heap
        return None if best is None else self._messages[heappop(best)[1]]

    def _time(self, message: Message, due: int) -> None:
        message.due = due
        heappush(self._timers, (due, message.number, message.version))
        if len(self._timers) > 64 + 2 * (self._counts[state.IN_FLIGHT] + self._counts[state.DELAYED]):
            self._forget_old_timers()

    def _forget_old_timers(self) -> None:
        live = self._messages
        self._timers = [t for t in self._timers if t[1] in live and live[t[1]].version == t[2]]
        heapify(self._timers)

    def _remove(self, message: Message, at: int, after: str, why: str) -> Change:
        del self._messages[message.number]
        self._counts[message.state] -= 1
        before, message.state = message.state, after
        message.version += 1
        self.totals["redriven out" if after == state.DEAD_LETTERED else after] += 1
        return Change(at, self.name, message, before, after, why)
