"""The Amazon MQ adapter: which of moto's methods ours replace."""

from __future__ import annotations

from typing import Any

from labkit.aws.adapter import Adapter, Replacement
from labkit.causes import Accepted, Result


class MqAdapter(Adapter):
    """Puts AWS's rules for new brokers, its endpoints and its reboot behind moto's Amazon MQ; see `Adapter`."""

    needed_by: frozenset[str] = frozenset({"cloudformation", "mq"})

    def replacements(self) -> list[Replacement]:
        """What moto does when a broker is made, given users, rebooted or deleted."""
        from .broker import REPLACED

        return REPLACED

    def describe(
        self, operation: str, parameters: dict[str, Any], answer: dict[str, Any]
    ) -> tuple[str, Result, list[str]]:
        """A call in few words: the broker that it names; never its users' passwords."""
        return str(parameters.get("BrokerName") or parameters.get("BrokerId", "")), Accepted(), []
