"""A process that can end in several ways and be started again on what it had stored: a broker, or what one needs."""

from __future__ import annotations

import abc
import shutil

from labkit.brokers.kept import Kept
from labkit.brokers.places import new_folder


class Restartable(abc.ABC):
    """One process at a time, and a folder that outlives it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._folder = new_folder(name.partition("@")[0])
        self._kept: Kept | None = None

    @abc.abstractmethod
    def _begin(self) -> Kept:
        """Start its process, logging to its folder."""

    def start(self) -> None:
        """Start the process, unless it has one, and return at once; its data is what an earlier one left."""
        if not self.is_running:
            if self._kept:
                self._kept.wait()
            self._kept = self._begin()

    @property
    def is_running(self) -> bool:
        """Whether it has a process, be it serving, waiting or frozen."""
        return self._kept is not None and self._kept.is_running

    def stop(self) -> None:
        """End it in order; its data stays."""
        self._do("stop")

    def kill(self) -> None:
        """kill -9: its process is gone this instant; its data stays as it was."""
        self._do("kill")

    def freeze(self) -> None:
        """Suspend it: connections stay open and nothing is answered, as when a machine hangs."""
        self._do("freeze")

    def thaw(self) -> None:
        """Let a frozen one go on."""
        self._do("thaw")

    def _do(self, what: str) -> None:
        if self._kept is not None:
            getattr(self._kept, what)()

    def remove(self) -> None:
        """Remove what it stored; it has ended before."""
        shutil.rmtree(self._folder, ignore_errors=True)


class Node(Restartable):
    """One broker process, of either engine; `ports` has its port on loopback for each scheme of AWS's endpoints."""

    ports: dict[str, int]

    @abc.abstractmethod
    def wait(self) -> None:
        """Wait until it is active. Raises `LabError` when its process ends instead, or it takes too long."""

    @property
    @abc.abstractmethod
    def state(self) -> str:
        """Return "active", "standby" or "waiting", "silent" (it has a process that does not answer) or "stopped"."""

    @abc.abstractmethod
    def waiting(self, queue: str) -> int:
        """Return how many messages a queue holds."""
