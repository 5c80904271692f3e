"""The learner's journal: one JSON object a line, only ever appended to."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from _time_machine import original_time_ns

from labkit.words import error, say
from labkit.words import study as words

try:
    import fcntl
except ImportError:  # Windows, where appending is still one write of a whole line
    fcntl = None  # type: ignore[assignment]

NAME = "progress.jsonl"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Entry = dict[str, Any]


class Journal:
    """Entries in the order in which they were written, in a file or, without a `path`, in memory.

    A line torn by a crash stays in the file and is skipped; the next entry begins on a new line.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._memory: list[Entry] = []

    def append(self, entry: Entry) -> str:
        """Write one entry with the real time, on disk before this returns. Returns a sentence if that failed, or ""."""
        entry = {"at": f"{_real_now():%Y-%m-%dT%H:%M:%SZ}", **entry}
        if self.path is None:
            self._memory.append(entry)
            return ""
        line = json.dumps(entry, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace") + b"\n"
        try:
            self._write(self.path, line)
        except OSError as problem:
            self._memory.append(entry)
            return say(words.CANNOT_KEEP, path=self.path, reason=problem.strerror)
        return ""

    def entries(self) -> list[Entry]:
        """Return every readable entry, in order of writing (never of time, which may jump)."""
        return [entry for entry in map(_read, self._lines()) if entry is not None] + self._memory

    def torn(self) -> int:
        """Count the lines that cannot be read."""
        return sum(_read(line) is None for line in self._lines())

    def _lines(self) -> list[bytes]:
        if self.path is None:
            return []
        try:
            return [line for line in self.path.read_bytes().split(b"\n") if line.strip()]
        except FileNotFoundError:
            return []

    @staticmethod
    def _write(path: Path, line: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
        try:
            with _locked(file):
                size = os.fstat(file).st_size
                torn = size > 0 and _byte(file, size - 1) != b"\n"
                os.write(file, b"\n" + line if torn else line)
                os.fsync(file)
        finally:
            os.close(file)


def _byte(file: int, at: int) -> bytes:
    os.lseek(file, at, os.SEEK_SET)
    return os.read(file, 1)


@contextmanager
def _locked(file: int) -> Iterator[None]:
    if fcntl is None:
        yield
        return
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _read(line: bytes) -> Entry | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _real_now() -> datetime:
    try:
        nanoseconds = original_time_ns()  # the learner's work is dated in real time, also where the cell sees lab time
    except ValueError:  # no lab time is on
        nanoseconds = time.time_ns()
    return EPOCH + timedelta(microseconds=nanoseconds // 1_000)


def journal() -> Journal:
    """Return the journal of the course that LABKIT_COURSE names; without it one that ends with the process.

    Raises `LabError` when LABKIT_COURSE names something that is no folder.
    """
    return _journal(os.environ.get("LABKIT_COURSE") or "")


@cache
def _journal(course: str) -> Journal:
    if not course:
        return Journal(None)
    folder = Path(course)
    if folder.exists() and not folder.is_dir():
        raise error(words.ONE_COURSE, path=course)
    return Journal(folder_of(folder) / NAME)


def folder_of(course: Path) -> Path:
    """Return the folder in which a course keeps the learner's work."""
    return course / "my_course" if (course / "lab.py").is_file() else course
