"""The CloudWatch adapter: which of moto's methods ours replace."""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse

from labkit.aws.adapter import Adapter, Replacement
from labkit.aws.records import Records
from labkit.causes import Accepted, Result

from . import alarms, queries
from .items import describe_alarm_history


class CloudWatchAdapter(Adapter):
    """Puts metrics of services and alarms that evaluate behind moto's CloudWatch; see `Adapter` for the methods."""

    def replacements(self) -> list[Replacement]:
        """Queries, and what is done with an alarm."""
        backend = queries.METHODS | alarms.METHODS
        return [
            *((CloudWatchBackend, name, method) for name, method in backend.items()),
            (CloudWatchResponse, "describe_alarm_history", describe_alarm_history),
        ]

    def next_event(self, lab: Records) -> int | None:
        """The next evaluation of an alarm."""
        return lab.scheduler.timers.next if alarms.all_alarms() else None

    def describe(
        self, operation: str, parameters: dict[str, Any], answer: dict[str, Any]
    ) -> tuple[str, Result, list[str]]:
        """A call in few words: the alarm or metric it names."""
        names = ("AlarmName", "AlarmNames", "MetricName", "Namespace")
        named = next((parameters[name] for name in names if name in parameters), "")
        return ", ".join(named) if isinstance(named, list) else str(named), Accepted(), []
