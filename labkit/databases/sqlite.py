"""SQLite in a temporary file: one connection writes at a time, the next one is told "database is locked"."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from functools import cache
from pathlib import Path

PREFIX = "labkit-database-"


class SQLite:
    """One file in a folder of its own under the system's temporary one."""

    name = "SQLite"
    Error = sqlite3.Error

    def __init__(self) -> None:
        remove_left_over()
        self._folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))

    def connect(self) -> sqlite3.Connection:
        """Open a connection that never waits for a lock."""
        connection = sqlite3.connect(self._folder / "orders.sqlite", timeout=0, isolation_level=None)
        # The file ends with the lab, so it need not outlive a power cut.
        connection.execute("pragma synchronous = off")
        return connection

    def give_back(self, connection: sqlite3.Connection) -> None:
        """Close it: opening one costs next to nothing."""
        connection.close()

    def begin(self, connection: sqlite3.Connection) -> None:
        """Begin as the one that writes."""
        connection.execute("begin immediate")

    def is_open(self, connection: sqlite3.Connection) -> bool:
        """Whether the transaction can still be committed."""
        return connection.in_transaction

    def is_busy(self, failure: BaseException) -> bool:
        """Whether somebody else's lock was the reason."""
        return getattr(failure, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY

    def remove(self) -> None:
        """Remove the file and its folder."""
        shutil.rmtree(self._folder, ignore_errors=True)


@cache
def remove_left_over() -> None:
    """Remove the folders of processes that were killed, which could not do so themselves; once a process."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not _is_running(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: int) -> bool:
    if os.name == "nt":  # there the signal 0 is not harmless
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
