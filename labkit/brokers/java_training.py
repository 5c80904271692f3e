"""Makes the archive of classes (`java_archive.py`): `python -P -m labkit.brokers.java_training`.

A broker runs once as the lessons use theirs, and Java notes each class that it loads; a second Java writes them into an
archive. It is made under another name and put in its place whole, so that nobody ever sees a half of it.
"""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from labkit.brokers import wheels
from labkit.brokers.activemq import ActiveMQ
from labkit.brokers.authority import authority, random_password
from labkit.brokers.java_archive import FLAGS, archive, why_not
from labkit.brokers.places import LOOPBACK
from labkit.left_over import own_folder
from labkit.words import LabError, say
from labkit.words import brokers as words

HOST, USER, QUEUE, PATIENCE = "localhost", "orders", "/queue/orders", 30


def main() -> int:
    """Make the archive unless it is there; returns 1 and says why where that is impossible."""
    try:
        reason: object = why_not()
        if not (reason or archive().exists()):
            make(archive())
    except (LabError, OSError) as problem:
        reason = problem
    if reason:
        print(say(words.NOT_MADE, reason=reason), file=sys.stderr)
    return 1 if reason else 0


def make(place: Path) -> None:
    """Make it; what was made for an earlier Java goes."""
    place.parent.mkdir(parents=True, exist_ok=True)
    folder = own_folder("making-", place.parent)
    try:
        loaded, made = folder / "classes", folder / place.name
        run_once(loaded)
        write(loaded, made)
        with made.open("rb+") as file:
            os.fsync(file.fileno())  # else a crash of the machine may leave the name without what it names
        os.replace(made, place)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for old in place.parent.glob("java-*.jsa"):
        if old != place:
            old.unlink(missing_ok=True)


class Watched(ActiveMQ):
    """A broker whose Java notes the classes that it loads."""

    def __init__(self, loaded: Path, password: str) -> None:
        super().__init__("training", {USER: password}, hosts=(HOST,))
        self._loaded = loaded

    def _java_options(self) -> list[str]:
        return [*FLAGS, f"-XX:DumpLoadedClassList={self._loaded}"]


def run_once(loaded: Path) -> None:
    """Let a broker start, take a message over TLS, give it to a consumer, and end."""
    password = random_password()
    broker = Watched(loaded, password)
    broker.start()
    try:
        broker.wait()
        exchange(broker.ports["stomp+ssl"], password)
    finally:
        broker.stop()
        broker.remove()


def exchange(port: int, password: str) -> None:
    """Send a message and receive it, for the classes that only a client makes Java load."""
    trusting = ssl.create_default_context(cafile=authority().file)
    # Without stomp.py, whose thread keeps a processor busy when a broker has hung up.
    with (
        socket.create_connection((LOOPBACK, port), PATIENCE) as plain,
        trusting.wrap_socket(plain, server_hostname=HOST) as line,
    ):
        heard = frames(line)
        tell(line, "CONNECT", {"accept-version": "1.2", "host": HOST, "login": USER, "passcode": password})
        headers_of("CONNECTED", heard)
        tell(line, "SUBSCRIBE", {"id": "training", "destination": QUEUE, "ack": "client-individual"})
        tell(line, "SEND", {"destination": QUEUE, "persistent": "true"}, "an order")
        tell(line, "ACK", {"id": headers_of("MESSAGE", heard)["ack"], "receipt": "done"})
        headers_of("RECEIPT", heard)


def tell(line: ssl.SSLSocket, command: str, headers: Mapping[str, str], body: str = "") -> None:
    """Send a frame."""
    lines = [command, *(f"{name}:{value}" for name, value in headers.items()), "", body]
    line.sendall("\n".join(lines).encode() + b"\0")


def frames(line: ssl.SSLSocket) -> Iterator[tuple[str, dict[str, str]]]:
    """The frames that the broker sends, each as its command and its headers."""
    rest = b""
    while more := line.recv(4096):
        *whole, rest = (rest + more).split(b"\0")
        for frame in whole:
            command, *headers = frame.decode().strip().partition("\n\n")[0].split("\n")
            yield command, dict(header.split(":", 1) for header in headers)


def headers_of(wanted: str, heard: Iterator[tuple[str, dict[str, str]]]) -> dict[str, str]:
    """Wait for a frame and return its headers. Raises OSError when the broker hangs up, or says nothing for long."""
    for command, headers in heard:
        if command == wanted:
            return headers
    raise ConnectionResetError(wanted)


def write(loaded: Path, made: Path) -> None:
    """Write an archive of the noted classes. Raises OSError with the last words of a Java that could not."""
    how = ["-Xshare:dump", f"-XX:SharedClassListFile={loaded}", f"-XX:SharedArchiveFile={made}"]
    command = [wheels.java_program(), *FLAGS, *how, "-cp", os.pathsep.join(wheels.class_path())]
    ran = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if ran.returncode:
        raise OSError((ran.stdout + ran.stderr).strip().rpartition("\n")[2])


if __name__ == "__main__":
    sys.exit(main())
