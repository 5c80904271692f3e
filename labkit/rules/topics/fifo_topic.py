"""What a FIFO topic adds: a number that grows, one message a deduplication id, and which calls lack something."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from labkit.ledger import quota
from labkit.rules.deduplication import content_id
from labkit.rules.limits import GROUP
from labkit.rules.message import SECOND
from labkit.rules.topics.publication import Publication, wrong

INTERVAL = quota("sns.fifo.deduplication_interval") * SECOND
FIRST_SEQUENCE = 10_000_000_000_000_000_000
SEQUENCE_STEP = 1_000
WHOLE_TOPIC, EACH_GROUP = "Topic", "MessageGroup"
NO_GROUP = "The MessageGroupId parameter is required for FIFO topics"
NO_ID = "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
NOT_FIFO = (
    "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is "
    "not valid for this topic type"
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A message of a FIFO topic: its number, its deduplication id, and the earlier message's id that it repeats."""

    sequence: int
    deduplication: str
    repeats: str | None


class FifoTopic:
    """The order and the memory of one FIFO topic. Every `now` is microseconds since 1970 and never goes back.

    Its settings are given with each call, for they may change. [snsfifo-2] [snsfifo-4]
    """

    def __init__(self) -> None:
        self._published = 0
        self._accepted: dict[tuple[str, str | None], tuple[int, str, int]] = {}
        self._by_age: deque[tuple[int, tuple[str, str | None]]] = deque()

    def take(self, message: str, publication: Publication, id: str, scope: str, now: int) -> Numbered:
        """Number one message, which has the MessageId `message` and the deduplication id `id`.

        A repetition within five minutes is accepted and not delivered; AWS answers it with id and number of the first
        (recorded: localstack's tests, 2023-12-07). [snsfifo-5]
        """
        self._forget(now)
        key = (id, publication.group if scope == EACH_GROUP else None)
        if (known := self._accepted.get(key)) is not None:
            return Numbered(known[2], id, known[1])
        self._published += 1
        sequence = FIRST_SEQUENCE + self._published * SEQUENCE_STEP
        self._accepted[key] = (now, message, sequence)
        self._by_age.append((now, key))
        return Numbered(sequence, id, None)

    def _forget(self, now: int) -> None:
        while self._by_age and now - self._by_age[0][0] >= INTERVAL:
            del self._accepted[self._by_age.popleft()[1]]


def check(publication: Publication, is_fifo: bool, content_based: bool) -> str | None:
    """Return the deduplication id of a message at its topic. Raises `Refused` for what it lacks or may not have."""
    given = publication.deduplication
    if not is_fifo:
        if given is not None:
            raise wrong(NOT_FIFO)
        return None
    if not publication.group:
        raise wrong(NO_GROUP)
    for name, value in (("MessageGroupId", publication.group), ("MessageDeduplicationId", given)):
        if value is not None and not GROUP.fullmatch(value):  # documented; the wording is ours
            raise wrong(f"{name} Reason: use 1 to 128 letters, digits and punctuation")
    if given is None and not content_based:
        raise wrong(NO_ID)
    return given if given is not None else content_id(publication.message)
