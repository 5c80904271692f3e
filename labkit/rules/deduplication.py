"""The deduplication ids that a FIFO queue has accepted, and how long it remembers them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from labkit.ledger import quota
from labkit.rules.message import SECOND, Message

INTERVAL = quota("sqs.fifo.deduplication_interval") * SECOND
QUEUE = "queue"


class AcceptedSend(NamedTuple):
    """One accepted send: when (microseconds), and the message it stored, whatever became of that."""

    at: int
    message: Message


class Deduplication:
    """Accepted sends by deduplication id and group. An id is looked up in O(1); old ones go in order of their age."""

    def __init__(self) -> None:
        self._accepted: dict[str, dict[str, AcceptedSend]] = {}
        self._by_age: deque[tuple[str, str, AcceptedSend]] = deque()

    def note(self, id: str, group: str, message: Message, now: int) -> None:
        """Remember an accepted send."""
        accepted = AcceptedSend(now, message)
        groups = self._accepted.setdefault(id, {})
        groups.pop(group, None)
        groups[group] = accepted
        self._by_age.append((id, group, accepted))

    def known(self, id: str, group: str, scope: str) -> AcceptedSend | None:
        """The latest accepted send that this one repeats: of the same group, or of any when the scope is the queue."""
        groups = self._accepted.get(id, {})
        if scope != QUEUE:
            return groups.get(group)
        return next(reversed(groups.values()), None)

    def forget_unless(self, is_remembered: Callable[[AcceptedSend], bool]) -> None:
        """Forget what is remembered no longer, from the oldest on."""
        by_age = self._by_age
        while by_age and not is_remembered(by_age[0][2]):
            id, group, accepted = by_age.popleft()
            groups = self._accepted[id]
            if groups.get(group) is accepted:
                del groups[group]
                if not groups:
                    del self._accepted[id]

    def forget_all(self) -> None:
        """Forget every id, as a purge does."""
        self._accepted.clear()
        self._by_age.clear()


def content_id(body: str) -> str:
    """Return the id that content-based deduplication gives a body: its SHA-256."""
    return sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
