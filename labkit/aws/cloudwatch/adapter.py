"""The CloudWatch adapter: which of moto's methods ours replace."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse

from . import alarms, queries
from .items import describe_alarm_history

if TYPE_CHECKING:
    from labkit.aws.adapters import Origin
    from labkit.aws.lab import Lab

Current = Callable[[], "Lab | None"]


class CloudWatchAdapter:
    """Puts metrics of services and alarms that evaluate behind moto's CloudWatch; see `Adapter` for the methods."""

    needed_by: frozenset[str] = frozenset()

    def install(self, patches: ExitStack, lab: Current) -> None:
        """Replace moto's queries, and what it does with an alarm."""
        for kind, name, replacement in replacements(lab):
            patches.enter_context(patch.object(kind, name, replacement, create=not hasattr(kind, name)))

    def before_call(self, lab: Lab, origin: Origin, operation: str, parameters: dict[str, Any]) -> None:
        """No call of CloudWatch waits."""

    def settle(self, lab: Lab) -> None:
        """Nothing falls due here: alarms are evaluated by the lab's timers."""

    def next_event(self, lab: Lab) -> int | None:
        """The next evaluation of an alarm."""
        return lab.scheduler.timers.next if alarms.all_alarms() else None

    def describe(
        self, operation: str, parameters: dict[str, Any], answer: dict[str, Any]
    ) -> tuple[str, str, list[str]]:
        """A call in few words: the alarm or metric it names."""
        names = ("AlarmName", "AlarmNames", "MetricName", "Namespace")
        named = next((parameters[name] for name in names if name in parameters), "")
        return ", ".join(named) if isinstance(named, list) else str(named), "ok", []


def replacements(lab: Current) -> list[tuple[type, str, Any]]:
    """All that is replaced in moto: the class, the name in it, and what stands there while labs are open."""

    def now() -> Lab:
        current = lab()
        assert current is not None
        return current

    backend = queries.methods(now) | alarms.methods(now)
    return [
        *((CloudWatchBackend, name, method) for name, method in backend.items()),
        (CloudWatchResponse, "describe_alarm_history", describe_alarm_history),
    ]
