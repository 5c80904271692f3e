"""PostgreSQL on this machine: each lab's database is a schema of its own, and a lock that is taken refuses at once."""

from __future__ import annotations

import os
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from labkit.words import databases as words
from labkit.words import error

if TYPE_CHECKING:
    import psycopg

SCHEMES = ("postgresql://", "postgres://")
LOOPBACK = ("127.0.0.1", "::1")
# Who holds a lock is suspended and cannot give it back meanwhile, so the shortest wait that PostgreSQL knows will do.
LOCK_TIMEOUT = "1ms"
LAST_LOCK_TIMEOUT = "5s"
_numbers = count(1)


class PostgreSQL:
    """A schema in the database at a URL. Raises `LabError` for a URL that it cannot use or that leaves this machine."""

    name = "PostgreSQL"

    def __init__(self, url: str) -> None:
        self._psycopg = _driver()
        self.Error = self._psycopg.Error
        self._options = self._read(url)
        self._all: list[psycopg.Connection[Any]] = []
        self._idle: list[psycopg.Connection[Any]] = []
        self._schema = f"labkit_{os.getpid()}_{next(_numbers)}"
        try:
            self._run(f"create schema {self._schema}")
        except self.Error as failure:
            raise error(words.NO_SERVER, reason=str(failure).partition("\n")[0]) from failure

    def connect(self) -> psycopg.Connection[Any]:
        """Return a connection that does not wait for a lock: one that was given back, or a new one."""
        if self._idle:
            return self._idle.pop()
        connection = self._connect(LOCK_TIMEOUT, cursor_factory=self._cursor)
        self._all.append(connection)
        return connection

    def give_back(self, connection: psycopg.Connection[Any]) -> None:
        """Keep a connection for the next one who needs it, as a pool does: opening one is a process of the server's."""
        if not connection.closed:
            self._idle.append(connection)

    def begin(self, connection: psycopg.Connection[Any]) -> None:
        """Begin; locks are taken by the statements that follow."""
        connection.execute("begin")

    def is_open(self, connection: psycopg.Connection[Any]) -> bool:
        """Whether the transaction can still be committed."""
        return connection.info.transaction_status == self._psycopg.pq.TransactionStatus.INTRANS

    def is_busy(self, failure: BaseException) -> bool:
        """Whether somebody else's lock was the reason."""
        return isinstance(failure, self._psycopg.errors.LockNotAvailable)

    def remove(self) -> None:
        """Close all connections, also of an actor that the end of the program met in a transaction; drop the schema."""
        for connection in self._all:
            connection.close()
        self._run(f"drop schema {self._schema} cascade")

    def _run(self, sql: str) -> None:
        with self._connect(LAST_LOCK_TIMEOUT) as connection:
            connection.execute(sql)

    def _connect(self, lock_timeout: str, **more: Any) -> psycopg.Connection[Any]:
        settings = f"-c lock_timeout={lock_timeout} -c search_path={self._schema} -c client_min_messages=warning"
        how = {**self._options, "options": settings, "autocommit": True, **more}
        connection: psycopg.Connection[Any] = self._psycopg.connect(**how)
        return connection

    @cached_property
    def _cursor(self) -> type:
        """A cursor that takes `?` for a parameter, as SQLite's does."""

        class Cursor(self._psycopg.Cursor):  # type: ignore[name-defined]
            def execute(self, query: str, params: Any = None, **how: Any) -> Any:
                if params is not None:
                    query = query.replace("%", "%%").replace("?", "%s")
                return super().execute(query, params, **how)

        return Cursor

    def _read(self, url: str) -> dict[str, Any]:
        """The connection's options, with an address that nothing in the surroundings can lead elsewhere."""
        try:
            assert isinstance(url, str)
            assert url.startswith(SCHEMES)
            options: dict[str, Any] = self._psycopg.conninfo.conninfo_to_dict(url)
        except (AssertionError, self.Error) as problem:
            raise error(words.NOT_A_URL, given=url) from problem
        # Empty, not missing: else libpq would take the address from its environment variable.
        address, host = options.setdefault("hostaddr", ""), options.get("host", "")
        if not (host in ("localhost", *LOOPBACK) or host.startswith("/")) or address not in ("", *LOOPBACK):
            raise error(words.NOT_HERE, host=address or host or url)
        return options


def _driver() -> Any:
    try:
        import psycopg
    except ImportError as missing:
        raise error(words.NO_DRIVER) from missing
    return psycopg
