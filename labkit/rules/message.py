"""One stored message of a queue, and the receipt of one delivery."""

from __future__ import annotations

from typing import Any, NamedTuple

from labkit.rules.chance import identifier

SECOND = 1_000_000


class Receipt(NamedTuple):
    """One delivery: which message of the queue (`number`) and its how-manieth receive (`receive`, from 1)."""

    number: int
    receive: int


class Message:
    """A message as a queue keeps it. Instants are microseconds since 1970; `due`: when its state changes itself.

    `holder` is the consumer that received it last, `extension` the seconds that its visibility was last changed to.
    """

    __slots__ = (
        "_id",
        "attributes",
        "body",
        "due",
        "extension",
        "first_received",
        "group",
        "holder",
        "name",
        "number",
        "place",
        "received",
        "receives",
        "sent",
        "state",
        "system",
        "version",
    )

    def __init__(self, name: tuple[object, ...], number: int, body: str, sent: int, state: str) -> None:
        self.name = name
        self.number = number
        self.body = body
        self.sent = sent
        self.state = state
        self.place: float = number
        self.due = 0
        self.version = 0
        self.receives = 0
        self.received = 0
        self.first_received: int | None = None
        self.holder: str | None = None
        self.extension: int | None = None
        self.attributes: dict[str, Any] = {}
        self.system: dict[str, Any] = {}
        self.group: str | None = None
        self._id: str | None = None

    @property
    def id(self) -> str:
        """The MessageId: a function of seed, queue, sender and the sender's how-manieth send."""
        if self._id is None:
            self._id = identifier(*self.name)
        return self._id

    @property
    def receipt(self) -> Receipt:
        """The receipt of the latest delivery."""
        return Receipt(self.number, self.receives)

    def __repr__(self) -> str:
        return f"<Message {self.number} {self.body[:20]!r} {self.state}>"
