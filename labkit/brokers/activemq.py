"""One ActiveMQ broker on loopback: start, stop, kill, freeze, thaw, wait."""

from __future__ import annotations

import json
import shutil
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labkit.brokers import java_archive, wheels
from labkit.brokers.authority import authority, random_password
from labkit.brokers.kept import Kept, check_real_time, wait_until
from labkit.brokers.places import LOOPBACK, free_port
from labkit.brokers.restartable import Node
from labkit.words import brokers as words
from labkit.words import error, say

PROGRAM = Path(__file__).with_name("activemq_process.py")


class ActiveMQ(Node):
    """A broker process. `data` is the folder of its store: two brokers that share one are active and standby.

    `hosts` are the names that its certificate is for; with none it speaks without TLS. `ports` has its port on loopback
    for each scheme: "stomp" and "tcp", or "stomp+ssl" and "ssl" (OpenWire). Raises `LabError` where the wheels are
    missing or are not the pinned ones.
    """

    def __init__(
        self, name: str, users: Mapping[str, str], *, data: Path | None = None, hosts: tuple[str, ...] = ()
    ) -> None:
        super().__init__(name)
        self._users, self._hosts = dict(users), hosts
        self.data = data or self._folder / "data"
        schemes = ("stomp+ssl", "ssl") if hosts else ("stomp", "tcp")
        self.ports = {scheme: free_port() for scheme in schemes}
        self._known = self._folder / "hosts"
        self._let_it_know({})

    # Its process

    def start(self) -> None:
        """Start the process and return at once; `wait` until it is active."""
        check_real_time()
        super().start()

    def _begin(self) -> Kept:
        command = [sys.executable, "-P", str(PROGRAM)]
        return Kept(command, self._folder / "log", first_line=json.dumps(self._settings()))

    def wait(self) -> None:
        """Wait until it is active. Raises `LabError` when its process ends instead, or a minute is over."""
        wait_until(self._is_active_or_ended, say(words.ACTIVE))
        if self._kept and not self.is_running:
            self._kept.wait()
            raise error(words.ENDED_EARLY, name=self.name, reason=self._kept.last_words())

    def _is_active_or_ended(self) -> bool:
        return not self.is_running or self.state == "active"

    def remove(self) -> None:
        """Remove its store and log; it has ended before."""
        shutil.rmtree(self.data, ignore_errors=True)
        super().remove()

    @property
    def state(self) -> str:
        """Return "active", "standby", "silent" (it has a process that does not answer) or "stopped"."""
        if not self.is_running:
            return "stopped"
        return str(self._ask({"state": True}, seconds=2) or ("silent" if self.is_running else "stopped"))

    # What it holds

    def waiting(self, queue: str) -> int:
        """Return how many messages its queue holds, those in flight included."""
        return int(self._ask({"waiting": queue}))

    def bridge(self, address: str, user: str, password: str, names: Mapping[str, str]) -> None:
        """Connect it with another broker in both directions (a duplex network connector).

        `user` can log in on both from now on. `names` has the loopback address of each host name in `address`.
        """
        self._users |= {user: password}
        self._let_it_know(names)
        self._ask({"bridge": {"address": address, "user": user, "users": self._users}})

    def _let_it_know(self, names: Mapping[str, str]) -> None:
        """Write the only host names that its Java knows: it asks no name server for anything."""
        known = {"localhost": LOOPBACK, socket.gethostname(): LOOPBACK, **names}
        self._known.write_text("".join(f"{address} {name}\n" for name, address in known.items()))

    def _ask(self, question: dict[str, Any], seconds: float = 10) -> Any:
        return self._kept.ask(question, seconds) if self._kept else None

    def _settings(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "data": str(self.data),
            "users": self._users,
            "connectors": [f"{scheme}://{LOOPBACK}:{port}" for scheme, port in self.ports.items()],
            "hosts": str(self._known),
            "java": wheels.java_library(),
            "options": self._java_options(),
            "jars": wheels.jars(),
            "properties": self._tls(),
        }

    def _java_options(self) -> list[str]:
        return java_archive.options()

    def _tls(self) -> dict[str, str]:
        """Java's own settings for what it shows and whom it trusts, made anew for each start."""
        password = random_password()
        found = {"trustStore": authority().truststore(self._folder, password)}
        if self._hosts:
            found["keyStore"] = authority().issue(self._hosts, self._folder).keystore(password)
        properties: dict[str, str] = {}
        for what, path in found.items():
            kind = f"javax.net.ssl.{what}"
            properties |= {kind: str(path), f"{kind}Password": password, f"{kind}Type": "PKCS12"}
        return properties

    def __repr__(self) -> str:
        return f"<ActiveMQ {self.name}: {self.state}>"
