"""Erlang's port mapper of one RabbitMQ alone, in the foreground, so that it ends with it."""

from __future__ import annotations

from labkit.brokers.kept import Kept, wait_until
from labkit.brokers.places import LOOPBACK, accepts, free_port
from labkit.brokers.rabbitmq_found import Installed
from labkit.brokers.rabbitmq_settings import erlang_environment
from labkit.brokers.restartable import Restartable
from labkit.words import rabbitmq as words
from labkit.words import say


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
