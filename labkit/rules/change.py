"""The states of a message and the record of one change between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from labkit.rules.message import Message

DELAYED = "delayed"
VISIBLE = "visible"
IN_FLIGHT = "in flight"
DELETED = "deleted"
EXPIRED = "expired"
PURGED = "purged"
DEAD_LETTERED = "dead-lettered"

STORED = frozenset({DELAYED, VISIBLE, IN_FLIGHT})


class Change(NamedTuple):
    """One change of a message's state: `at` in microseconds since 1970; `before` is None for a message just sent."""

    at: int
    queue: str
    message: Message
    before: str | None
    after: str
    why: str
