"""The Auto Scaling adapter. Its mock takes most of a second to import, so it is installed only for who uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit.aws.replacing import Present, Replacement, ReplacingAdapter
from labkit.causes import Accepted, Result

if TYPE_CHECKING:
    from labkit.aws.lab import Lab


class AutoScalingAdapter(ReplacingAdapter):
    """Puts boot time, scaling policies and working instances behind moto's Auto Scaling; see `Adapter`."""

    needed_by: frozenset[str] = frozenset({"autoscaling", "cloudformation", "ec2"})

    def replacements(self, lab: Present) -> list[Replacement]:
        """What moto does when the capacity of a group changes, and its policies."""
        from .replacing import replacements

        return replacements(lab)

    def next_event(self, lab: Lab) -> int | None:
        """When the next instance comes into service."""
        return lab.scheduler.timers.next if lab.scheduler.timers.next_once else None

    def describe(
        self, operation: str, parameters: dict[str, Any], answer: dict[str, Any]
    ) -> tuple[str, Result, list[str]]:
        """A call in few words: the group it names."""
        return str(parameters.get("AutoScalingGroupName", "")), Accepted(), []
