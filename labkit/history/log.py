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

    States: "delayed", "visible", "in flight", "deleted", "expired", "purged", "dead-lettered"; `before` is None for a
    message just sent. `receives` is how often it had been received after the change, `until` when the new state ends by
    itself if nobody does anything (None: never, or not before the end of retention).
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
        """All that happened to one message id, by lab time."""
        found = [e for e in self.events if (message in e.messages if isinstance(e, Call) else e.message == message)]
        return sorted(found, key=_PLACE)
