"""One stored message of a queue, and the receipt of one delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from labkit.causes import VISIBLE
from labkit.rules.chance import identifier

SECOND = 1_000_000


@dataclass(slots=True, unsafe_hash=True)
class Receipt:
    """One delivery: which message of the queue (`number`) and which of its receives (`receive`, from 1)."""

    number: int
    receive: int


class Message:
    """A message as a queue keeps it. Instants are microseconds since 1970; `due`: when its state changes itself.

    `holder` received it last, `extension` is the timeout it was last changed to, in seconds; `earlier` is the id
    that a redriven message had before it became a new one.
    What most messages never have is a default of the class, so that a million of them are made quickly.
    """

    state = VISIBLE
    due = 0
    version = 0
    receives = 0
    received = 0
    first_received: int | None = None
    moved = False
    earlier: str | None = None
    holder: str | None = None
    extension: int | None = None
    attributes: Mapping[str, Any] = MappingProxyType({})
    system: Mapping[str, Any] = MappingProxyType({})
    group: str | None = None
    deduplication: str | None = None
    sequence: int | None = None
    _id: str | None = None

    def __init__(self, origin: tuple[object, ...], by: str, nth: int, number: int, body: str, sent: int) -> None:
        self.origin = origin
        self.by = by
        self.nth = nth
        self.number = number
        self.place: float = number
        self.body = body
        self.sent = sent

    @property
    def id(self) -> str:
        """The MessageId: a function of seed, queue, sender and the number of sends by that sender before."""
        if self._id is None:
            self._id = identifier(*self.origin, self.by, self.nth)
        return self._id

    @property
    def receipt(self) -> Receipt:
        """The receipt of the latest delivery."""
        return Receipt(self.number, self.receives)

    def __repr__(self) -> str:
        return f"<Message {self.number} {self.body[:20]!r} {self.state}>"
