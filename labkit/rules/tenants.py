"""The tenants of a fair queue: how much each has waiting and in flight, and its share of the consumers' time."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from labkit.causes import DELAYED, IN_FLIGHT, STORED
from labkit.ledger import quota
from labkit.rules.line import SLACK
from labkit.rules.message import SECOND, Message

SHARE = quota("sqs.fair.noisy_share")
LEAST_IN_FLIGHT = quota("sqs.fair.noisy_in_flight")
QUIET_AFTER = quota("sqs.fair.quiet_after") * SECOND
HALF_LIFE = QUIET_AFTER


class Recent:
    """Time spent; the longer ago, the less it counts: half after five minutes. AWS does not say what recent means."""

    __slots__ = ("amount", "at")

    def __init__(self) -> None:
        self.amount = 0.0
        self.at = 0

    def add(self, amount: float, now: int) -> None:
        """Add time that was spent until now."""
        self.amount = self.value(now) + amount
        self.at = now

    def value(self, now: int) -> float:
        """What all the time spent counts now."""
        return self.amount * 0.5 ** ((now - self.at) / HALF_LIFE) if self.amount else 0.0


class Tenant:
    """One message group of a standard queue: its messages by state, when it sent last, the time they took."""

    __slots__ = ("delayed", "in_flight", "name", "sent", "stored", "time")

    def __init__(self, name: str) -> None:
        self.name = name
        self.stored = 0
        self.in_flight = 0
        self.delayed = 0
        self.sent = 0
        self.time = Recent()

    @property
    def visible(self) -> int:
        """How many of its messages wait to be received: its backlog."""
        return self.stored - self.in_flight - self.delayed


class Tenants:
    """All tenants that have messages here. At most nine can have more than a tenth of anything, so looking is cheap.

    `noisy` and `held` are what the queue found at its latest receive; the lines read them.
    """

    def __init__(self) -> None:
        self.noisy: dict[str, Tenant] = {}
        self.held: frozenset[str] = frozenset()
        self._known: dict[str, Tenant] = {}
        self._crowds: list[tuple[int, str]] = []
        self._slow: dict[str, Tenant] = {}
        self._time = Recent()

    def all(self) -> dict[str, Tenant]:
        """Every tenant with a message here, and those whose recent messages took long, by name."""
        return self._known

    def moved(self, message: Message, before: str | None, after: str, at: int) -> Tenant | None:
        """Note that a message came, changed its state or left; a message without a group counts for the whole only."""
        spent = at - message.received if before == IN_FLIGHT else 0
        if spent:
            self._time.add(spent, at)
        if message.group is None:
            return None
        tenant = self._known.get(message.group)
        if tenant is None:
            tenant = self._known[message.group] = Tenant(message.group)
        if before is None:
            tenant.sent = at
        tenant.stored += (after in STORED) - (before in STORED)
        tenant.delayed += (after == DELAYED) - (before == DELAYED)
        tenant.in_flight += (after == IN_FLIGHT) - (before == IN_FLIGHT)
        if after == IN_FLIGHT and tenant.in_flight >= LEAST_IN_FLIGHT:
            self._note_crowd(tenant)
        if spent:
            tenant.time.add(spent, at)
            self._note_slow(tenant, at)
        if not tenant.stored and tenant.name not in self._slow:
            del self._known[tenant.name]
        return tenant

    def exceeding(self, in_flight: int, now: int) -> dict[str, Tenant]:
        """The tenants above a threshold of AWS: a tenth of all `in_flight` and 30 of their own, or of the time."""
        crowding = self._crowding(max(LEAST_IN_FLIGHT, in_flight * SHARE // 100 + 1))
        for tenant in list(self._slow.values()):
            if not self._is_slow(tenant, now):
                del self._slow[tenant.name]
                if not tenant.stored:
                    del self._known[tenant.name]
        return crowding | self._slow

    def _note_crowd(self, tenant: Tenant) -> None:
        heappush(self._crowds, (-tenant.in_flight, tenant.name))
        if len(self._crowds) > SLACK + 2 * len(self._known):
            tenants = self._known.values()
            self._crowds = [(-one.in_flight, one.name) for one in tenants if one.in_flight >= LEAST_IN_FLIGHT]
            heapify(self._crowds)

    def _crowding(self, least: int) -> dict[str, Tenant]:
        """Those with at least so many in flight, from the top of a heap whose entries may be too high."""
        found: dict[str, Tenant] = {}
        crowds = self._crowds
        while crowds and -crowds[0][0] >= least:
            number, name = heappop(crowds)
            tenant = self._known.get(name)
            if tenant is None or name in found:
                continue
            if tenant.in_flight == -number:
                found[name] = tenant
            elif tenant.in_flight >= LEAST_IN_FLIGHT:
                heappush(crowds, (-tenant.in_flight, name))
        for tenant in found.values():
            heappush(crowds, (-tenant.in_flight, tenant.name))
        return found

    def _note_slow(self, tenant: Tenant, now: int) -> None:
        if self._is_slow(tenant, now):
            self._slow[tenant.name] = tenant

    def _is_slow(self, tenant: Tenant, now: int) -> bool:
        return tenant.time.value(now) * 100 > self._time.value(now) * SHARE
