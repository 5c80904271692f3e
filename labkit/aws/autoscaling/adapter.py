"""The Auto Scaling adapter. Its mock takes most of a second to import, so it is installed only for who uses it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from labkit.aws.adapters import Origin
    from labkit.aws.lab import Lab

Current = Callable[[], "Lab | None"]


class AutoScalingAdapter:
    """Puts boot time, scaling policies and working instances behind moto's Auto Scaling; see `Adapter`."""

    needed_by: frozenset[str] = frozenset({"autoscaling", "cloudformation", "ec2"})

    def install(self, patches: ExitStack, lab: Current) -> None:
        """Replace what moto does when the capacity of a group changes, and its policies."""
        from .replacing import replacements

        for kind, name, replacement in replacements(lab):
            patches.enter_context(patch.object(kind, name, replacement, create=not hasattr(kind, name)))

    def before_call(self, lab: Lab, origin: Origin, operation: str, parameters: dict[str, Any]) -> None:
        """No call of Auto Scaling waits."""

    def settle(self, lab: Lab) -> None:
        """Nothing falls due here: instances come into service by the lab's timers."""

    def next_event(self, lab: Lab) -> int | None:
        """When the next instance comes into service."""
        return lab.scheduler.timers.next if lab.scheduler.timers.next_once else None

    def describe(
        self, operation: str, parameters: dict[str, Any], answer: dict[str, Any]
    ) -> tuple[str, str, list[str]]:
        """A call in few words: the group it names."""
        return str(parameters.get("AutoScalingGroupName", "")), "ok", []
