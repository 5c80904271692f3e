"""The event log of a lab, in order of lab time."""

from __future__ import annotations

from collections.abc import Callable, MutableSequence
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import Any

from labkit.causes import Cause, Done, Filtering, Mismatch, Obstacle, Result, Step
from labkit.words import causes as words
from labkit.words.filters import why_not


@dataclass(frozen=True, slots=True)
class Call:
    """One API call. `at` (microseconds since 1970) is when the service acted, `began` when the caller called.

    `error` is AWS's error code or None; `messages` are the ids of the messages it names; `by` is the actor's name or
    "you"; `order` tells events of the same instant apart. `result` counts what came back (None: of a service that
    nobody reads here), `effects` say what happened to single messages.
    """

    at: int
    order: int
    by: str
    service: str
    operation: str
    resource: str
    error: str | None
    messages: tuple[str, ...]
    parameters: dict[str, Any]
    began: int
    result: Result | None = None
    effects: tuple[Done, ...] = ()

    @property
    def answer(self) -> str:
        """What came back, as a short text for people: the error code if there is one."""
        return self.error or words.answer(self.result, self.effects)


@dataclass(frozen=True, slots=True)
class StateChange:
    """One change of a message's state in a queue, at its own time; `by` is who caused it, "time" when nobody did.

    States: "delayed", "visible", "in flight", "deleted", "expired", "purged", "dead-lettered", "redriven"; `before` is
    None for a message just sent. `receives` is how often it had been received after the change, `until` when the new
    state ends by itself if nobody does anything (None: never, or not before the end of retention). `earlier` is the id
    of the message that a redrive sent on as this new one, `group` its message group. `seconds` and `other` are what
    `cause` names, where it names something.
    """

    at: int
    order: int
    by: str
    queue: str
    message: str
    before: str | None
    after: str
    cause: Cause
    body: str
    receives: int
    until: int | None = None
    earlier: str | None = None
    group: str | None = None
    seconds: int | None = None
    other: str | None = None

    @property
    def why(self) -> str:
        """Why the state changed, as a short text for people; code decides by `cause`."""
        return words.why(self.cause, self.receives, self.seconds, self.other)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one published message, at its topic (`endpoint` is None) or on its way to one subscriber.

    One that was published to a number or an endpoint names it at its first step, and as its topic.

    `message` is the MessageId that Publish answered, `copy` that of the message it became in a queue. `endpoint` is
    the queue's name, the address or the number; `attempt` counts the tries from 1; `until` is when the next one comes.
    `detail` and `other` are what `step` and `obstacle` name, where they name something; `mismatch` is why a filter
    policy's key `detail` kept it back, with the values that it `found` there. `size` in bytes stands at what was
    published, `replayed` is what an archive brings, and what SNS says of its own was not published.
    """

    at: int
    order: int
    by: str
    topic: str
    message: str
    step: Step
    body: str
    protocol: str | None = None
    endpoint: str | None = None
    attempt: int = 0
    copy: str | None = None
    obstacle: Obstacle | None = None
    detail: str | None = None
    other: str | None = None
    until: int | None = None
    group: str | None = None
    mismatch: Mismatch | None = None
    found: tuple[str, ...] = ()
    filtering: Filtering | None = None
    size: int | None = None
    replayed: bool = False
    was_published: bool = True

    @property
    def reason(self) -> str:
        """Why it was not delivered, as a short text for people; none where it was."""
        if self.mismatch is not None:
            return why_not(self.mismatch, self.detail or "", self.found)
        return "" if self.obstacle is None else words.obstacle(self.obstacle, self.detail)

    @property
    def why(self) -> str:
        """What became of it, as a short text for people; code decides by `step` and `obstacle`."""
        return words.step(self.step, self.endpoint, self.other, self.reason)


@dataclass(slots=True)
class Slept:
    """An actor slept, which is how it works in lab time; `ended` lies ahead while it still sleeps."""

    by: str
    began: int
    ended: int


Event = Call | StateChange | Delivery
_PLACE = attrgetter("at", "order")


@dataclass
class History:
    """All calls and state changes of a lab, which may be written late; reading sorts by time."""

    start: int
    events: MutableSequence[Event] = field(default_factory=list)
    sleeps: list[Slept] = field(default_factory=list)
    _orders: int = 0

    def next_order(self) -> int:
        """Return the next place among events of the same instant; a call takes its place before its changes."""
        self._orders += 1
        return self._orders

    def sleeping(self, by: str, now: int, until: int) -> Callable[[int], None]:
        """Note that an actor sleeps; what is returned corrects the end, if the actor was woken or ended earlier."""
        slept = Slept(by, now, until)
        self.sleeps.append(slept)
        return partial(setattr, slept, "ended")

    def in_order(self) -> list[Event]:
        """Every event by lab time; at the same instant a call stands before the changes that it caused."""
        return sorted(self.events, key=_PLACE)

    def calls(self) -> list[Call]:
        """The API calls by lab time."""
        return [event for event in self.in_order() if isinstance(event, Call)]

    def changes(self) -> list[StateChange]:
        """The state changes by lab time."""
        return [event for event in self.in_order() if isinstance(event, StateChange)]

    def deliveries(self) -> list[Delivery]:
        """What became of published messages, by lab time."""
        return [event for event in self.in_order() if isinstance(event, Delivery)]

    def of_message(self, message: str) -> list[Event]:
        """All that happened to one message, by lab time, under this id and those it had before and after a redrive.

        To a published message also what happened to its copies.
        """
        copies = {one.copy for one in self.events if isinstance(one, Delivery) and one.message == message and one.copy}
        ids = {id for one in (message, *copies) for id in self._ids_of(one)}
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
    if isinstance(event, Call):
        return event.messages
    if isinstance(event, Delivery) and event.copy is not None:
        return event.message, event.copy
    return (event.message,)
