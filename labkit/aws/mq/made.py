"""What a lab keeps of its brokers beside moto: the users' passwords, which the API never shows, and who serves them."""

from __future__ import annotations

from collections import defaultdict
from typing import Protocol

from labkit.aws.records import Records


class Serving(Protocol):
    """The real brokers behind one that was created."""

    def reboot(self) -> None:
        """Do what RebootBroker asks for."""

    def stop(self) -> None:
        """End with the broker's deletion."""


class Made:
    """The brokers of one lab: their users with passwords, and the processes behind them."""

    def __init__(self, lab: Records) -> None:
        self.passwords: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._serving: dict[str, Serving] = {}

    def note_user(self, broker_id: str, user: str, password: str) -> None:
        """Remember a user. On AWS, too, a running ActiveMQ knows a new one after its next reboot."""
        self.passwords[broker_id][user] = password

    def serve(self, broker_id: str, brokers: Serving) -> None:
        """Tell who is to be rebooted and deleted with it."""
        self._serving[broker_id] = brokers

    def reboot(self, broker_id: str) -> None:
        """Reboot what serves a broker, if anything does."""
        if broker_id in self._serving:
            self._serving[broker_id].reboot()

    def delete(self, broker_id: str) -> None:
        """End what serves a broker, if anything does."""
        if broker_id in self._serving:
            self._serving.pop(broker_id).stop()
