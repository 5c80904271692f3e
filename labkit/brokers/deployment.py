"""Some broker processes that belong together, as an application and an administrator see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from labkit.aws.lab import Lab
from labkit.aws.mq.made import Made, Serving
from labkit.brokers.kept import wait_until
from labkit.brokers.restartable import Node
from labkit.words import brokers as words
from labkit.words import error, say


class ConnectionSettings(NamedTuple):
    """All that an application needs to know of a broker; a migration changes some of these four, and nothing else."""

    urls: str
    user: str
    password: str
    ca: str


class Deployment:
    """Nodes under one name, numbered from 1. One of the same name that runs already is ended first.

    Starting it waits until a node is active. Use it in a `with`, or `stop` it; it ends with this process anyway.
    """

    def __init__(self, name: str, nodes: Sequence[Node]) -> None:
        if name in _running:
            _running[name].stop()
        self.name, self.nodes = name, nodes
        _running[name] = self
        self.start()

    def start(self) -> None:
        """Start the nodes that have no process, the first one first, and wait until one is active."""
        for node in self.nodes:
            if not node.is_running:
                node.start()
                if self.active is None:
                    node.wait()

    @property
    def active(self) -> int | None:
        """Return the number of the node that serves now, or None."""
        return next((number for number, node in enumerate(self.nodes, 1) if node.state == "active"), None)

    def wait(self) -> int:
        """Wait until a node is active and return its number. Raises `LabError` after a minute, or if none can be."""
        wait_until(lambda: self.active or not any(node.is_running for node in self.nodes), say(words.ACTIVE))
        return self._number()

    def states(self) -> list[str]:
        """Return each node's state: "active", "standby", "silent" or "stopped"."""
        return [node.state for node in self.nodes]

    def kill(self, number: int | None = None) -> int:
        """kill -9 of a node, the active one if none is named; return its number."""
        return self._do("kill", number)

    def freeze(self, number: int | None = None) -> int:
        """Suspend a node, the active one if none is named, as if its machine hung; return its number."""
        return self._do("freeze", number)

    def thaw(self, number: int) -> int:
        """Let a frozen node go on; return its number."""
        return self._do("thaw", number)

    def _do(self, what: str, number: int | None) -> int:
        chosen = self._number() if number is None else number
        getattr(self.nodes[chosen - 1], what)()
        return chosen

    def _number(self) -> int:
        number = self.active
        if number is None:
            raise error(words.NOT_ACTIVE, name=self.name)
        return number

    def stop(self) -> None:
        """End all nodes and remove what they stored."""
        for node in self.nodes:
            node.stop()
        for node in self.nodes:
            node.remove()
        if _running.get(self.name) is self:
            del _running[self.name]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}: {', '.join(self.states())}>"


_running: dict[str, Deployment] = {}


class Created:
    """A broker of a lab: its description as DescribeBroker gives it, its users with passwords, and its endpoints.

    Raises `LabError` for a broker that the lab does not have, or that is of another `engine`.
    """

    def __init__(self, lab: Lab, broker_id: str, engine: str) -> None:
        mq = lab.client("mq")
        try:
            self.described = mq.describe_broker(BrokerId=broker_id)
        except mq.exceptions.NotFoundException as unknown:
            raise error(words.NO_BROKER, given=broker_id) from unknown
        if self.described["EngineType"].upper() != engine:
            raise error(words.ENGINE, engine=self.described["EngineType"])
        self._made, self._id = lab.part(Made), broker_id
        self.users = dict(self._made.passwords[broker_id])
        self.endpoints: list[list[str]] = [each["Endpoints"] for each in self.described["BrokerInstances"]]
        self.hosts = [str(urlsplit(each[0]).hostname) for each in self.endpoints]

    def served_by(self, processes: Serving) -> None:
        """Let the lab's RebootBroker and DeleteBroker mean these processes."""
        self._made.serve(self._id, processes)
