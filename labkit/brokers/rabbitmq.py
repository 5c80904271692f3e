"""RabbitMQ on loopback: one node, or three that make a cluster."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from labkit.brokers.deployment import Deployment
from labkit.brokers.kept import check_real_time, wait_until
from labkit.brokers.rabbitmq_api import SILENT
from labkit.brokers.rabbitmq_found import installed
from labkit.brokers.rabbitmq_node import PATIENCE, Epmd, RabbitMQNode
from labkit.brokers.rabbitmq_settings import NodeSettings
from labkit.words import error, say
from labkit.words import rabbitmq as words

TRIES = 3
# Erlang looks at its file of host names again when it last did so five seconds ago, counted in whole ones.
HOSTS_SECONDS = 7


class RabbitMQ(Deployment):
    """Nodes that start in the background: `wait` for them. They end with this process at the latest.

    `hosts` are the names that its certificate is for; with none it speaks without TLS. `queue_type` is what a queue
    becomes whose application names no type; left empty, RabbitMQ's own choice. Raises `LabError` where RabbitMQ or
    pika is missing.
    """

    nodes: Sequence[RabbitMQNode]

    def __init__(
        self,
        name: str,
        users: Mapping[str, str],
        *,
        nodes: int = 1,
        hosts: Sequence[str] = (),
        queue_type: str = "",
    ) -> None:
        if nodes not in (1, 3):
            raise error(words.ODD_NODES, given=nodes)
        self._installed = installed()
        self._epmd = Epmd(self._installed)
        names = tuple(f"rabbit{number}@localhost" for number in range(1, nodes + 1))
        shared = NodeSettings(names, users, tuple(hosts), queue_type, secrets.token_hex(20), self._epmd.port)
        super().__init__(name, [RabbitMQNode(each, shared) for each in names])

    @property
    def version(self) -> str:
        """The version of RabbitMQ that was found here."""
        return self._installed.version

    def start(self) -> None:
        """Start the nodes that have no process. When none has one, all start at once, and this returns at once.

        Where others run, they come back one after the other, as after an update: two at once can refuse each other.
        That is why a minority, which has paused and would wake up into their start, is started anew before them.
        """
        self._epmd.start()
        gone = [node for node in self.nodes if not node.is_running]
        if len(gone) == len(self.nodes):
            for node in gone:
                node.start()
        elif gone:
            for node in [*self._end_a_minority(), *gone]:
                self._bring_back(node)

    def _end_a_minority(self) -> list[RabbitMQNode]:
        """End the nodes that are awake, in order, if they are too few to serve; return those that were ended.

        RabbitMQ tries once to wake a paused node: when it sees the Erlang of another, whose RabbitMQ only starts then.
        """
        awake = self._awake()
        if 2 * len(awake) > len(self.nodes):
            return []
        for node in awake:
            node.stop()
        return awake

    def _bring_back(self, node: RabbitMQNode) -> None:
        """Start a node and wait until it serves; one that meets others in the act of starting may need another try."""
        for _ in range(TRIES):
            node.start()
            wait_until(lambda: node.ended_early or self._are_together(node), say(words.READY), PATIENCE)
            if not node.ended_early:
                return
        node.check_running()

    def _are_together(self, node: RabbitMQNode) -> bool:
        """Whether a node serves, and so do all others that are awake."""
        return node.state == "active" and self._is_ready()

    def wait(self) -> int:
        """Wait until all nodes that have a process, frozen ones apart, see each other; return a serving one's number.

        Raises `LabError` when a process ends instead, or it takes minutes. A node that thaws after the others had given
        it up can stay parted from them, as after a cut cable: kill and start it, as AWS would replace its machine.
        """
        check_real_time()
        wait_until(lambda: any(node.ended_early for node in self.nodes) or self._is_ready(), say(words.READY), PATIENCE)
        for node in self.nodes:
            node.check_running()
        return self._number()

    def _is_ready(self) -> bool:
        awake = self._awake()
        expected = {node.name for node in awake}
        return bool(awake) and all(node.sees() == expected for node in awake)

    def _awake(self) -> list[RabbitMQNode]:
        return [node for node in self.nodes if node.state in ("active", "waiting")]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the management API of the first node that answers, for example `call("GET", "/api/definitions")`.

        Returns its answer. Raises `LabError` when it refuses, or when no node answers.
        """
        for node in self.nodes:
            if node.state == "active":
                try:
                    return node.api.call(method, path, body)
                except SILENT:
                    continue
        raise error(words.NOBODY_ANSWERS)

    def know(self, names: Sequence[str]) -> None:
        """Let its nodes find these host names on loopback: a shovel asks for them inside the broker.

        Returns when they do, some seconds later: RabbitMQ 4 leaves a shovel alone that did not find its host at once.
        """
        for node in self.nodes:
            node.know(names)
        until = time.monotonic() + HOSTS_SECONDS
        wait_until(lambda: time.monotonic() > until, say(words.READY))

    def stop(self) -> None:
        """End all nodes at once and remove what they stored."""
        for node in self.nodes:
            node.kill()
        self._epmd.kill()
        self._epmd.remove()
        super().stop()
