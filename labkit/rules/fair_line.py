"""The visible messages of one server of a fair queue: a line for each tenant, quiet tenants first."""

from __future__ import annotations

from heapq import heapify, heappop, heappush, heapreplace

from labkit.rules.line import SLACK, Line
from labkit.rules.message import Message
from labkit.rules.tenants import Tenant, Tenants

Place = tuple[float, int]


def place_of(message: Message) -> Place:
    """A message's place among all, whoever sent it."""
    return message.place, message.number


class FairLine(Line):
    """Hands out by place among the messages of quiet tenants; when there are none, of the noisy tenant least in flight.

    A heap holds the head of each quiet tenant's line. Entries may be outdated: they are put right when they come up.
    """

    def __init__(self, rest: Line, tenants: Tenants) -> None:
        self._rest = rest
        self._tenants = tenants
        self._of: dict[str, Line] = {}
        self._heads: list[tuple[float, int, str]] = []
        self._parked: set[str] = set()
        self._seen = tenants.noisy

    def append(self, message: Message) -> None:
        """Add a message just sent, whose place is after all that were added before."""
        if message.group is None:
            self._rest.append(message)
            return
        if message.group not in self._of:
            self._of[message.group] = Line()
            heappush(self._heads, (*place_of(message), message.group))
        self._of[message.group].append(message)

    def push(self, message: Message) -> None:
        """Add a message at its place."""
        if message.group is None:
            self._rest.push(message)
            return
        line = self._of.setdefault(message.group, Line())
        line.push(message)
        if line.head() is message:
            heappush(self._heads, (*place_of(message), message.group))

    def head(self) -> Message | None:
        """The next message to hand out, left where it is; None when there is none."""
        first, quiet = self._rest.head(), self._quiet_head()
        if first is None or quiet is None:
            return first or quiet or self._noisy_head()
        return min(first, quiet, key=place_of)

    def pop(self) -> Message | None:
        """Take out the next message to hand out; None when there is none."""
        message = self.head()
        if message is None:
            return None
        return (self._rest if message.group is None else self._of[message.group]).pop()

    def rank(self, message: Message) -> tuple[int, float, int]:
        """Where this line's head stands among the heads of all servers: quiet before noisy, then by place."""
        noisy = None if message.group is None else self._tenants.noisy.get(message.group)
        return (0 if noisy is None else 1 + noisy.in_flight, *place_of(message))

    def tidy(self, visible: int) -> None:
        """Drop what changes left behind when that is most of what is here; `visible`: how many are not."""
        self._rest.tidy(visible)
        if len(self._heads) > SLACK + 2 * len(self._of):
            waiting = [(name, line.head()) for name, line in self._of.items()]
            self._of = {name: self._of[name] for name, head in waiting if head is not None}
            self._heads = [(*place_of(head), name) for name, head in waiting if head is not None]
            heapify(self._heads)
            self._parked.clear()

    def tidy_tenant(self, tenant: Tenant) -> None:
        """The same for the line of one tenant; one without visible messages is dropped."""
        line = self._of.get(tenant.name)
        if line is None:
            return
        line.tidy(tenant.visible)
        if not tenant.visible and line.head() is None:
            del self._of[tenant.name]
            self._parked.discard(tenant.name)

    def _quiet_head(self) -> Message | None:
        self._unpark()
        tenants, heads = self._tenants, self._heads
        while heads:
            place, number, name = heads[0]
            line = self._of.get(name)
            head = None if line is None else line.head()
            if head is None:
                heappop(heads)
                self._of.pop(name, None)
            elif name in tenants.noisy or name in tenants.held:
                # Put aside, or each receive would pass over every message of a noisy tenant again.
                heappop(heads)
                self._parked.add(name)
            elif (place, number) != place_of(head):
                heapreplace(heads, (*place_of(head), name))
            else:
                return head
        return None

    def _unpark(self) -> None:
        """Let those back in that are no longer noisy; who is noisy changes between receives only."""
        # Each receive that looks makes a new dict: the same one cannot have changed.
        if self._seen is self._tenants.noisy:
            return
        self._seen = self._tenants.noisy
        for name in self._parked - self._seen.keys() - self._tenants.held:
            self._parked.discard(name)
            line = self._of.pop(name, None)
            if line is not None and (head := line.head()) is not None:
                self._of[name] = line
                heappush(self._heads, (*place_of(head), name))

    def _noisy_head(self) -> Message | None:
        lines = (self._of.get(name) for name in self._tenants.noisy if name not in self._tenants.held)
        heads = (head for line in lines if line is not None and (head := line.head()) is not None)
        return min(heads, key=self.rank, default=None)
