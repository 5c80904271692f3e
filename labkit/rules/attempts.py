"""What receives with a ReceiveRequestAttemptId handed out, so that the same call again brings the same."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from labkit.causes import IN_FLIGHT
from labkit.ledger import quota
from labkit.rules.message import SECOND, Message

INTERVAL = quota("sqs.fifo.receive_attempt_id.interval") * SECOND


class Attempt(NamedTuple):
    """The first receive of an id (microseconds), its messages, and each message's version since."""

    at: int
    messages: list[Message]
    versions: list[int]


class Attempts:
    """Receives by ReceiveRequestAttemptId, each for 5 minutes."""

    def __init__(self) -> None:
        self._by_id: dict[str, Attempt] = {}
        self._by_age: deque[tuple[int, str]] = deque()

    def repeated(self, id: str | None, now: int) -> Attempt | None:
        """The receive that this one repeats: none if its time is over, or a message of it is not as it was."""
        attempt = self._by_id.get(id) if id is not None else None
        if attempt is None or now >= attempt.at + INTERVAL:
            return None
        in_flight = all(message.state == IN_FLIGHT for message in attempt.messages)
        unchanged = [message.version for message in attempt.messages] == attempt.versions
        return attempt if in_flight and unchanged else None

    def note(self, id: str | None, messages: list[Message], at: int) -> None:
        """Remember what a receive with this id handed out; an empty answer is nothing to repeat."""
        if id is None or not messages:
            return
        if id not in self._by_id or self._by_id[id].at != at:
            self._by_age.append((at, id))
        self._by_id[id] = Attempt(at, messages, [message.version for message in messages])
        while self._by_age[0][0] <= at - INTERVAL:
            begun, old = self._by_age.popleft()
            if old in self._by_id and self._by_id[old].at == begun:
                del self._by_id[old]
