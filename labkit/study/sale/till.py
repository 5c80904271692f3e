"""The shop's database: it notes what each commit has stored, and one machine may die at its first commit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from labkit.aws.sqs import data_plane
from labkit.databases import Database
from labkit.study.shift import SECOND

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

STOCK = 500
COMMIT = 0.2
TABLES = (
    "create table orders (id text primary key, name text not null)",
    "create table stock (remaining integer not null)",
    f"insert into stock values ({STOCK})",
)
BEFORE, AFTER = "before its commit", "after its commit"


@dataclass
class Commit:
    """One commit that stored orders: names and the ids that were chosen for them, microseconds since 1970."""

    at: int
    by: str
    rows: list[tuple[str, str]] = field(default_factory=list)


class Till(Database):
    """A database whose writer's machine dies once, before or after its first commit (`dies`), or never.

    `sold` is how many prints were taken off the stock.
    """

    def __init__(self, lab: Lab, dies: str | None = None) -> None:
        super().__init__(lab, COMMIT, url="")
        self.prepare(*TABLES)
        self.commits: list[Commit] = []
        self.sold = 0
        self.died: Commit | None = None
        self.when = dies or ""
        self._dies = dies

    @property
    def names(self) -> list[str]:
        """The names of all stored orders, in the order in which they were stored."""
        return [name for commit in self.commits for _, name in commit.rows]

    def commit(self, connection: Any) -> None:
        """As in any database; the machine that is to die never comes back from here."""
        if self._dies == BEFORE and connection.total_changes:
            connection.rollback()
            self._die()
        super().commit(connection)
        if self._note_commit() and self._dies == AFTER:
            self._die()

    def _note_commit(self) -> bool:
        """Note what is new in the table since the last commit; returns whether anything is."""
        known = {id for commit in self.commits for id, _ in commit.rows}
        new = [(id, name) for id, name in self.rows("select id, name from orders order by rowid") if id not in known]
        if new:
            self.commits.append(Commit(self._now, self._by, new))
        self.sold = STOCK - int(self.rows("select remaining from stock")[0][0])
        return bool(new)

    def _die(self) -> NoReturn:
        self._dies = None
        self.died = Commit(self._now, self._by)
        data_plane.crash(self._lab, self._by)
        while True:  # a dead machine never comes back, whatever time it becomes
            self._lab.scheduler.sleep(10**6 * SECOND)

    @property
    def _now(self) -> int:
        return self._lab.scheduler.now

    @property
    def _by(self) -> str:
        actor = self._lab.scheduler.current()
        return actor.name if actor else "you"
