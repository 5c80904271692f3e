"""The event log of a lab, in order of lab time."""

from __future__ import annotations

from collections.abc import MutableSequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One API call. `at` (microseconds since 1970) is when the service acted, `began` when the caller called.

    `answer` is a short text, `error` AWS's error code or None; `messages` are the ids of the messages it names.
    `by` is the actor's name or "you"; `order` tells events of the same instant apart.
    """

    at: int
    order: int
    by: str
    service: str
    operation: str
    resource: str
    answer: str
    error: str | None
    messages: tuple[str, ...]
    parameters: dict[str, Any]
    began: int


@dataclass(frozen=True, slots=True)
class StateChange:
    """One change of a message's state in a queue, at its own time; `by` is who caused it, "time" when nobody did.

    States: "delayed", "visible", "in flight", "deleted", "expired", "purged", "dead-lettered", "redriven"; `before` is
    None for a message just sent. `receives` is how often it had been received after the change, `until` when the new
    state ends by itself if nobody does anything (None: never, or not before the end of retention). `earlier` is the id
    of the message that a redrive sent on as this new one, `group` its message group.
    """

    at: int
    order: int
    by: str
    queue: str
    message: str
    before: str | None
    after: str
    why: str
    body: str
    receives: int
    until: int | None = None
    earlier: str | None = None
    group: str | None = None


Event = Call | StateChange
_PLACE = attrgetter("at", "order")


@dataclass
class History:
    """All calls and state changes of a lab, which may be written late; reading sorts by time."""

    start: int
    events: MutableSequence[Event] = field(default_factory=list)
    _orders: int = 0

    def next_order(self) -> int:
        """Return the next place among events of the same instant; a call takes its place before its changes."""
        self._orders += 1
        return self._orders

    def in_order(self) -> list[Event]:
        """Every event by lab time; at the same instant a call stands before the changes that it caused."""
        return sorted(self.events, key=_PLACE)

    def calls(self) -> list[Call]:
        """The API calls by lab time."""
        return [event for event in self.in_order() if isinstance(event, Call)]

    def changes(self) -> list[StateChange]:
        """The state changes by lab time."""
        return [event for event in self.in_order() if isinstance(event, StateChange)]

    def of_message(self, message: str) -> list[Event]:
        """All that happened to one message, by lab time, under this id and those it had before and after a redrive."""
        ids = self._ids_of(message)
        return sorted((event for event in self.events if any(one in ids for one in _about(event))), key=_PLACE)

    def _ids_of(self, message: str) -> list[str]:
        """Every id of the message: each redrive gives it another."""
        renamed = [(e.earlier, e.message) for e in self.changes() if e.earlier]
        ids = [message]
        for earlier, later in renamed:
            ids += [later] if earlier == ids[-1] else []
        for earlier, later in reversed(renamed):
            ids[:0] = [earlier] if later == ids[0] else []
        return ids


def _about(event: Event) -> tuple[str, ...]:
    """The ids of the messages that an event is about."""
    return event.messages if isinstance(event, Call) else (event.message,)
