"""One ActiveMQ broker on loopback: start, stop, kill, freeze, thaw, wait."""

from __future__ import annotations

import json
import shutil
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labkit.brokers import wheels
from labkit.brokers.authority import authority, random_password
from labkit.brokers.kept import Kept, check_real_time, wait_until
from labkit.brokers.places import LOOPBACK, free_port, new_folder
from labkit.words import brokers as words
from labkit.words import error, say

PROGRAM = Path(__file__).with_name("activemq_process.py")


class ActiveMQ:
    """A broker process. `data` is the folder of its store: two brokers that share one are active and standby.

    `hosts` are the names that its certificate is for; with none it speaks without TLS. `ports` has its port on loopback
    for each scheme: "stomp" and "tcp", or "stomp+ssl" and "ssl" (OpenWire). Raises `LabError` where the wheels are
    missing or are not the pinned ones.
    """

    def __init__(
        self, name: str, users: Mapping[str, str], *, data: Path | None = None, hosts: tuple[str, ...] = ()
    ) -> None:
        self.name, self._users, self._hosts = name, dict(users), hosts
        self._folder = new_folder(name)
        self.data = data or self._folder / "data"
        schemes = ("stomp+ssl", "ssl") if hosts else ("stomp", "tcp")
        self.ports = {scheme: free_port() for scheme in schemes}
        self._known = self._folder / "hosts"
        self._let_it_know({})
        self._kept: Kept | None = None

    # Its process

    def start(self) -> None:
        """Start the process and return at once; `wait` until it is active."""
        check_real_time()
        if not self.is_running:
            if self._kept:
                self._kept.wait()
            settings = self._settings()
            command = [sys.executable, "-P", str(PROGRAM)]
            self._kept = Kept(command, self._folder / "log", first_line=json.dumps(settings))

    def wait(self) -> None:
        """Wait until it is active. Raises `LabError` when its process ends instead, or a minute is over."""
        wait_until(self._is_active_or_ended, say(words.ACTIVE))
        if self._kept and not self.is_running:
            self._kept.wait()
            raise error(words.ENDED_EARLY, name=self.name, reason=self._kept.last_words())

    def _is_active_or_ended(self) -> bool:
        return not self.is_running or self.state == "active"

    def stop(self) -> None:
        """End it in order; its store stays."""
        if self._kept:
            self._kept.stop()

    def kill(self) -> None:
        """kill -9: its process is gone this instant; its store stays as it was."""
        if self._kept:
            self._kept.kill()

    def freeze(self) -> None:
        """Suspend its process: connections stay open and nothing is answered, as when a machine hangs."""
        if self._kept:
            self._kept.freeze()

    def thaw(self) -> None:
        """Let a frozen process go on."""
        if self._kept:
            self._kept.thaw()

    def remove(self) -> None:
        """Remove its store and log; it has ended before."""
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def is_running(self) -> bool:
        """Whether it has a process, be it active, standby or frozen."""
        return self._kept is not None and self._kept.is_running

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
        """Write the only host names that its Java knows."""
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
            "jars": wheels.jars(),
            "properties": self._tls(),
        }

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
