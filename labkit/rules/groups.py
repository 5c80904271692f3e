"""The message groups of a FIFO queue: which group is open, and which of its messages comes next."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from heapq import heapify, heappop, heappush

from labkit.causes import VISIBLE
from labkit.rules.line import SLACK, Line
from labkit.rules.message import Message


class Groups(Line):
    """Each group a line in order of arrival; the open groups by the place of their first message.

    A group is open while its first message is visible and among the first `look_ahead` stored ones. Lines keep numbers:
    one that is no longer in `stored` is passed over. `_edge` is the number of the last message that is looked at.
    An entry of a heap that a later change left behind no longer fits its message's version or place.
    """

    def __init__(self, stored: dict[int, Message], look_ahead: int, blocks: Callable[[Message], bool]) -> None:
        self._stored = stored
        self._look_ahead = look_ahead
        self._blocks = blocks
        self._lines: dict[str, deque[int]] = {}
        self._open: list[tuple[float, int, int]] = []
        self._beyond: list[int] = []
        self._last = -1
        self._edge = -1
        self._looked_at = 0

    def add(self, message: Message) -> None:
        """Put a message just stored at the end of its group; one that is in it stays where it is."""
        if message.number <= self._last:
            return
        self._last = message.number
        self._line_of(message).append(message.number)
        if self._looked_at < self._look_ahead:
            self._looked_at += 1
            self._edge = message.number

    def append(self, message: Message) -> None:
        """Add a message just sent, at the end of its group."""
        self.add(message)
        self.show(message)

    push = append
    """One that comes back keeps its place in its group."""

    def head(self) -> Message | None:
        """The first message of the open group that is first in line, left where it is; None when no group is open."""
        while self._open:
            message = self._fits(self._open[0])
            if message is not None:
                return message
            heappop(self._open)
        return None

    def pop(self) -> Message | None:
        """Take the first message of the next open group; a receive takes several at once, see `take`."""
        return next(iter(self.take(1)), None)

    def tidy(self, visible: int) -> None:
        """What changes left behind is dropped as groups open."""

    def show(self, message: Message) -> None:
        """Note that a message became visible, which opens its group if it is the first."""
        if self._first(message) is message:
            self.offer(message)

    def offer(self, message: Message) -> None:
        """Open the message's group if the group's first message is visible."""
        first = self._first(message)
        if first is None or first.state != VISIBLE:
            return
        if first.number > self._edge:
            # AWS does not search this far, though the message could be received; see `_look_further`.
            heappush(self._beyond, first.number)
            return
        heappush(self._open, (first.place, first.number, first.version))
        if len(self._open) > SLACK + 2 * len(self._lines):
            self._open = [entry for entry in self._open if self._fits(entry) is not None]
            heapify(self._open)

    def remove(self, number: int, message: Message) -> None:
        """Note that the message with this number is stored no longer, which may open its group and let others in."""
        if number <= self._edge:
            # One fewer of the first stored messages: the search reaches one further.
            self._looked_at -= 1
            self._look_further()
        line = self._lines[str(message.group)]
        # Only the first of a group holds others back; one in the middle is passed over when its turn comes.
        if line[0] != number:
            return
        self.offer(message)
        if not line:
            del self._lines[str(message.group)]

    def take(self, most: int) -> list[Message]:
        """Take the next open group: its visible messages from the first on, up to `most` and to one that is not."""
        first = self.head()
        if first is None:
            return []
        heappop(self._open)
        taken: list[Message] = []
        for number in self._line_of(first):
            message = self._stored.get(number)
            if message is None or not (message.state == VISIBLE or self._blocks(message)):
                continue
            if message.state != VISIBLE or len(taken) == most:
                break
            taken.append(message)
        return taken

    def emptied(self) -> Line:
        """The same without what is kept of messages that are gone; numbers go on."""
        self._lines.clear()
        self._open.clear()
        self._beyond.clear()
        return self

    def _line_of(self, message: Message) -> deque[int]:
        return self._lines.setdefault(str(message.group), deque())

    def _first(self, message: Message) -> Message | None:
        """The first message of the same group that is visible or holds the others back."""
        line = self._line_of(message)
        while line and line[0] not in self._stored:
            line.popleft()
        for number in line:
            found = self._stored.get(number)
            if found is not None and (found.state == VISIBLE or self._blocks(found)):
                return found
        return None

    def _fits(self, entry: tuple[float, int, int]) -> Message | None:
        place, number, version = entry
        message = self._stored.get(number)
        if message is None or (message.place, message.version) != (place, version):
            return None
        return message if self._first(message) is message else None

    def _look_further(self) -> None:
        """Move the edge on to the next stored message, and offer the groups that it brings into sight."""
        while self._looked_at < self._look_ahead and self._edge < self._last:
            self._edge += 1
            self._looked_at += self._edge in self._stored
        while self._beyond and self._beyond[0] <= self._edge:
            message = self._stored.get(heappop(self._beyond))
            if message is not None:
                self.offer(message)
