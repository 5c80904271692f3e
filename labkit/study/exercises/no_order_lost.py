"""Exercise 09-no-order-lost: the worker between a queue and a database that lets one transaction write at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from functools import partial
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from labkit.aws.sqs.stores import all_queues, rules_of
from labkit.databases import Busy, Database
from labkit.databases.database import COMMITTED, REFUSED
from labkit.rules import Faults
from labkit.study.exercise import Exercise, Function, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.jobs import SECOND, Job, Jobs
from labkit.study.shift.playing import arrive
from labkit.study.shift.shift import Shift, die
from labkit.study.shift.standing import Standing, standing
from labkit.study.shift.trail import EXTEND, RECEIVE, Trail, is_worker
from labkit.study.shift.why import Why, why_missing
from labkit.words import Told, say, told
from labkit.words import no_order_lost as words
from labkit.words.no_order_lost import Mistake
from labkit.words.shift import Mistake as Shared

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

COMMIT, PRINTS, MOST_RECEIVES = 0.2, 500, 5
LAST, SHORT = 1 << 62, 2  # after every instant; seconds that are a pause
COMMITS, REFUSALS, OUTAGE_REFUSALS = 15, 60, 400
TO_BUSY = {Mistake.BURNED, Mistake.ENDED_BY_BUSY, Mistake.UNEXTENDED}
MOST_CALLS, MOST_TRANSACTIONS, MOST_EVENTS = 3_000, 600, 40_000
TEN_MINUTES, HOUR, HALF_AN_HOUR = 600, 3600, 1800
ADDED = ("worker C", "worker D", "worker E", "worker F", "worker G")
BEFORE, AFTER, DEAD = "before", "after", "dead-letters"
TABLES = (
    "create table orders (id text primary key, name text not null)",
    "create table stock (remaining integer not null)",
    f"insert into stock values ({PRINTS})",
)


def waiting(number: int) -> dict[str, float]:
    """So many orders that wait from the beginning."""
    return {f"order-{one}": 0.0 for one in range(1, number + 1)}


NIGHT = {f"order-{number}": 7.0 * number for number in range(1, 31)}
LOCKED = waiting(8) | {f"late-{number}": 900.0 * number for number in range(1, 4)}
FEW = {"order-1": 0.0, "order-2": 0.0, "order-3": 2.0}


class Commit(NamedTuple):
    """What one commit has changed: rows that are new, and prints that are gone."""

    rows: int
    taken: int


class Sale(Jobs):
    """The shop's orders and its database; the machine that commits first dies before or after that, or none does."""

    failures = (Busy,)

    def __init__(
        self,
        lab: Lab,
        orders: Mapping[str, float],
        twice: Sequence[str] = (),
        dies: str = "",
        late: float = 0,
        fails_once: Mapping[str, type[Exception]] | None = None,
    ) -> None:
        super().__init__(lab, list(orders), fails_once)
        self.table: list[tuple[str, str]] = []
        self.commits: list[Commit] = []
        self.errors: list[str] = []
        self.sold, self._dies = 0, dies
        self.database = Till(lab, self)
        sqs = lab.client("sqs")
        dead = sqs.create_queue(QueueName=DEAD)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": MOST_RECEIVES})
        url = sqs.create_queue(QueueName="orders", Attributes={"RedrivePolicy": policy})["QueueUrl"]
        for order in [order for order, second in orders.items() if not second + late]:
            sqs.send_message(QueueUrl=url, MessageBody=order)
        arrive(lab, url, {order: second + late for order, second in orders.items() if second + late})
        arrive(lab, url, dict.fromkeys(twice, late), by="web server")
        self.given = (sqs, url, self.database)

    def lock(self, seconds: float) -> None:
        """Let a migration hold the table for so long."""

        def migration() -> None:
            with self.database.transaction() as connection:
                connection.execute("create index orders_by_name on orders (name)")
                self.lab.scheduler.sleep(round(seconds * SECOND))

        self.lab.start(migration, name="migration")

    # What its database tells

    def notice(self, statement: str) -> None:
        """A statement of the caller's transaction inserts orders: their work has begun."""
        named = re.findall(r"'([^']*)'", statement) if statement.lower().startswith(("insert", "replace")) else ()
        for name in dict.fromkeys(named):
            if name in self.names and name not in [job.name for job in self.at_work()]:
                self.begin(name)

    def at_work(self) -> list[Job]:
        """The orders of the caller's transaction."""
        return self.open_of(self.by)

    def dies(self, when: str) -> None:
        """If this is when the first machine dies: it never comes back from its next wait."""
        if when == self._dies:
            by, self._dies = self.by, ""
            self.lab.start(lambda: die(self, [by]), name="power cut")

    def committed(self, table: list[tuple[str, str]], remaining: int) -> int:
        """Note what is in the table and on the shelf after a commit of the caller; returns how many rows are new."""
        before = set(self.table)
        new = [row for row in table if row not in before]
        for job in self.at_work():
            job.finished = self.lab.scheduler.now
        for id, name in new:
            self.take_effect("row", name, id)
        self.commits.append(Commit(len(new), PRINTS - remaining - self.sold))
        self.table, self.sold = table, PRINTS - remaining
        return len(new)

    # What came of it

    def ended(self, how: str) -> int:
        """How many of the machines' transactions ended like this."""
        return sum(one.ended == how and is_worker(one.by) for one in self.database.transactions)

    @property
    def unfinished(self) -> list[str]:
        """What is not in the table, in order."""
        stored = {name for _, name in self.table}
        return [name for name in self.names if name not in stored]

    def has_repeat(self) -> bool:
        """Whether an order is stored twice."""
        rows = [one.name for one in self.effects]
        return len(set(rows)) < len(rows)

    def is_over(self) -> bool:
        """Whether the night is decided: all is done, a message is dead, or far too much was asked for."""
        machines = [actor for actor in self.lab.scheduler.actors if is_worker(actor.name)]
        transactions = len(self.database.transactions)
        # Each machine may be in the middle of a call that the history doesn't have yet.
        calls = sum(actor.made for actor in machines) - len(machines) - transactions
        has_dead = any(queue.name == DEAD and rules_of(queue, self.lab).stored() for queue in all_queues())
        return transactions > MOST_TRANSACTIONS or calls > MOST_CALLS or has_dead or super().is_over()


class Till(Database):
    """The shop's database, which tells what a transaction is about and what its commit has changed."""

    def __init__(self, lab: Lab, sale: Sale) -> None:
        super().__init__(lab, COMMIT, url="")
        self.prepare(*TABLES)
        self._sale = sale

    def begin(self) -> Any:
        """As in any database; where this run says so, each machine is refused once."""
        self._sale.may_fail("row")
        connection = super().begin()
        connection.set_trace_callback(self._sale.notice)
        return connection

    def commit(self, connection: Any) -> None:
        """As in any database."""
        if connection.total_changes:
            self._sale.dies(BEFORE)
        super().commit(connection)
        remaining = int(self.rows("select remaining from stock")[0][0])
        if self._sale.committed(self.rows("select id, name from orders order by rowid"), remaining):
            self._sale.dies(AFTER)

    def rolled_back(self, connection: Any, failure: BaseException) -> BaseException:
        """As in any database; what the transaction was about is undone, and an answer may swallow the reason."""
        raised = super().rolled_back(connection, failure)
        for job in self._sale.at_work():
            job.died = self._lab.scheduler.now
        if isinstance(raised, Exception) and not isinstance(raised, Busy):
            self._sale.errors.append(f"{type(raised).__name__}: {raised}")
        return raised


def shift(orders: Mapping[str, float] = FEW, seconds: float = TEN_MINUTES, **more: Any) -> Shift:
    """Two workers and orders at these seconds."""
    how = {key: more.pop(key) for key in ("forgiving", "repeats") if key in more}
    return Shift(lambda lab: Sale(lab, orders, **more), seconds, MOST_EVENTS, **how)


def locked(lab: Lab) -> Sale:
    """A night whose first hour belongs to a migration."""
    sale = Sale(lab, LOCKED)
    sale.lock(HOUR)
    return sale


class Scaling(Shift):
    """A shift in which Auto Scaling adds a machine for less than a minute, five times."""

    def start(self, story: Any, function: Function, names: Iterable[str]) -> None:
        """Start them, and let the others come and go."""
        super().start(story, function, names)
        story.lab.start(lambda: self._scale(story, function), name="Auto Scaling")

    def _scale(self, story: Any, function: Function) -> None:
        for name in ADDED:
            story.lab.scheduler.sleep(10 * SECOND)
            super().start(story, function, [name])
            story.lab.scheduler.sleep(50 * SECOND)
            die(story, [name])


few = partial(shift, twice=["order-2"], forgiving=True, repeats=True)

# What is promised

ONCE, STOCK, COMMITTING, CALLS = (
    told(one, commits=COMMITS, calls=MOST_CALLS, transactions=MOST_TRANSACTIONS)
    for one in (words.ONCE, words.STOCK, words.COMMITS, words.CALLS)
)


def seen(record: Record, came_back: Told, expected: Told, mistake: Enum, **numbers: object) -> Problem:
    """A broken promise that no order's messages explain, with the machines' first calls."""
    return broken(shared.own_calls(record), [came_back], expected, mistake, belief=False, **numbers)


def begun(record: Record, sale: Sale) -> Problem | None:
    """Some transaction was about an order."""
    problem = shared.begun(ONCE)(record, sale)
    if problem is None or sale.ended(REFUSED) or any(change.after == "deleted" for change in record.changes):
        return None
    if sale.errors:
        return broken(problem.called, problem.came_back, ONCE, Mistake.ERROR, belief=False, error=sale.errors[-1])
    if problem.mistake is Shared.NOT_HANDLED:
        return broken(problem.called, problem.came_back, ONCE, Mistake.NOT_INSERTED, belief=False)
    return problem


def calm(record: Record, sale: Sale) -> Problem | None:
    """The run was not stopped because of too many transactions or calls."""
    transactions = len(sale.database.transactions)
    if transactions <= MOST_TRANSACTIONS:
        return shared.first_of(shared.within(MOST_CALLS, CALLS), shared.calm(MOST_CALLS, CALLS))(record, sale)
    mistakes = {sale.ended(REFUSED): Mistake.HOT, sale.ended(COMMITTED): Mistake.AGAIN}
    most = max(mistakes)
    mistake = mistakes[most] if 2 * most > transactions else Mistake.ERROR
    line = told(words.COUNTED_TRANSACTIONS, transactions=transactions, at=_end(record), rows=len(sale.table))
    return seen(record, line, CALLS, mistake, error=(sale.errors or [""])[-1])


def _end(record: Record) -> float:
    return record.seconds(record.events[-1].at)


def refused(most: int) -> shared.Judge:
    """At most so many transactions were refused."""

    def judge(record: Record, sale: Sale) -> Problem | None:
        refusals = sale.ended(REFUSED)
        line = told(words.COUNTED_REFUSALS, refusals=refusals, at=_end(record))
        mistake, numbers = _why_refused(sale)
        return seen(record, line, told(words.REFUSALS, most=most), mistake, **numbers) if refusals > most else None

    return judge


def _why_refused(sale: Sale) -> Why:
    """Why so many were refused: by the time between two tries of one machine."""
    tries: dict[str, list[float]] = {}
    for one in sale.database.transactions:
        if one.ended == REFUSED and is_worker(one.by):
            tries.setdefault(one.by, []).append(one.at)
    pauses = [round(later - at, 2) for times in tries.values() for at, later in pairwise(times)]
    pause = median(pauses) if pauses else 0
    return (Mistake.SHORT_PAUSE, {"pause": pause, "tries": 3600 / pause}) if pause >= SHORT else (Mistake.HOT, {})


def known(record: Record, sale: Sale) -> Problem | None:
    """Every row is an order."""
    for id, name in sale.table:
        if name not in sale.names:
            return seen(record, told(words.UNKNOWN, id=id[:14], name=name[:14]), ONCE, Mistake.NO_ORDER)
    return None


def _why_missing(trail: Trail) -> Why:
    """Why an order is not in the table."""
    mistake, numbers = why_missing(trail)
    sale = trail.story
    if any(job.finished for job in trail.jobs):
        return Shared.KEY_SHARED, numbers | {"kind": "row"}
    if sale.errors and any(job.died for job in trail.jobs):
        return Mistake.ERROR, numbers | {"error": sale.errors[-1]}
    if mistake is Shared.DEAD_LETTERED and sale.ended(REFUSED):
        return _why_burned(trail), numbers
    if mistake is Shared.DELETED_UNDONE:
        return _why_deleted(trail), numbers
    return (Mistake.UNSTORED if mistake is Shared.NOBODY else mistake), numbers


def _why_burned(trail: Trail) -> Mistake:
    """Why its receives were used up while the database was busy: `Busy` ended the worker, or it held on without SQS."""
    sale, seconds = trail.story, trail.record.seconds
    polls = [call for call in trail.record.calls if call.operation == RECEIVE]
    for received in trail.receives:
        by, back = received.by, received.until or received.at
        anew = next((call.began for call in polls if call.by == by and call.began > received.at), LAST)
        if any(whose == by and received.at <= at <= anew and isinstance(why, Busy) for at, whose, why in sale.ends):
            return Mistake.ENDED_BY_BUSY
        own = [one.at for one in sale.database.transactions if one.by == by and one.ended == REFUSED]
        if any(seconds(back) < at < seconds(anew) for at in own) and not trail.calls(EXTEND, received.at, back):
            return Mistake.UNEXTENDED
    return Mistake.BURNED


def _why_deleted(trail: Trail) -> Shared:
    """Why it was deleted although no statement named it: a transaction that is refused has none."""
    deleted, at = trail.changes[-1], trail.record.seconds
    own = [
        one for one in trail.story.database.transactions if one.by == deleted.by and one.at > at(trail.receives[-1].at)
    ]
    before = {one.ended for one in own if one.at <= at(deleted.at)}
    if before:
        return Shared.DELETED_UNDONE if COMMITTED in before else Shared.DELETED_FAILED
    return Shared.DELETED_FIRST if any(one.ended != COMMITTED for one in own) else Shared.DELETED_UNDONE


def stored(record: Record, sale: Sale) -> Problem | None:
    """Every order is in the table; whoever loses one to the database's refusals need not believe anything of SQS."""
    problem = shared.done(ONCE, _why_missing)(record, sale)
    return problem and replace(problem, belief=problem.belief and problem.mistake not in TO_BUSY)


def stock(record: Record, sale: Sale) -> Problem | None:
    """What was stored was taken off the stock, and nothing else was."""
    rows = len(sale.table)
    if rows == sale.sold:
        return None
    apart = any(commit.rows and not commit.taken for commit in sale.commits) and any(
        commit.taken and not commit.rows for commit in sale.commits
    )
    mistake = Mistake.STOCK_COUNTED if sale.sold > rows else Mistake.STOCK_FORGOTTEN
    line = told(words.SOLD, rows=rows, sold=sale.sold)
    return seen(record, line, STOCK, Mistake.STOCK_APART if apart else mistake)


def few_commits(record: Record, sale: Sale) -> Problem | None:
    """So many waiting orders need few commits."""
    commits = sum(bool(commit.rows) for commit in sale.commits)
    line = told(words.COUNTED_COMMITS, commits=commits, rows=len(sale.table))
    return seen(record, line, COMMITTING, Mistake.COMMITS) if commits > COMMITS else None


CAREFUL = shared.first_of(begun, calm)
STORED = shared.first_of(known, shared.singly("row", ONCE), stored, stock, shared.deleted(told(words.DELETED)))
AFTER_RUSH = shared.first_of(begun, refused(REFUSALS), calm, STORED, few_commits)
AFTER_LOCK = shared.first_of(begun, refused(OUTAGE_REFUSALS), calm, STORED)
ANY_NIGHT = shared.first_of(CAREFUL, STORED)

# What is told


def _told(sentence: str) -> Callable[[Record, Sale], str]:
    """Say how many orders were stored, with how many commits and refusals, and how long after the hour."""

    def tell(record: Record, sale: Sale) -> str:
        last = max(one.finished or 0 for one in sale.jobs)
        commits = sum(bool(commit.rows) for commit in sale.commits)
        return say(
            sentence,
            orders=len(sale.table),
            commits=commits,
            refusals=sale.ended(REFUSED),
            seconds=record.seconds(last) - HOUR,
        )

    return tell


EXERCISE = Exercise(
    id="09-no-order-lost",
    title=words.TITLE,
    signatures=["worker(sqs, queue_url, database)"],
    runs=[
        Run(words.RUSH, shift(waiting(60), twice=["order-7", "order-31"]), AFTER_RUSH, _told(words.TOLD_RUSH)),
        Run(words.DIES_BEFORE, shift(waiting(20), dies=BEFORE), ANY_NIGHT, _told(words.TOLD_BEFORE)),
        Run(words.DIES_AFTER, shift(waiting(20), dies=AFTER), ANY_NIGHT, _told(words.TOLD_AFTER)),
        Run(words.LOCKED, Scaling(locked, HOUR + HALF_AN_HOUR, MOST_EVENTS), AFTER_LOCK, _told(words.TOLD_LOCKED)),
        Run(
            words.FAULTS,
            shift(NIGHT, HOUR, forgiving=True),
            ANY_NIGHT,
            _told(words.TOLD_FAULTS),
            faults=Faults.documented(),
            seed=14,
        ),
        *standing(few, ANY_NIGHT, fails={"row": Busy}, without={}, rests={Standing.TOGETHER: None}),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["dbfront-after-commit", "dbfront-order-key", "dbfront-batch", "dbfront-outage-hold", "std-10", "vis-6"],
    myths=["receive-removes", "crash-returns-message"],
    source="solutions/09_database_buffer.py",
    limits=["60", "15", "400", "600", "3,000", "10 min", "30 min"],
)
