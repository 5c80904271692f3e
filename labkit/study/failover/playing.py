"""Two days of the print shop on real brokers; what fails, and when, is chosen by the number of a call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from labkit.study.performing import ReportedCrash
from labkit.words import say
from labkit.words import survive_failover as words

if TYPE_CHECKING:
    from labkit.brokers.amazon_mq import AmazonMQ
    from labkit.study.exercise import Function
    from labkit.study.failover.programs import Program as AnyProgram

PRODUCE, CONSUME = "produce(connect, orders)", "consume(connect, books)"
QUEUE = "orders"
PRINTS = [
    *("a print of 30 x 40", "a frame of oak", "a print of 50 x 70", "two postcards", "a calendar", "a frame of oak"),
    *("a map of the harbour", "a passe-partout", "a poster", "a frame of ash", "six coasters", "a print of 70 x 100"),
]
# Two customers order the same frame.
ORDERS = tuple((f"order-{number}", body) for number, body in enumerate(PRINTS, 1))
# So that every consumer meets the answer that nothing is there.
NOTHING_YET = {("receive", 1): "nothing"}
# The lost third send makes thirteen sends at least: the order that comes twice is the last one.
OUTAGES = NOTHING_YET | {
    ("send", 3): "lost",
    ("send", 13): "stored",
    ("ack", 3): "lost",
    ("ack", 5): "acknowledged",
    ("ack", 9): "power",
}
KILLS = 3
MOST_CALLS, MOST_STARTS, MOST_EMPTY = 600, 6, 3
# Longer than a line waits for anything, so that silence means that a program makes no call.
QUIET = 15  # seconds
Fates = Mapping[tuple[str, int], str]


class Step(NamedTuple):
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
    """What happened on one day. `ended` is "" at its proper end, else "silent", "gone" or "restless", by `ended_by`."""

    steps: list[Step] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    kills: int = 0
    left: int = 0
    ended: str = ""
    ended_by: str = ""


class Ended(Exception):
    """A program has come to its end, or its machine to that of its power."""


class Stopped(Exception):
    """The day is over before its end."""


def day(fates: Fates) -> Callable[[Function, Function], Day]:
    """Play a day: the producer to its end, then the consumer until the queue is empty."""

    def play(produce: Function, consume: Function) -> Day:
        with new_pair() as pair:
            shop = Shop(pair, fates)
            with suppress(Stopped):  # the day itself tells how it ended
                shop.run(words.PRODUCER, produce, PRODUCE, ORDERS)
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

    def run(self, who: str, function: Function, signature: str, orders: Any = None) -> None:
        """Run a program to its end, or to the end of its machine. Raises `ReportedCrash`, or `Stopped`."""
        from labkit.study.failover.programs import Program

        program = Program(function, signature, self._pair, orders)
        try:
            while True:
                program.answer(self._reply(who, program, program.next(QUIET)))
        except Ended:
            return
        finally:
            program.kill()

    def _reply(self, who: str, program: AnyProgram, said: dict[str, Any] | None) -> Any:
        if said is None:
            self._stop("silent" if program.is_running else "gone", who)
        call = said.pop("call")
        if call == "print":
            return print(said["text"], end="")
        if call == "returned":
            raise Ended
        if call == "crashed":
            raise ReportedCrash(**said)
        return self._meet(who, call, said)

    def _meet(self, who: str, call: str, said: dict[str, Any]) -> Any:
        """Let happen to a call what is to happen to it, and return what its program is told."""
        self._calls[call] += 1
        if self._calls.total() > MOST_CALLS:
            self._stop("restless", who)
        fate = self._fates.get((call, self._calls[call]), "")
        step = Step(who, call, fate=fate, start=self.starts, **{"id": "", "body": "", **said})
        self.day.steps.append(step)
        if fate == "power" or call == "acknowledged":
            raise Ended
        if fate == "lost" or call == "stored":
            self._kill()
        return fate or self._result(step)

    def _result(self, step: Step) -> Any:
        """What a call comes to when nothing happens to it."""
        if step.call == "book":
            self.day.rows.append(Row(step.id, step.body, step.start))
        if step.call == "look up":
            return any(row.id == step.id for row in self.day.rows)
        if step.call == "receive" and not self._pair.waiting(QUEUE):
            raise Ended
        if step.call == "received nothing":
            self._empty += 1
            if self._empty == MOST_EMPTY:
                raise Stopped
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

    def _stop(self, how: str, who: str) -> NoReturn:
        self.day.ended, self.day.ended_by = how, who
        raise Stopped
