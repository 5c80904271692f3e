"""Programs that start a broker and end in some way, and what is left of them afterwards."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from labkit.brokers.kept import wait_until
from labkit.brokers.places import PREFIX, accepts

ROOT = Path(__file__).parents[2]
BEGIN = """
import os, signal, sys, time
from labkit.brokers.on_premises import OnPremises
old = OnPremises()
print(old.broker.ports["stomp"], flush=True)
"""


def opened_by(process):
    """What a process has open, as Linux names it."""
    try:
        return {os.readlink(one) for one in Path(f"/proc/{process}/fd").iterdir()}
    except OSError:
        return set()


def processes_of(owner):
    """The processes that have files open in the folder of a program's brokers: the brokers."""
    every = [int(place.name) for place in Path("/proc").glob("[0-9]*")]
    return [one for one in every if any(f"{PREFIX}{owner}-" in name for name in opened_by(one))]


class Program:
    """A process that has started a broker, after which it does what `then` says."""

    def __init__(self, then, begin=BEGIN):
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", begin + then]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.port = int(self.process.stdout.readline())

    def is_gone(self):
        """Whether nothing is left: no process, no folder, nothing that listens."""
        return not (self.processes() or self.folders() or accepts(self.port))

    def folders(self):
        return list(Path(tempfile.gettempdir()).glob(f"{PREFIX}{self.process.pid}-*"))

    def processes(self):
        return processes_of(self.process.pid)

    def wait_until_gone(self):
        wait_until(self.is_gone, f"the end of {self.processes()} and {self.folders()}")

    def close(self):
        self.process.kill()
        self.process.communicate()
