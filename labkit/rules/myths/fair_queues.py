"""The misconceptions about message groups on standard queues, each one override of StandardQueue."""

from __future__ import annotations

from labkit.rules.myths.myth import believed
from labkit.rules.queue import StandardQueue
from labkit.rules.tenants import Tenant, Tenants


@believed(
    "group-orders-standard-queue",
    "A group ID on a standard queue gives order: the next message of a group waits until the one before it is deleted.",
    "It marks a tenant for fair queues; messages of one group are received side by side, in whatever order.",
    ("missing-fair-queues",),
)
class GroupOrdersStandardQueue(StandardQueue):
    def _held_groups(self, tenants: Tenants) -> frozenset[str]:
        return frozenset(name for name, tenant in tenants.all().items() if tenant.in_flight)


@believed(
    "tenants-take-turns",
    "A fair queue serves its tenants in turns from the first message on.",
    "Nothing changes until a tenant is noisy; then its messages wait while others have some.",
    ("fair-1", "fair-3"),
)
class TenantsTakeTurns(StandardQueue):
    def _noisy_tenants(self, tenants: Tenants, now: int) -> dict[str, Tenant]:
        return tenants.all()
