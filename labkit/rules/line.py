"""The visible messages of one server, in the order in which it hands them out."""

from __future__ import annotations

from collections import deque
from heapq import heapify, heappop, heappush

from labkit.rules.chance import draw
from labkit.rules.message import Message

SLACK = 64


class Line:
    """Messages by place: those that keep the order of arrival in a deque, all others in a heap beside it.

    An entry carries the message's version; one that a later change left behind is recognised and dropped.
    """

    def __init__(self) -> None:
        self._fresh: deque[Message] = deque()
        self._others: list[tuple[float, int, int, Message]] = []

    def append(self, message: Message) -> None:
        """Add a message just sent, whose place is after all that were added before."""
        self._fresh.append(message)

    def push(self, message: Message) -> None:
        """Add a message at its place."""
        heappush(self._others, (message.place, message.number, message.version, message))

    def head(self) -> Message | None:
        """The next message to hand out, left where it is; None when there is none."""
        self._forget_heads()
        fresh, others = self._fresh, self._others
        if fresh and (not others or fresh[0].place <= others[0][0]):
            return fresh[0]
        return others[0][3] if others else None

    def pop(self) -> Message | None:
        """Take out the next message to hand out; None when there is none."""
        fresh = self._fresh
        if not self._others:
            while fresh:
                message = fresh.popleft()
                if not message.version:
                    return message
            return None
        message_or_none = self.head()
        if fresh and message_or_none is fresh[0]:
            fresh.popleft()
        elif message_or_none is not None:
            heappop(self._others)
        return message_or_none

    def rank(self, message: Message) -> tuple[int, float, int]:
        """Where this line's head stands among the heads of all servers."""
        return 0, message.place, message.number

    def emptied(self) -> Line:
        """What a queue goes on with when a purge has removed every message."""
        return Line()

    def tidy(self, visible: int) -> None:
        """Drop what changes left behind when that is most of what is here; `visible`: how many are not."""
        self._forget_heads()
        if len(self._others) > SLACK + 2 * visible:
            self._others = [entry for entry in self._others if entry[3].version == entry[2]]
            heapify(self._others)

    def _forget_heads(self) -> None:
        fresh, others = self._fresh, self._others
        while fresh and fresh[0].version:
            fresh.popleft()
        while others and others[0][3].version != others[0][2]:
            heappop(others)


def sampled(lines: list[Line], share: float, nth: int, *names: object) -> list[Line]:
    """The lines of the servers that somebody's nth short poll asks: chance leaves out this share, but never all."""
    asked = [line for place, line in enumerate(lines) if draw(*names, place) >= share]
    return asked or [lines[nth % len(lines)]]
