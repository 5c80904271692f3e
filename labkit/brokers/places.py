"""Where a broker lives: a folder of this process's own, and ports on loopback that nobody else has."""

from __future__ import annotations

import atexit
import json
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from labkit.left_over import own_folder

LOOPBACK = "127.0.0.1"
PREFIX = "labkit-brokers-"
# Below the numbers that systems give to outgoing connections, so that a port that waits for its standby stays free.
PORTS = range(20_000, 32_000)
_claims: dict[int, socket.socket] = {}


@cache
def base() -> Path:
    """The folder of all brokers of this process, readable by nobody else; removed when the process ends."""
    folder = own_folder(PREFIX)
    keeper = start_keeper()
    assert keeper.stdin is not None
    keeper.stdin.write(json.dumps({"folder": str(folder)}).encode() + b"\n")
    atexit.register(_end, keeper, folder)
    return folder


def _end(keeper: subprocess.Popen[bytes], folder: Path) -> None:
    """Remove the folder now, and let its keeper see to what brokers still write."""
    shutil.rmtree(folder, ignore_errors=True)
    for pipe in (keeper.stdin, keeper.stdout):
        assert pipe is not None
        pipe.close()
    keeper.wait()


def start_keeper() -> subprocess.Popen[bytes]:
    """Start a keeper (`keeper.py`), which waits for its first line."""
    return subprocess.Popen(
        # Isolated and without site-packages: nothing in the learner's folder can be imported in its place.
        [sys.executable, "-I", "-S", str(Path(__file__).with_name("keeper.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        # Ctrl-C in a terminal goes to the whole foreground group; a keeper is to outlive what it strikes.
        start_new_session=True,
    )


def new_folder(name: str) -> Path:
    """A new empty folder below `base()`."""
    base().mkdir(mode=0o700, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=base()))


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens, and that no other process of the course has been given.

    This process keeps the UDP port of that number: a claim that others see before the broker listens, and that no
    kill -9 leaves behind.
    """
    while True:
        # `random` would move on the state that a learner's code may have seeded.
        port = secrets.choice(PORTS)
        claim = socket.socket(type=socket.SOCK_DGRAM)
        if _can_bind(claim, port) and _is_free(port):
            _claims[port] = claim
            atexit.register(claim.close)
            return port
        claim.close()


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        return _can_bind(listener, port)


def _can_bind(end: socket.socket, port: int) -> bool:
    try:
        end.bind((LOOPBACK, port))
    except OSError:
        return False
    return True


def accepts(port: int) -> bool:
    """Whether something on this machine accepts connections at that port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False
