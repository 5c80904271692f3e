"""AWS's endpoint names, led to loopback in this process alone: the application asks for the real name and gets it."""

from __future__ import annotations

import re
import socket
from typing import Any

from labkit.brokers.places import LOOPBACK
from labkit.clock.switch import switch
from labkit.words import brokers as words
from labkit.words import error

CLOSED = 1  # a port on which nothing listens
Address = tuple[str, int]
ENDPOINT = re.compile(r"[\w-]+\.mq\.[\w-]+\.(amazonaws\.com(\.cn)?|on\.aws)")


class Names:
    """A table from (name, port) to a port of 127.0.0.1, which `socket.getaddrinfo` follows as long as it holds any.

    A name in AWS's form that is not in the table does not exist: nothing here asks a name server for it. A port of a
    known name that is not in the table refuses.
    """

    def __init__(self) -> None:
        self._ports: dict[Address, tuple[int, ...]] = {}
        self._real = socket.getaddrinfo

    def lead(self, name: str, port: int, *to: int) -> None:
        """From now on, that port of that name is `to` on loopback; of several, a client tries one after the other."""
        if not self._ports:
            self._real = socket.getaddrinfo
            socket.getaddrinfo = self._look_up
        self._ports[name, port] = to

    def forget(self, name: str) -> None:
        """From now on the name does not exist; with the last one the process is as it was before."""
        self._ports = {address: port for address, port in self._ports.items() if address[0] != name}
        if not self._ports and socket.getaddrinfo == self._look_up:
            socket.getaddrinfo = self._real

    # The names of socket.getaddrinfo's own parameters: some clients pass them by name.
    def _look_up(self, host: Any, port: Any, *args: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if not isinstance(name, str) or not ENDPOINT.fullmatch(name):
            return self._real(host, port, *args, **more)
        if switch.is_on and switch.in_lab_thread():
            raise error(words.REAL_TIME)
        if name not in {known for known, _ in self._ports}:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        here = self._ports.get((name, int(port or 0)), (CLOSED,))
        return [found for one in here for found in self._real(LOOPBACK, one, *args, **more)]


names = Names()
