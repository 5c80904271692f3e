"""A broker's process as the lab sees it, through its keeper."""

from __future__ import annotations

import contextlib
import json
import os
import select
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from labkit.aws.process import process
from labkit.brokers.places import base, start_keeper
from labkit.words import brokers as words
from labkit.words import error

LOOKS_EVERY = 0.02


class Kept:
    """A process that ends with this one, however this one ends.

    `command` runs with `environment` (this process's own if None), reads `first_line` on its input and logs to `log`.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        *,
        first_line: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.log = log
        self._asked = 0
        self._keeper = start_keeper()
        order = {
            "folder": str(base()),
            "command": [str(word) for word in command],
            "environment": dict(os.environ if environment is None else environment),
            "log": str(log),
            "first_line": first_line,
        }
        self._say(json.dumps(order))

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended yet; a frozen one has not."""
        return self._keeper.poll() is None

    def kill(self) -> None:
        """SIGKILL, which no process can do anything about; returns when it is gone."""
        self._say("KILL")
        self.wait()

    def freeze(self) -> None:
        """SIGSTOP: the process keeps everything and does nothing."""
        self._say("FREEZE")

    def thaw(self) -> None:
        """SIGCONT: the process goes on as if nothing had been."""
        self._say("THAW")

    def stop(self) -> None:
        """Ask it to end, and wait until it has; one that does not listen is killed."""
        # A frozen process would get SIGTERM only when it goes on.
        self._say("THAW")
        self._say("STOP")
        self.wait()

    def wait(self) -> None:
        """Wait until the process and its keeper have ended, whichever was the first."""
        wait_until(lambda: not self.is_running and self.is_silent(), words.ENDED)
        for pipe in (self._keeper.stdin, self._keeper.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()

    def ask(self, question: dict[str, Any], seconds: float = 10) -> Any:
        """Tell the process something and return its answer; None if there is none in time."""
        if not self.is_running:
            return None
        self._asked += 1
        self.tell(question | {"number": self._asked})
        until = time.monotonic() + seconds
        while answer := self.hear(until - time.monotonic()):
            if answer["number"] == self._asked:  # an earlier one came too late for who asked
                return answer["answer"]
        return None

    def tell(self, what: dict[str, Any]) -> None:
        """Write a line of JSON to the process's input; one that has ended does not hear it."""
        self._say(f"TELL {json.dumps(what)}")

    def hear(self, seconds: float) -> Any:
        """Return the next line of JSON that the process writes; None if none comes in time, or it has ended."""
        output = self._keeper.stdout
        assert output is not None
        ready = select.select([output], [], [], max(seconds, 0))[0]
        return json.loads(line) if ready and (line := output.readline()) else None

    def is_silent(self) -> bool:
        """Whether nobody holds the output open, so that nobody is left who could answer."""
        output = self._keeper.stdout
        assert output is not None
        return output.closed or (bool(select.select([output], [], [], 0)[0]) and not output.read(4096))

    def last_words(self) -> str:
        """The end of its log, for a sentence about why it is not there."""
        lines = self.log.read_text("utf-8", "replace").strip().splitlines() if self.log.exists() else []
        return lines[-1] if lines else "no reason given"

    def _say(self, line: str) -> None:
        assert self._keeper.stdin is not None
        if self._keeper.stdin.closed:
            return
        with contextlib.suppress(BrokenPipeError):
            self._keeper.stdin.write(line.encode() + b"\n")


def wait_until(condition: Callable[[], Any], what: str, seconds: float = 60) -> None:
    """Wait in real time, also while a lab is open. Raises `LabError` saying `what` did not come within `seconds`."""
    # Not `time.sleep`, which is lab time while a lab is open.
    pause = threading.Event()
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise error(words.TOO_LONG, what=what, seconds=f"{seconds:g}")
        pause.wait(LOOKS_EVERY)


def check_real_time() -> None:
    """Raise `LabError` inside an actor: a broker lives in real time, which an actor cannot wait for."""
    lab = process.lab
    if lab is not None and lab.scheduler.current() is not None:
        raise error(words.IN_ACTOR)
