"""The record of one change of a message's state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.causes import Cause

if TYPE_CHECKING:
    from labkit.rules.message import Message


@dataclass(slots=True)
class Change:
    """One change of a message's state: `at` in microseconds since 1970; `before` is None for a message just sent.

    `receives` is how often the message had been received after this change; the message itself goes on changing.
    `seconds` and `other` are what `cause` names, where it names something.
    """

    at: int
    queue: str
    message: Message
    before: str | None
    after: str
    cause: Cause
    receives: int
    seconds: int | None = None
    other: str | None = None
