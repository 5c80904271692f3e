"""What a consumer is given, and when the end of a schedule is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Sending = str | Mapping[str, Any]


@dataclass(frozen=True)
class End:
    """How a schedule ended: who was called with what, what the tables hold, and which messages are still stored.

    `sent` are the bodies, `calls` the arguments of each effect in order, `rows` the items of each table in DynamoDB's
    form, `left` the bodies that nobody deleted.
    """

    sent: tuple[str, ...]
    calls: Mapping[str, Sequence[tuple[Any, ...]]]
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    left: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """The orders that wait in a queue and what a consumer works with.

    A consumer is called with a client of SQS, the queue's URL, one function for each name in `effects` (it only notes
    its calls), and a client of DynamoDB if there are `tables` (name and key attribute). `messages` are bodies or
    SendMessage's parameters, `attributes` the queue's, and a `queue` whose name ends in .fifo is a FIFO queue.
    `wrong(end)` returns a sentence if the end is not right.
    """

    messages: Sequence[Sending]
    wrong: Callable[[End], str | None]
    effects: Sequence[str] = ()
    tables: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    queue: str = "orders"

    @property
    def is_fifo(self) -> bool:
        """Whether the queue is a FIFO queue: by its name, as on AWS."""
        return self.queue.endswith(".fifo")

    def entries(self, number: int) -> list[dict[str, Any]]:
        """Return SendMessage's parameters of the first `number` messages."""
        some = self.messages[:number]
        return [{"MessageBody": one} if isinstance(one, str) else dict(one) for one in some]
