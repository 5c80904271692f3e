"""The event log of a lab, in order of lab time."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One API call. `at` (microseconds since 1970) is when the service acted, `began` when the caller called.

    `answer` is a short text, `error` AWS's error code or None; `messages` are the ids of the messages it touched.
    """

    at: int
    began: int
    by: str
    service: str
    operation: str
    resource: str
    answer: str
    error: str | None
    messages: tuple[str, ...]
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StateChange:
    """One change of a message's state in a queue, at its own time; `by` is who caused it, "time" when nobody did."""

    at: int
    by: str
    queue: str
    message: str
    before: str | None
    after: str
    why: str
    body: str
    receives: int


@dataclass
class History:
    """All calls and state changes. Append in any order; reading sorts by time and keeps the order of equal times."""

    calls: list[Call] = field(default_factory=list)
    changes: list[StateChange] = field(default_factory=list)

    def in_order(self) -> list[Call | StateChange]:
        """Every event by lab time; at the same instant a call stands before the changes that it caused."""
        events: list[Call | StateChange] = [*self.calls, *self.changes]
        return sorted(events, key=attrgetter("at"))

    def ordered_changes(self) -> list[StateChange]:
        """The state changes by lab time."""
        return sorted(self.changes, key=attrgetter("at"))

    def of_message(self, message: str) -> list[Call | StateChange]:
        """All that happened to one message id, by lab time."""
        return [e for e in self.in_order() if (message in e.messages if isinstance(e, Call) else e.message == message)]
