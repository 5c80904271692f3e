"""Exercise 22-survive-failover: a producer and a consumer that lose nothing and repeat nothing while brokers die."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from labkit.study.exercise import Exercise, Problem, Run, broken
from labkit.study.performing import ReportedCrash, in_real_time
from labkit.study.shift.standing import Standing
from labkit.words import Told, say, told
from labkit.words import survive_failover as words
from labkit.words.survive_failover import Mistake

if TYPE_CHECKING:
    from labkit.brokers.amazon_mq import AmazonMQ
    from labkit.study.exercise import Function
    from labkit.study.programs.program import Program as AnyProgram
    from labkit.study.record import Record

PRODUCE, CONSUME, QUEUE = "produce(connect, orders)", "consume(connect, books)", "orders"
PRINTS = [
    *("a print of 30 x 40", "a frame of oak", "a print of 50 x 70", "two postcards", "a calendar", "a frame of oak"),
    *("a map of the harbour", "a passe-partout", "a poster", "a frame of ash", "six coasters", "a print of 70 x 100"),
]
# Two customers order the same frame.
ORDERS = tuple((f"order-{number}", body) for number, body in enumerate(PRINTS, 1))
ORDERED = Counter(body for _, body in ORDERS)
# So that every consumer meets the answer that nothing is there.
NOTHING_YET = {("receive", 1): "nothing"}
# The lost third send makes thirteen sends at least: the order that comes twice is the last one.
OUTAGES = NOTHING_YET | {
    ("send", 3): "lost",
    ("send", 13): "stored",
    ("wait_for_receipt", 7): "cut",
    ("received", 2): "power",
    ("ack", 3): "lost",
    ("ack", 5): "acknowledged",
    ("book", 7): "written",
    ("ack", 9): "power",
}
KILLS = sum(fate in ("lost", "stored") for fate in OUTAGES.values())
POWER = ("power", "acknowledged", "written")  # what ends the consumer's machine
FAILURES = sum(fate in POWER for fate in OUTAGES.values())
MOST_CALLS, MOST_SENDS, MOST_STARTS, MOST_EMPTY = 600, 8, 10, 3
# Longer than a line waits for anything, so that silence means that a program makes no call.
QUIET = 15  # seconds
# Real brokers and real time: what standing runs do in labs is done here on the days themselves, or not.
WITHOUT = {
    Standing.DEATH: "On the day of outages the consumer's machine dies at each kind of call; the producer's does not.",
    Standing.NEXT_DAY: "Each start is a real process with a hash seed of its own; a real day is too long.",
    Standing.FAILING: "Lines fail on the day of outages; the books are said not to.",
    Standing.IDLE: "On both days the first receive brings nothing.",
    Standing.TOGETHER: "A broker repeats only what was not acknowledged, or was sent again: the outages see to both.",
    Standing.STOP: "Nobody is told to stop.",
}
SHOWN = 8
# Reports of what came of a call that is shown already.
REPORTS = ("stored", "acknowledged", "received nothing")
NAMES = {"book": "books.add", "look up": "in books"}
Fates = Mapping[tuple[str, int], str]


class Happening(NamedTuple):
    """One call of a program, and what happened to it; `start` counts the consumer's machines."""

    who: str
    call: str
    id: str
    body: str
    fate: str
    start: int
    persistent: bool = True


class Row(NamedTuple):
    """One line of the books, and by which start of the consumer it was written."""

    id: str
    body: str
    start: int


@dataclass
class Day:
    """What happened on one day; `ended` says why it was over before its end, by `ended_by`."""

    steps: list[Happening] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    kills: int = 0
    left: int = 0
    ended: Mistake | None = None
    ended_by: str = ""

    def of(self, call: str, body: str) -> list[Happening]:
        """The calls of a kind that concern an order."""
        return [step for step in self.steps if step.call == call and step.body == body]


class Ended(Exception):
    """A program has come to its end, or its machine to that of its power."""


class Failed(Ended):
    """A program has been ended by the error that the story announces."""


class DayOver(Exception):
    """The day is over before its end."""


def day(fates: Fates) -> Callable[[Function, Function], Day]:
    """Play a day: the producer to its end, then the consumer until the queue is empty."""

    def play(produce: Function, consume: Function) -> Day:
        with new_pair() as pair:
            shop = Shop(pair, fates)
            with suppress(DayOver):  # the day itself tells how it ended
                for _ in range(MOST_STARTS):
                    if not shop.run(words.PRODUCER, produce, PRODUCE, ORDERS):
                        break
                while not shop.starts or (shop.starts < MOST_STARTS and pair.waiting(QUEUE)):
                    shop.starts += 1
                    shop.run(words.CONSUMER, consume, CONSUME)
            shop.day.left = pair.waiting(QUEUE)
            return shop.day

    return play


def new_pair() -> AmazonMQ:
    """A new pair of brokers, made by CreateBroker in a lab."""
    from labkit.aws.lab import Lab
    from labkit.brokers.amazon_mq import AmazonMQ

    with Lab(seed=22) as lab:
        made = lab.client("mq").create_broker(
            BrokerName="print-shop",
            EngineType="ACTIVEMQ",
            EngineVersion="5.19",
            HostInstanceType="mq.m5.large",
            DeploymentMode="ACTIVE_STANDBY_MULTI_AZ",
            PubliclyAccessible=False,
            AutoMinorVersionUpgrade=True,
            Users=[{"Username": "orders", "Password": "a long word for orders"}],
        )
        return AmazonMQ(lab, made["BrokerId"])


class Shop:
    """Answers the programs, and lets brokers and machines fail under them."""

    def __init__(self, pair: AmazonMQ, fates: Fates) -> None:
        self.day, self.starts = Day(), 0
        self._pair, self._fates = pair, fates
        self._calls: Counter[str] = Counter()
        self._empty = 0

    def run(self, who: str, function: Function, signature: str, orders: Any = None) -> bool:
        """Run a program to its end; whether a broken line ended it. Raises `ReportedCrash`, `DayOver`."""
        from labkit.study.programs.program import Program

        program = Program(function, signature, self._pair, orders)
        try:
            while True:
                program.answer(self._reply(who, program, program.next(QUIET)))
        except Ended as end:
            return isinstance(end, Failed)
        finally:
            program.kill()

    def _reply(self, who: str, program: AnyProgram, said: dict[str, Any] | None) -> Any:
        if said is None:
            self._stop(Mistake.SILENT if program.is_running else Mistake.GONE, who)
        call = said.pop("call")
        if call == "print":
            return print(said["text"], end="")
        if call == "returned":
            raise Ended
        if call == "crashed":
            if said.pop("is_announced"):
                raise Failed
            raise ReportedCrash(**said)
        return self._meet(who, call, said)

    def _meet(self, who: str, call: str, said: dict[str, Any]) -> Any:
        """Let happen to a call what is to happen to it, and return what its program is told."""
        self._calls[call] += 1
        # An order that is sent, or waited for, again and again costs five real seconds each time.
        same = [
            step for step in self.day.steps if call in ("send", "wait_for_receipt") and step[1:3] == (call, said["id"])
        ]
        if self._calls.total() > MOST_CALLS or len(same) == MOST_SENDS:
            self._stop(Mistake.RESTLESS, who)
        fate = self._fates.get((call, self._calls[call]), "")
        step = Happening(who, call, fate=fate, start=self.starts, **{"id": "", "body": "", **said})
        self.day.steps.append(step)
        if call == "book" and fate != "power":
            self.day.rows.append(Row(step.id, step.body, step.start))
        if fate in ("power", "written") or call == "acknowledged":
            raise Ended
        if fate == "lost" or call == "stored":
            self._kill()
        return fate or self._result(step)

    def _result(self, step: Happening) -> Any:
        """What a call comes to when nothing happens to it."""
        if step.call == "look up":
            return any(row.id == step.id for row in self.day.rows)
        if step.call == "receive" and not self._pair.waiting(QUEUE):
            raise Ended
        if step.call == "received nothing":
            self._empty += 1
            if self._empty == MOST_EMPTY:
                raise DayOver
        return None

    def _kill(self) -> None:
        """kill -9 of the broker that serves, as soon as the other one stands by; replace it if more are to die."""
        from labkit.brokers.kept import wait_until

        wait_until(lambda: sorted(self._pair.states()) == ["active", "standby"], say(words.STANDBY))
        self._pair.kill()
        self._pair.wait()
        self.day.kills += 1
        if self.day.kills < KILLS:
            self._pair.start()

    def _stop(self, how: Mistake, who: str) -> NoReturn:
        self.day.ended, self.day.ended_by = how, who
        raise DayOver


# What is promised


def books(record: Record | None, day: Day) -> Problem | None:
    """Each order once in the books, and nothing left in the queue."""
    return _ended(day) or _uneven(day) or _left(day)


def _problem(steps: list[Happening], seen: Told, mistake: Mistake) -> Problem:
    """A broken promise with the latest of these calls; no belief about Amazon MQ is looked for."""
    shown = [step for step in steps if step.call not in REPORTS][-SHOWN:]
    called = [_line(step) for step in shown] or [told(words.NO_CALLS)]
    return broken(called, [seen], told(words.ONCE), mistake, belief=False)


def _line(step: Happening) -> Told:
    who = told(words.AGAIN) if step.start > 1 else step.who
    fate = told(words.FATES.get(step.fate, words.NOTHING_MORE))
    return told(words.CALL, who=who, call=NAMES.get(step.call, step.call), about=step.id, fate=fate)


def _ended(day: Day) -> Problem | None:
    seen = {Mistake.SILENT: words.SILENT, Mistake.GONE: words.GONE, Mistake.RESTLESS: words.RESTLESS}
    if day.ended is None:
        return None
    line = told(seen[day.ended], who=day.ended_by, seconds=QUIET, calls=len(day.steps))
    sent, asked = ({step.id for step in day.steps if step.call == call} for call in ("send", "wait_for_receipt"))
    in_vain = day.ended is Mistake.RESTLESS and bool(asked - sent)
    return _problem(day.steps, line, Mistake.OTHER_RECEIPT if in_vain else day.ended)


def _uneven(day: Day) -> Problem | None:
    """The first line that nobody ordered, or else the first order that is not as often booked as it was ordered."""
    booked = Counter(row.body for row in day.rows)
    for body in [*(booked - ORDERED).keys() - ORDERED.keys(), *ORDERED]:
        if booked[body] != ORDERED[body]:
            ids = {step.id for step in day.steps if step.body == body}
            about = [step for step in day.steps if step.id in ids or step.body == body]
            seen = told(words.NOT_BOOKED, body=body, booked=booked[body], ordered=ORDERED[body])
            return _problem(about, seen, _why_uneven(day, body, booked[body]))
    return None


def _why_uneven(day: Day, body: str, booked: int) -> Mistake:
    if body not in ORDERED:
        return Mistake.NOT_ORDERED
    return _why_missing(day, body) if booked < ORDERED[body] else _why_too_often(day, body)


def _why_missing(day: Day, body: str) -> Mistake:
    """Why an order is in the books less often than it was ordered."""
    received, rows = day.of("received", body), [row for row in day.rows if row.body == body]
    missing = {step.id for step in received} - {row.id for row in rows}
    if missing & {step.id for step in day.of("acknowledged", body)}:
        return Mistake.ACK_FIRST
    if not missing:  # what came is in the books; what did not come may have had the same body
        return _why_not_received(day, body, {step.id for step in received})
    looked = {step.id for step in day.steps if step.call == "look up"}
    return Mistake.SAME_BODY if rows and not missing & looked else Mistake.NOT_WRITTEN


def _why_not_received(day: Day, body: str, came: set[str]) -> Mistake:
    sends = [step for step in day.of("send", body) if step.id not in came]
    if not sends:
        return Mistake.NEVER_SENT
    arrived = [step for step in sends if step.fate != "lost"]
    if arrived and day.kills and not any(step.persistent for step in arrived):
        return Mistake.NOT_PERSISTENT
    # A line sends without waiting: the kill that lost a later order may have come before this one had left the line.
    if arrived and (day.left or not day.kills):
        return Mistake.NOT_FETCHED
    ids = {step.id for step in sends}
    asked = any(step.call == "wait_for_receipt" and step.id in ids for step in day.steps)
    return Mistake.NOT_AGAIN if asked else Mistake.NO_RECEIPT


def _why_too_often(day: Day, body: str) -> Mistake:
    """Why an order is in the books more often than it was ordered."""
    rows = [row for row in day.rows if row.body == body]
    if {row.id for row in rows} - {id for id, ordered in ORDERS if ordered == body}:
        return Mistake.OTHER_ID
    return Mistake.MEMORY if _remembers(day) else Mistake.TWICE


def _remembers(day: Day) -> bool:
    """Whether one machine received an order again and, without a look into the books, did not write it again."""
    looked = {step.id for step in day.steps if step.call == "look up"}
    received = Counter((step.id, step.start) for step in day.steps if step.call == "received")
    written = Counter((row.id, row.start) for row in day.rows)
    return any(number > 1 == written[one] and one[0] not in looked for one, number in received.items())


def _left(day: Day) -> Problem | None:
    """The queue is empty."""
    if not day.left:
        return None
    last = {step.id: step for step in day.steps if step.call in ("received", "ack") and step.fate != "lost"}
    held = any(step.call == "received" for step in last.values())
    line = told(words.LEFT_OVER, left=day.left)
    return _problem(day.steps, line, Mistake.NO_ACK if held else Mistake.NOT_FETCHED)


# What is told


def _told(sentence: str, record: Record, day: Day) -> str:
    return say(sentence, orders=len(ORDERS), rows=len(day.rows), kills=day.kills, failures=FAILURES)


EXERCISE = Exercise(
    id="22-survive-failover",
    title=words.TITLE,
    signatures=[PRODUCE, CONSUME],
    runs=[
        Run(
            say(words.ORDINARY, orders=len(ORDERS)),
            day(NOTHING_YET),
            books,
            partial(_told, words.TOLD_ORDINARY),
            perform=in_real_time,
        ),
        Run(words.OUTAGES, day(OUTAGES), books, partial(_told, words.TOLD_OUTAGES), perform=in_real_time),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["mq-3", "mq-two-endpoints", "mq-reboot"],
    myths=[],
    source="solutions/22_amazon_mq_migration.py",
    limits=["15 s", "600", "8", "10", "3"],
)
