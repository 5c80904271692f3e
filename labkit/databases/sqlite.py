"""SQLite in a temporary file: one connection writes at a time, the next one is told "database is locked"."""

from __future__ import annotations

import shutil
import sqlite3

from labkit.left_over import own_folder

PREFIX = "labkit-database-"


class SQLite:
    """One file in a folder of its own under the system's temporary one."""

    name = "SQLite"
    Error = sqlite3.Error

    def __init__(self) -> None:
        self._folder = own_folder(PREFIX)

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
