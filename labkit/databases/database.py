"""Database: a real one whose transactions stay open while lab time passes, so that its own locks refuse others."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import finalize

from labkit.clock.length import SECOND
from labkit.clock.switch import switch
from labkit.databases.postgresql import PostgreSQL
from labkit.databases.sqlite import SQLite
from labkit.words import databases as words
from labkit.words import error

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

VARIABLE = "LABKIT_DATABASE"
REFUSED, ROLLED_BACK, COMMITTED = "refused", "rolled back", "committed"


class Busy(Exception):
    """The database refused, in its own words: another transaction holds the lock that this one needs."""


@dataclass(frozen=True)
class Transaction:
    """How a transaction ended: "refused", "rolled back" or "committed", `at` seconds after the lab's start."""

    at: float
    by: str
    ended: str


class Database:
    """SQLite in a temporary file, or a schema of its own in the PostgreSQL that the variable LABKIT_DATABASE names.

    Nobody waits for a lock: who meets one gets `Busy` at once. A commit takes `commit_seconds` of lab time, with all
    locks held. The database ends with its lab. Raises `LabError` for a PostgreSQL that it cannot use.
    """

    Busy = Busy

    def __init__(self, lab: Lab, commit_seconds: float = 0.2, *, url: str | None = None) -> None:
        if not isinstance(commit_seconds, (int, float)) or not 0 <= commit_seconds < 3600:
            raise error(words.COMMIT_SECONDS, given=commit_seconds)
        self.commit_seconds = commit_seconds
        self.transactions: list[Transaction] = []
        self._lab = lab
        given = os.environ.get(VARIABLE, "") if url is None else url
        self.engine = PostgreSQL(given) if given else SQLite()
        self.close = finalize(self, self.engine.remove)
        lab.at_close(self.close)

    def prepare(self, *statements: str) -> None:
        """Run statements before a story begins: they take no lab time and are not noted."""
        self._check_open()
        connection = self.engine.connect()
        try:
            for statement in statements:
                connection.execute(statement)
        finally:
            self.engine.give_back(connection)

    def transaction(self) -> Opened:
        """Open a transaction: the end of the `with` commits it, an exception rolls it back.

        Gives the driver's own connection: `connection.execute(sql, parameters)`, a `?` for each parameter.
        """
        self._check_open()
        return Opened(self)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Read what is committed; takes no lock and no lab time."""
        self._check_open()
        connection = self.engine.connect()
        try:
            return list(connection.execute(sql, parameters).fetchall())
        finally:
            self.engine.give_back(connection)

    def _check_open(self) -> None:
        if not self.close.alive:
            raise error(words.CLOSED)
        switch.check_innermost(self._lab.scheduler)

    # For a transaction

    def begin(self) -> Any:
        """Connect and begin. An actor takes the lab's latency to reach the database, like a call to AWS."""
        scheduler = self._lab.scheduler
        if scheduler.current() is not None:
            # A loop of transactions must not stand still in time, any more than one of calls to AWS.
            scheduler.count_call(scheduler.current())
            scheduler.sleep(self._lab.latency)
        connection = self.engine.connect()
        try:
            self.engine.begin(connection)
        except BaseException as failure:
            raise self.rolled_back(connection, failure) from failure.__cause__
        return connection

    def commit(self, connection: Any) -> None:
        """Let lab time pass, then commit."""
        # Before the commit, while its locks are held: they are what others meet.
        time.sleep(self.commit_seconds)
        if not self.engine.is_open(connection):
            raise error(words.NOT_OPEN)
        connection.commit()
        self._note(connection, COMMITTED)

    def rolled_back(self, connection: Any, failure: BaseException) -> BaseException:
        """Roll back after a failure, and return what to raise: `Busy` where a lock was the reason."""
        busy = self.engine.is_busy(failure)
        connection.rollback()
        self._note(connection, REFUSED if busy else ROLLED_BACK)
        if not busy:
            return failure
        refusal = Busy(str(failure).partition("\n")[0])
        refusal.__cause__ = failure
        return refusal

    def _note(self, connection: Any, ended: str) -> None:
        self.engine.give_back(connection)
        scheduler = self._lab.scheduler
        actor = scheduler.current()
        at = (scheduler.now - self._lab.history.start) / SECOND
        self.transactions.append(Transaction(at, actor.name if actor else "you", ended))
        # A run in which rows are still written is not idle, though no message moves.
        scheduler.changed += ended == COMMITTED

    def __repr__(self) -> str:
        return f"<Database {self.engine.name}>"


class Opened:
    """One `with database.transaction()`. (Written out, so that an error shows the caller's line and no library's.)"""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Any = None

    def __enter__(self) -> Any:
        self._connection = self._database.begin()
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None, trace: Any) -> None:
        if failure is None:
            try:
                self._database.commit(self._connection)
            except BaseException as own:
                failure = own
            else:
                return
        raise self._database.rolled_back(self._connection, failure)
