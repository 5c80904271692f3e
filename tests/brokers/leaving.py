"""Programs that start a broker and end in some way, and what is left of them afterwards."""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from labkit.brokers.kept import wait_until
from labkit.brokers.places import PREFIX, accepts

ROOT = Path(__file__).parents[2]
MARK = "LABKIT_TEST_PROGRAM"
# `keeper` is the process that keeps the broker, `its` are the processes that it started, `folders` keeps the folder.
BEGIN = """
import os, sys
from labkit.brokers.kept import wait_until
from labkit.brokers.amazon_mq import OnPremises
from tests.brokers.leaving import children, freeze, kill
old = OnPremises()
keeper = old.broker._kept._keeper.pid
its = children(keeper)
(folders,) = set(children(os.getpid())) - {keeper}
print(old.broker.ports["stomp"], flush=True)
"""


def every_process():
    return [int(place.name) for place in Path("/proc").glob("[0-9]*")]


def words(process, kind):
    """A process's "environ" or "cmdline", as Linux lists it; empty for one that has ended."""
    try:
        return Path(f"/proc/{process}/{kind}").read_text(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def opened_by(process):
    """What a process has open, as Linux names it."""
    try:
        return {os.readlink(one) for one in Path(f"/proc/{process}/fd").iterdir()}
    except OSError:
        return set()


def processes_of(owner):
    """The processes that have files open in the folder of a program's brokers: the brokers."""
    return [one for one in every_process() if any(f"{PREFIX}{owner}-" in name for name in opened_by(one))]


def children(process):
    """The processes that a process with one thread has started and that are not reaped."""
    return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def freeze(brokers, process):
    """Freeze the first broker and wait until its process is."""
    brokers.freeze(1)
    wait_until(lambda: "State:\tT" in Path(f"/proc/{process}/status").read_text(), "a frozen process")


def kill(*processes):
    """kill -9, of this process last."""
    for one in sorted(processes, key=os.getpid().__eq__):
        os.kill(one, signal.SIGKILL)


class Program:
    """A process that has started a broker, after which it does what `then` says."""

    def __init__(self, then, begin=BEGIN):
        self.mark = f"{MARK}={secrets.token_hex()}"
        self.command = [sys.executable, "-c", begin + then]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), MARK: self.mark.partition("=")[2]}
        self.process = subprocess.Popen(
            self.command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.port = int(self.process.stdout.readline())

    def is_gone(self):
        """Whether nothing is left: no process, no folder, nothing that listens."""
        return self.is_over() and not self.folders()

    def is_over(self):
        """Whether no process is left; a port shows threads of one that is dying, which Linux lists as gone already."""
        return not (self.processes() or accepts(self.port))

    def folders(self):
        return list(Path(tempfile.gettempdir()).glob(f"{PREFIX}{self.process.pid}-*"))

    def processes(self):
        """The brokers, and all that carries its environment and is neither it nor a copy of it."""
        own = [self.mark, *self.command]
        marked = [
            one for one in every_process() if own[0] in words(one, "environ") and words(one, "cmdline") != own[1:]
        ]
        return {*processes_of(self.process.pid), *marked}

    def wait_until_gone(self):
        wait_until(self.is_gone, f"the end of {self.processes()} and {self.folders()}")

    def comes_back(self):
        """Its broker was gone when it wrote its first line, and is active when it is told to go on; then all ends."""
        assert self.process.stdout.readline() == b"stopped\n"
        wait_until(lambda: len(self.processes()) == 1, "the end of all but the folder's keeper")
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == b"active\n"
        self.process.kill()
        self.wait_until_gone()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
