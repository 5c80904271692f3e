"""One RabbitMQ node on loopback: start, stop, kill, freeze, thaw, wait."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from labkit.brokers import rabbitmq_settings as settings
from labkit.brokers.kept import Kept, wait_until
from labkit.brokers.places import LOOPBACK, accepts, free_port
from labkit.brokers.rabbitmq_api import SILENT, Api, connect
from labkit.brokers.rabbitmq_found import Installed, installed
from labkit.brokers.rabbitmq_settings import erlang_environment
from labkit.brokers.restartable import Node, Restartable
from labkit.words import error, say
from labkit.words import rabbitmq as words

# A start takes ten seconds alone, and much longer where three share a busy machine.
PATIENCE = 240.0
COLOURS = re.compile(r"\x1b\[[\d;]*m")
# The script's own words go to the log with the rest; the pipe that a broker answers on only tells that it is there.
SHELL = ("/bin/sh", "-c", 'exec "$0" "$@" 3>&1 >&2')

# The state that follows when somebody here does this to a node.
MEANT = {"stop": "stopped", "kill": "stopped", "freeze": "silent", "thaw": "active"}


class RabbitMQNode(Node):
    """A node's process, its files and its ports; `shared` is what it has in common with the others of its cluster."""

    def __init__(self, name: str, shared: settings.NodeSettings) -> None:
        super().__init__(name)
        self._shared = shared
        self._ports = settings.Ports(free_port(), free_port(), free_port())
        self.ports = {"amqps" if shared.hosts else "amqp": self._ports.amqp, "https": self._ports.api}
        self._user = next(iter(shared.users.items()))
        self._host = shared.hosts[0] if shared.hosts else ""
        self.api = Api(self._ports.api, *self._user, self._host)
        settings.write(self._folder, self._ports, shared)
        self._meant = "stopped"

    def _begin(self) -> Kept:
        rabbitmq = installed()
        environment = settings.environment(self.name, self._folder, self._ports, self._shared, rabbitmq)
        kept = Kept([*SHELL, str(rabbitmq.server)], self._folder / "log", environment=environment)
        self._meant = "active"
        return kept

    def wait(self) -> None:
        """Wait until it serves. Raises `LabError` when its process ends instead, or it takes minutes."""
        wait_until(lambda: self.ended_early or self.state == "active", say(words.READY), PATIENCE)
        self.check_running()

    @property
    def ended_early(self) -> bool:
        """Whether its process ended though nobody here wanted that."""
        return self._meant != "stopped" and not self.is_running

    def check_running(self) -> None:
        """Raise `LabError` with its last words when its process has ended by itself."""
        if self.ended_early:
            reason = COLOURS.sub("", self._kept.last_words()) if self._kept else ""
            raise error(words.ENDED_EARLY, name=self.name, reason=reason)

    def _do(self, what: str) -> None:
        self._meant = MEANT[what] if self.is_running else "stopped"
        super()._do(what)

    @property
    def state(self) -> str:
        """Return "active", "waiting" (it starts, or pauses because it sees too few others), "silent" or "stopped"."""
        if not self.is_running:
            return "stopped"
        if self._meant == "silent":
            return "silent"
        return "active" if accepts(self._ports.amqp) else "waiting"

    def sees(self) -> set[str] | None:
        """Return the names of the nodes that it sees running, itself included; None if it does not answer."""
        if self.state != "active":
            return None
        try:
            found: list[dict[str, Any]] = self.api.call("GET", "/api/nodes?columns=name,running")
        except SILENT:
            return None
        return {node["name"] for node in found if node.get("running")}

    def waiting(self, queue: str) -> int:
        """Return how many messages a queue has for its next consumers. Raises pika's error for one that is not there.

        Those in flight are not counted: only statistics that are seconds old would tell them.
        """
        with connect(self._ports.amqp, *self._user, self._host) as connection:
            return int(connection.channel().queue_declare(queue, passive=True).method.message_count)

    def know(self, names: Sequence[str]) -> None:
        """Let it find these host names on loopback, from a few seconds on: it asks no name server."""
        settings.know(self._folder, names)

    def __repr__(self) -> str:
        return f"<RabbitMQ node {self.name}: {self.state}>"


class Epmd(Restartable):
    """The process by which a RabbitMQ's nodes find each other, at `port` on loopback."""

    def __init__(self, installed: Installed) -> None:
        super().__init__("epmd")
        self._installed, self.port = installed, free_port()

    def start(self) -> None:
        """Start it unless it runs, and wait until it listens."""
        super().start()
        wait_until(lambda: accepts(self.port), say(words.EPMD))

    def _begin(self) -> Kept:
        self._folder.mkdir(exist_ok=True)
        command = [str(self._installed.epmd), "-port", str(self.port), "-address", LOOPBACK]
        environment = erlang_environment(self._folder, self.port, self._installed)
        return Kept(command, self._folder / "log", environment=environment)
