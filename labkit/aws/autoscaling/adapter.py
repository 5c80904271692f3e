"""The Auto Scaling adapter. Its mock takes most of a second to import, so it is installed only for who uses it."""

from __future__ import annotations

from typing import Any

from labkit.aws.adapter import Adapter, Replacement
from labkit.aws.records import Records
from labkit.causes import Accepted, Result


class AutoScalingAdapter(Adapter):
    """Puts boot time, scaling policies and working instances behind moto's Auto Scaling; see `Adapter`."""

    needed_by: frozenset[str] = frozenset({"autoscaling", "cloudformation", "ec2"})

    def replacements(self) -> list[Replacement]:
        """What moto does when the capacity of a group changes, and its policies."""
        from .responses import REPLACED

        return REPLACED

    def next_event(self, lab: Records) -> int | None:
        """When the next instance comes into service."""
        return lab.scheduler.timers.next if lab.scheduler.timers.next_once else None

    def describe(
        self, operation: str, parameters: dict[str, Any], answer: dict[str, Any]
    ) -> tuple[str, Result, list[str]]:
        """A call in few words: the group it names."""
        return str(parameters.get("AutoScalingGroupName", "")), Accepted(), []
