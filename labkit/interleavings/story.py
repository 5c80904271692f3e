"""What a consumer is given, and when the end of a schedule is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from labkit.words import say

Sending = str | Mapping[str, Any]


class Verdict(Enum):
    """What can be wrong with an end, whatever the story; a story of labkit's has codes of its own."""

    STILL_LEFT = auto()  # messages: a message that nobody ever deletes
    SAID = auto()  # text: the story said so in a sentence, as a learner's does


@dataclass(frozen=True)
class Wrong:
    """What is wrong with an end: a `code` and its `values`, by which code decides; `str()` tells it to people.

    `sentence` has the names of the values in braces and is translated when it is told.
    """

    code: Enum
    sentence: str = field(compare=False)
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return say(self.sentence, **self.values).removesuffix(".")


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
    `wrong(end)` returns a sentence, or a `Wrong` with a code, if the end is not right.
    """

    messages: Sequence[Sending]
    wrong: Callable[[End], Wrong | str | None]
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
