"""Worlds in which a message group on a standard queue means something else."""

from __future__ import annotations

from labkit.probes.worlds import World
from labkit.probes.wrong_rules import believed_world
from labkit.rules import StandardQueue
from labkit.rules.tenants import Tenant, Tenants


class _NoisyForEver(StandardQueue):
    def _noisy_tenants(self, tenants: Tenants, now: int) -> dict[str, Tenant]:
        return tenants.exceeding(self._in_flight, now)


GROUP_ORDERS = believed_world("group-orders-standard-queue")
TURNS = believed_world("tenants-take-turns")
NOISY_FOR_EVER = World("a world in which a noisy tenant stays noisy, backlog or not", rules=_NoisyForEver)
