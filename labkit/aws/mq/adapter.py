"""The Amazon MQ adapter: which of moto's methods ours replace."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from labkit.aws.adapters import Origin
    from labkit.aws.lab import Lab

Current = Callable[[], "Lab | None"]


class MqAdapter:
    """Puts AWS's rules for new brokers, its endpoints and its reboot behind moto's Amazon MQ; see `Adapter`."""

    needed_by: frozenset[str] = frozenset({"cloudformation", "mq"})

    def install(self, patches: ExitStack, lab: Current) -> None:
        """Replace what moto does when a broker is made, given users or rebooted."""
        from .replacing import replacements

        for kind, name, replacement in replacements(lab):
            patches.enter_context(patch.object(kind, name, replacement))

    def before_call(self, lab: Lab, origin: Origin, operation: str, parameters: dict[str, Any]) -> None:
        """No call of Amazon MQ waits: its API is asynchronous."""

    def settle(self, lab: Lab) -> None:
        """Nothing falls due here."""

    def next_event(self, lab: Lab) -> int | None:
        """Nothing happens by itself."""
        return None

    def describe(
        self, operation: str, parameters: dict[str, Any], answer: dict[str, Any]
    ) -> tuple[str, str, list[str]]:
        """A call in few words: the broker that it names; never its users' passwords."""
        return str(parameters.get("BrokerName") or parameters.get("BrokerId", "")), "ok", []
