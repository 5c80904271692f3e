"""The beliefs about message groups on standard queues, each one override of StandardQueue."""

from __future__ import annotations

from labkit.rules.queue import StandardQueue
from labkit.rules.tenants import Tenant, Tenants


class GroupOrdersStandardQueue(StandardQueue):
    def _held_groups(self, tenants: Tenants) -> frozenset[str]:
        return frozenset(name for name, tenant in tenants.all().items() if tenant.in_flight)


class TenantsTakeTurns(StandardQueue):
    def _noisy_tenants(self, tenants: Tenants, now: int) -> dict[str, Tenant]:
        return tenants.all()
