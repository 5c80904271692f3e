"""Where a queue keeps its messages: by number, by place among the visible, by due time, by age."""

from __future__ import annotations

import sys
from heapq import heapify, heappop, heappush

from labkit.causes import DEAD_LETTERED, DELAYED, DELETED, EXPIRED, IN_FLIGHT, PURGED, REDRIVEN, STORED, VISIBLE, Cause
from labkit.rules.chance import draw
from labkit.rules.change import Change
from labkit.rules.fair_line import FairLine
from labkit.rules.faults import Faults
from labkit.rules.line import SLACK, Line
from labkit.rules.message import SECOND, Message
from labkit.rules.settings import QueueSettings, Settings
from labkit.rules.tenants import Tenants

NEVER = sys.maxsize
SERVERS = 8
REMOVED = (DELETED, EXPIRED, PURGED, DEAD_LETTERED, REDRIVEN)


class Storage:
    """Messages with what time does to them by itself: delays and visibility timeouts end, retention ends.

    Entries of the heaps carry the message's version, so that one left behind by a later change is recognised.
    `_next_timer` and `_oldest` are never later than the truth: while both lie ahead, nothing has fallen due.
    """

    _tenants: Tenants | None = None

    def __init__(self, name: str, settings: QueueSettings | None, seed: int, faults: Faults) -> None:
        self.name = name
        self.seed = seed
        self.faults = faults
        self._origin = (seed, name)
        self.settings: QueueSettings = settings or Settings()
        self.owner: tuple[object, ...] = (name,)
        self._messages: dict[int, Message] = {}
        self._in_flight = 0
        self._delayed = 0
        self._lines = [Line() for _ in range(SERVERS if faults.sample else 1)]
        # In the order of arrival a message just sent goes to the end of the one line there is, which needs no heap.
        self._keeps_order = not (faults.reorder or faults.sample)
        self._timers: list[tuple[int, int, int, Message]] = []
        self._next_timer = NEVER
        self._moved_in: list[tuple[int, int]] = []
        self._first = 0
        self._oldest = NEVER
        self._arrivals = 0
        self._settled = 0
        self._sends: dict[str, int] = {}
        self._accepted = 0
        self._redriven = 0
        self._removed = dict.fromkeys(REMOVED, 0)

    @property
    def totals(self) -> dict[str, int]:
        """How many messages ever came and went, by the way they did; what is stored is the difference."""
        removed = dict(self._removed)
        out = removed.pop(DEAD_LETTERED) + removed.pop(REDRIVEN)
        sent, came = sum(self._sends.values()) - self._redriven, self._accepted + self._redriven
        return {"sent": sent, "redriven in": came, **removed, "redriven out": out}

    def settle(self, now: int) -> list[Change]:
        """Apply every change that fell due up to `now`, each at its own time and in that order."""
        changes: list[Change] = []
        # Nearly every call finds that nothing is due, so two comparisons have to be enough to know it.
        if now >= self._next_timer or now >= self._oldest + self.settings.message_retention_period * SECOND:
            self._apply_due(now, changes)
        self._settled = now
        return changes

    def _apply_due(self, now: int, changes: list[Change]) -> None:
        while (event := self._head()) is not None and event[0] <= now:
            due, message, expires = event
            # A changed setting can make something due in the past; what was told before stays before.
            at = max(due, self._settled)
            if expires:
                changes.append(self._remove(message, at, EXPIRED, Cause.EXPIRED))
                self._lines[message.number % len(self._lines)].tidy(self._visible)
            else:
                heappop(self._timers)
                changes += self._show(message, at)
        oldest = self._oldest_message()
        self._next_timer = self._timers[0][0] if self._timers else NEVER
        self._oldest = NEVER if oldest is None else oldest.sent

    def next_event(self, now: int) -> int | None:
        """Tell when something changes by itself (microseconds, at or after `now`); None when nothing will."""
        head = self._head()
        return None if head is None else max(head[0], now)

    def next_visible(self, now: int) -> int | None:
        """Tell when a message will be visible (`now` if one is); None when none will without a call."""
        if self._visible:
            return now
        timer = self._timer_head()
        return None if timer is None else max(timer[0], now)

    def counts(self, now: int) -> tuple[dict[str, int], list[Change]]:
        """Count the messages that are visible, in flight and delayed at `now`, exactly."""
        changes = self.settle(now)
        numbers = {VISIBLE: self._visible, IN_FLIGHT: self._in_flight, DELAYED: self._delayed}
        return numbers, changes

    def first_visible(self, now: int) -> tuple[Message | None, list[Change]]:
        """The message to hand out next, left where it is, and what had come due."""
        changes = self.settle(now)
        heads = [head for line in self._lines if (head := line.head()) is not None]
        return min(heads, key=lambda one: (one.place, one.number), default=None), changes

    def stored(self) -> list[Message]:
        """All stored messages in order of arrival, for looking; nothing changes."""
        return list(self._messages.values())

    @property
    def _visible(self) -> int:
        return len(self._messages) - self._in_flight - self._delayed

    # What falls due

    def _head(self) -> tuple[int, Message, bool] | None:
        """The next change by itself: its time, its message, whether it is the end of retention."""
        timer = self._timer_head()
        oldest = self._oldest_message()
        if oldest is not None:
            expiry = oldest.sent + self.settings.message_retention_period * SECOND
            # At the same instant retention wins, so that nobody receives a message which is over.
            if timer is None or expiry <= timer[0]:
                return expiry, oldest, True
        return None if timer is None else (timer[0], timer[3], False)

    def _timer_head(self) -> tuple[int, int, int, Message] | None:
        timers = self._timers
        while timers:
            if timers[0][3].version == timers[0][2]:
                return timers[0]
            heappop(timers)
        return None

    def _oldest_message(self) -> Message | None:
        """The stored message that was sent first; numbers follow the sends, except for messages moved here."""
        # What was moved here has a number by its arrival but the age it had: it is looked for in a heap beside.
        messages, number = self._messages, self._first
        while number < self._arrivals and ((found := messages.get(number)) is None or found.moved):
            number += 1
        self._first = number
        moved_in = self._moved_in
        while moved_in and moved_in[0][1] not in messages:
            heappop(moved_in)
        own = messages.get(number)
        if moved_in and (own is None or moved_in[0] < (own.sent, number)):
            return messages[moved_in[0][1]]
        return own

    # How a message changes

    def _become(self, message: Message, after: str) -> str:
        before = message.state
        if before == IN_FLIGHT:
            self._in_flight -= 1
        elif before == DELAYED:
            self._delayed -= 1
        if after == IN_FLIGHT:
            self._in_flight += 1
        message.state = after
        message.version += 1
        return before

    def _show(self, message: Message, at: int) -> list[Change]:
        """A message whose time is over is visible again, and no more than that. [redrive-next-receive]"""
        return [self._return(message, at, Cause.DELAY_ENDED if message.state == DELAYED else Cause.TIMEOUT_ENDED)]

    def _return(self, message: Message, at: int, cause: Cause, other: str | None = None) -> Change:
        before = self._become(message, VISIBLE)
        if self._goes_to_back(message):
            message.place = self._arrivals
            self._arrivals += 1
        if self._tenants is not None:
            self._moved(message, before, VISIBLE, at)
        self._enqueue(message)
        return Change(at, self.name, message, before, VISIBLE, cause, message.receives, None, other)

    def _goes_to_back(self, message: Message) -> bool:
        """Tell whether a message that returns loses its place; a queue type with such a rule says so."""
        return False

    def _joins(self, message: Message, after: str, now: int) -> None:
        """A message came to the queue; the first one with a group makes the queue a fair one."""
        if self._tenants is None and message.group is not None:
            self._tenants = tenants = Tenants()
            self._lines = [FairLine(line, tenants) for line in self._lines]
        self._moved(message, None, after, now)

    def _moved(self, message: Message, before: str | None, after: str, at: int) -> None:
        """Note in the tenants' accounts that a message changed its state; only a queue with tenants has any."""
        if self._tenants is None:
            return
        tenant = self._tenants.moved(message, before, after, at)
        if tenant is not None and before == VISIBLE and after not in STORED:
            line = self._lines[message.number % len(self._lines)]
            assert isinstance(line, FairLine)
            line.tidy_tenant(tenant)

    def _enqueue(self, message: Message) -> None:
        line = self._lines[message.number % len(self._lines)]
        line.push(message)
        line.tidy(self._visible)

    def _first_line(self, lines: list[Line]) -> Line | None:
        """The line whose head comes next; None when nothing is visible."""
        heads = [(line.rank(head), line) for line in lines if (head := line.head()) is not None]
        return min(heads)[1] if heads else None

    def _first_of(self, lines: list[Line]) -> Message | None:
        line = self._first_line(lines)
        return None if line is None else line.pop()

    def _chance(self, what: str, message: Message) -> float:
        return draw(self.seed, self.name, what, message.number, message.receives)

    def _place(self, number: int) -> float:
        if not self.faults.reorder or draw(self.seed, self.name, "reorder", number) >= self.faults.reorder:
            return number
        return number + 0.5 + int(10 * draw(self.seed, self.name, "reorder by", number))

    def _delay(self, message: Message, now: int, seconds: int) -> None:
        message.place = self._place(message.number)
        message.state = DELAYED
        self._delayed += 1
        self._time(message, now + seconds * SECOND)

    def _time(self, message: Message, due: int) -> None:
        # The entry of an earlier due time stays in the heap, where finding it would cost O(n); its version is outdated.
        message.due = due
        heappush(self._timers, (due, message.number, message.version, message))
        self._tidy_timers()

    def _tidy_timers(self) -> None:
        """Note the next timer, and drop what changes left behind when that is most of them."""
        if len(self._timers) > SLACK + 2 * (self._in_flight + self._delayed):
            self._timers = [timer for timer in self._timers if timer[3].version == timer[2]]
            heapify(self._timers)
        if self._timers and self._timers[0][0] < self._next_timer:
            self._next_timer = self._timers[0][0]

    def _take_in(self, message: Message, now: int, source: str) -> Change:
        """Store a message that was sent to another queue: its number no longer follows its age."""
        message.number = message.place = self._arrivals
        message.moved = True
        self._arrivals += 1
        self._accepted += 1
        self._messages[message.number] = message
        self._oldest = min(self._oldest, message.sent)
        heappush(self._moved_in, (message.sent, message.number))
        if len(self._moved_in) > SLACK + 2 * len(self._messages):
            self._moved_in = [entry for entry in self._moved_in if entry[1] in self._messages]
            heapify(self._moved_in)
        before, message.state = message.state, VISIBLE
        message.version += 1
        self._joins(message, VISIBLE, now)
        self._enqueue(message)
        return Change(now, self.name, message, before, VISIBLE, Cause.MOVED_IN, message.receives, None, source)

    def _remove(self, message: Message, at: int, after: str, cause: Cause, other: str | None = None) -> Change:
        del self._messages[message.number]
        before = message.state
        if before == IN_FLIGHT:
            self._in_flight -= 1
        elif before == DELAYED:
            self._delayed -= 1
        message.state = after
        message.version += 1
        self._removed[after] += 1
        if self._tenants is not None:
            self._moved(message, before, after, at)
        return Change(at, self.name, message, before, after, cause, message.receives, None, other)

    def _forget_all(self) -> None:
        """Let go of what the lines and timers hold of an empty queue."""
        self._lines = [line.emptied() for line in self._lines]
        self._timers.clear()
        self._moved_in.clear()
        self._tenants = None
