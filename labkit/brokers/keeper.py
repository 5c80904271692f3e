"""Keeps one broker's process, or only the folder of all of them; when the lab's process is gone, both go.

Runs alone (`python -I -S keeper.py`), standard library only, in a session of its own. Its first line of input is JSON:
`folder`, and for a broker `command`, `environment`, `log` and `first_line`, which the broker reads on its own input, so
that no secret stands in a command line. Then one word a line: KILL, FREEZE, THAW, STOP; a line that begins with TELL is
passed on to the broker. The broker's answers go to the keeper's output.

Who guards the keeper: a shell, which leads the broker's process group and reads from a pipe that the keeper holds open.
When the keeper is killed, the pipe ends and the shell kills its own group. The shell is there before the broker is, its
group's number cannot be given to another while it lives, and killing all that is called python does not reach it.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from typing import Any

PATIENCE = 10.0
LOOKS_EVERY = 0.1
PARENT = os.getppid()
GONE = ""
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
SIGNALS = {"KILL": KILL} if os.name == "nt" else {"KILL": KILL, "FREEZE": signal.SIGSTOP, "THAW": signal.SIGCONT}
# Signals that end or wake the broker do not end its guard; the last word is its name in a list of processes.
GUARD = ("/bin/sh", "-c", "trap '' HUP INT TERM; read -r gone; kill -KILL 0", "labkit-guard")


def main() -> int:
    """Keep what the first line says; returns the broker's exit code, or 0 when the lab is gone."""
    order = json.loads(sys.stdin.buffer.readline())
    words: queue.Queue[str] = queue.Queue()
    threading.Thread(target=listen, args=(words,), daemon=True).start()
    code = None
    if "command" in order:
        code = Broker(order).keep(words)
    else:
        keep_nothing(words)
    if code is None:
        remove(order["folder"])
    return code or 0


def keep_nothing(words: queue.Queue[str]) -> None:
    """Wait until the lab is gone."""
    while next_word(words) != GONE:
        pass


def remove(folder: str) -> None:
    """Remove the folder of a lab that is gone; brokers that end just then may still write into it."""
    until = time.monotonic() + PATIENCE
    while os.path.exists(folder) and time.monotonic() < until:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(LOOKS_EVERY)


def listen(words: queue.Queue[str]) -> None:
    """Put each line of input into the queue, and an empty word when there will be no more."""
    for line in sys.stdin.buffer:
        words.put(line.decode().rstrip("\n"))
    words.put(GONE)


def next_word(words: queue.Queue[str]) -> str | None:
    """The next word, or None if none came within a moment; GONE also if a copy of the lab holds the input open."""
    if os.getppid() != PARENT:
        return GONE
    try:
        return words.get(timeout=LOOKS_EVERY)
    except queue.Empty:
        return None


class Broker:
    """A broker's process and all that it starts, in a process group that a guard leads."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.guard = None if os.name == "nt" else start_guard()
        with open(order["log"], "ab") as log:
            self.process = subprocess.Popen(
                order["command"],
                env=order["environment"],
                # No `stdout`: it is the keeper's own, so that answers reach the lab without being copied.
                stdin=subprocess.PIPE,
                stderr=log,
                cwd=os.path.dirname(order["log"]),  # what it writes without being told where is not the learner's
                process_group=self.guard.pid if self.guard else None,
            )
        self.tell(order["first_line"])

    def keep(self, words: queue.Queue[str]) -> int | None:
        """Obey until it has ended and return its exit code; end it when the lab is gone, and return None."""
        lab_is_there = True
        while lab_is_there and self.is_whole():
            lab_is_there = self.obey(next_word(words))
        self.end(KILL)
        if self.guard:
            self.guard.wait()
        return self.process.returncode if lab_is_there else None

    def is_whole(self) -> bool:
        """Whether it runs and is guarded: it must not outlive either."""
        return self.process.poll() is None and (self.guard is None or self.guard.poll() is None)

    def obey(self, word: str | None) -> bool:
        """Do what the lab wants; returns False when the lab is gone."""
        if word == GONE:
            return False
        if word == "STOP":
            self.end(signal.SIGTERM)
        elif word in SIGNALS:
            self.send(SIGNALS[word])
        elif word is not None and word.startswith("TELL "):
            self.tell(word[5:])
        return True

    def tell(self, line: str) -> None:
        """Write a line to its input; one that is ending does not listen any more."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()

    def end(self, how: signal.Signals) -> None:
        """End all of it: as asked, and by force if that takes too long."""
        self.send(how)
        until = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            if time.monotonic() > until:
                self.send(KILL)
            time.sleep(0.01)

    def send(self, which: signal.Signals) -> None:
        """Send a signal to all of it that is there; the guard alone never sleeps."""
        if self.guard is None:
            self.process.terminate()
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.guard.pid, which)
            # FREEZE reached the guard as well, which has to be awake to see its pipe end.
            self.guard.send_signal(signal.SIGCONT)


def start_guard() -> subprocess.Popen[bytes]:
    """Start the guard at the head of a process group; its input ends when this process does."""
    return subprocess.Popen(GUARD, stdin=subprocess.PIPE, process_group=0)


if __name__ == "__main__":
    # Without Python's own end, which waits a second for the thread that still listens, and then aborts.
    os._exit(main() & 0xFF)
