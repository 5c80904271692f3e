"""The lives of messages: which state each was in, in which queue, from when to when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from labkit.causes import IN_FLIGHT, STORED, VISIBLE
from labkit.history.log import StateChange

LONGEST_NAME = 20


@dataclass
class Stay:
    """One stretch of a life in one state: `ended` is None while it lasts, `by` who brought the message there.

    Instants are microseconds since 1970. `until` is when the state was last set to end by itself.
    """

    state: str
    queue: str
    began: int
    by: str
    receive: int
    until: int | None = None
    ended: int | None = None


@dataclass(eq=False)
class Life:
    """One message from its sending to its end, or to now; `end` is the change that ended it."""

    message: str
    body: str
    stays: list[Stay] = field(default_factory=list)
    changes: list[StateChange] = field(default_factory=list)
    end: StateChange | None = None

    @property
    def name(self) -> str:
        """What the message is called in tables and pictures."""
        return short_name(self.message, self.body)

    def receives(self) -> list[StateChange]:
        """Every delivery to a consumer, by lab time; those that did not hide the message too."""
        return [change for change in self.changes if is_receive(change)]

    def add(self, change: StateChange) -> None:
        """Live through the next change."""
        self.changes.append(change)
        last = self.stays[-1] if self.stays else None
        if last is not None and last.ended is None:
            if change.after == last.state and change.queue == last.queue and not _takes(change):
                last.until = change.until
                return
            last.ended = change.at
        if change.after in STORED:
            stay = Stay(change.after, change.queue, change.at, change.by, change.receives, change.until)
            self.stays.append(stay)
            self.end = None
        else:
            self.end = change


def short_name(message: str, body: str) -> str:
    """Return what a message is called in tables and pictures.

    The body when it is short, the first value of a JSON object when that is short, else the message id's beginning.
    """
    for text in (body, _first_value(body)):
        if 0 < len(text) <= LONGEST_NAME and text.isprintable():
            return text
    return message[:8]


def _first_value(body: str) -> str:
    if not body.startswith("{"):
        return ""
    try:
        value = next(iter(json.loads(body).values()), "")
    except ValueError:
        return ""
    return str(value) if isinstance(value, (str, int)) else ""


def is_receive(change: StateChange) -> bool:
    """Whether the change is a delivery to a consumer, not a new visibility timeout or a return."""
    return change.before == VISIBLE and change.after in (IN_FLIGHT, VISIBLE)


def _takes(change: StateChange) -> bool:
    return change.before == VISIBLE and change.after == IN_FLIGHT


def lives(changes: Iterable[StateChange], queue: str | None = None) -> list[Life]:
    """Return the life of each message in order of sending; with `queue`, only of those that were ever in it.

    A redriven message goes on with the life that it had under its earlier id.
    """
    found: dict[str, Life] = {}
    for change in changes:
        if change.earlier in found:
            found[change.message] = found[change.earlier]
        elif change.message not in found:
            found[change.message] = Life(change.message, change.body)
        found[change.message].add(change)
    every = list(dict.fromkeys(found.values()))
    return every if queue is None else [one for one in every if any(stay.queue == queue for stay in one.stays)]


def queues(changes: Sequence[StateChange]) -> list[str]:
    """Return the names of the queues in order of their first message."""
    return list(dict.fromkeys(change.queue for change in changes))
