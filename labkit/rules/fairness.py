"""What a standard queue does with message groups: each is a tenant, and a noisy one waits for the quiet ones."""

from __future__ import annotations

from collections.abc import Callable

from labkit.causes import DELAYED, IN_FLIGHT, STORED, VISIBLE
from labkit.rules.change import Change
from labkit.rules.fair_line import FairLine
from labkit.rules.message import Message
from labkit.rules.promises import Promises
from labkit.rules.tenants import QUIET_AFTER, Tenant, Tenants


class Fairness(Promises):
    """Fair queues. Nothing of this runs before a message with a group arrives; a purge ends it. [fair-1] [fair-2]"""

    def _noisy_tenants(self, tenants: Tenants, now: int) -> dict[str, Tenant]:
        """Above a threshold, with a backlog, and heard of in the last five minutes. [fair-1] [fair-4]"""
        exceeding = tenants.exceeding(self._in_flight, now)
        return {name: one for name, one in exceeding.items() if one.visible and now < one.sent + QUIET_AFTER}

    def _held_groups(self, tenants: Tenants) -> frozenset[str]:
        """A group on a standard queue holds nothing back while a message of it is in flight. [missing-fair-queues]"""
        return frozenset()

    def quiet_counts(self, now: int) -> tuple[dict[str, int], list[Change]]:
        """Count as `counts` does, but leave out what noisy tenants have; "noisy groups" counts those."""
        numbers, changes = self.counts(now)
        noisy = [] if self._tenants is None else list(self._noisy_tenants(self._tenants, now).values())
        loud = {
            VISIBLE: sum(one.visible for one in noisy),
            IN_FLIGHT: sum(one.in_flight for one in noisy),
            DELAYED: sum(one.delayed for one in noisy),
        }
        return {name: number - loud[name] for name, number in numbers.items()} | {"noisy groups": len(noisy)}, changes

    def _joins(self, message: Message, after: str, now: int) -> None:
        """A message came to the queue; the first one with a group makes the queue a fair one."""
        if self._tenants is None and message.group is not None:
            self._tenants = tenants = Tenants()
            self._lines = [FairLine(line, tenants) for line in self._lines]
        self._moved(message, None, after, now)

    def _moved(self, message: Message, before: str | None, after: str, at: int) -> None:
        if self._tenants is None:
            return
        tenant = self._tenants.moved(message, before, after, at)
        if tenant is not None and before == VISIBLE and after not in STORED:
            line = self._lines[message.number % len(self._lines)]
            assert isinstance(line, FairLine)
            line.tidy_tenant(tenant)

    def _taking(self, by: str, long_poll: bool) -> Callable[[], Message | None]:
        if self._tenants is not None:
            self._tenants.noisy = self._noisy_tenants(self._tenants, self._settled)
            self._tenants.held = self._held_groups(self._tenants)
        return super()._taking(by, long_poll)

    def _forget_all(self) -> None:
        super()._forget_all()
        self._tenants = None
