"""The states of a message and the record of one change between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labkit.rules.message import Message

DELAYED = "delayed"
VISIBLE = "visible"
IN_FLIGHT = "in flight"
DELETED = "deleted"
EXPIRED = "expired"
PURGED = "purged"
DEAD_LETTERED = "dead-lettered"
REDRIVEN = "redriven"

STORED = frozenset({DELAYED, VISIBLE, IN_FLIGHT})


@dataclass(slots=True)
class Change:
    """One change of a message's state: `at` in microseconds since 1970; `before` is None for a message just sent.

    `receives` is how often the message had been received after this change; the message itself goes on changing.
    """

    at: int
    queue: str
    message: Message
    before: str | None
    after: str
    why: str
    receives: int
