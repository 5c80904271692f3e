"""What a lab is about to create on another endpoint, written down first, so that a crash leaves nothing unknown."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

try:
    import fcntl
except ImportError:  # Windows has other locks; a journal counts there as left behind once its lab's process is gone
    fcntl = None  # type: ignore[assignment]

SUFFIX = ".jsonl"


class Left(NamedTuple):
    """What one journal tells: where its lab was, and the names of the queues that it may have created."""

    path: Path
    url: str
    region: str
    forgets: bool
    queues: tuple[str, ...]


def folder() -> Path:
    """Where journals are kept: with the user's other programs' state, outside the course."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "labkit" / "endpoints"


class EndpointJournal:
    """One open lab's journal. Its file is locked while the lab lives; the system unlocks it when the process dies."""

    def __init__(self, prefix: str, url: str, region: str, forgets: bool) -> None:
        folder().mkdir(parents=True, exist_ok=True)
        self.path = folder() / f"{prefix}{os.getpid()}{SUFFIX}"
        self._file = self.path.open("a", encoding="utf-8")
        if fcntl is not None:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        self._write({"url": url, "region": region, "forgets": forgets})

    def about_to_create(self, queue: str) -> None:
        """Write down a name; it is on the disk when this comes back."""
        self._write({"queue": queue})

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def done(self) -> None:
        """Forget the journal: everything in it is deleted."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def leave(self) -> None:
        """Keep the journal for `labkit cleanup`."""
        self._file.close()


def left_behind() -> Iterator[Left]:
    """The journals of labs that ended without deleting what they had created."""
    for path in sorted(folder().glob(f"*{SUFFIX}")):
        if not _is_alive(path):
            yield _read(path)


def _is_alive(path: Path) -> bool:
    if fcntl is None:
        return _runs(int(path.stem.rpartition("-")[2]))
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


def _read(path: Path) -> Left:
    """Read a journal; a last line that a crash cut short was never followed by its create."""
    lines: list[dict[str, Any]] = []
    for text in path.read_text("utf-8").splitlines():
        try:
            lines.append(json.loads(text))
        except ValueError:
            break
    head = lines[0] if lines else {"url": "", "region": "", "forgets": True}
    queues = tuple(dict.fromkeys(str(line["queue"]) for line in lines[1:]))
    return Left(path, str(head["url"]), str(head["region"]), bool(head["forgets"]), queues)
