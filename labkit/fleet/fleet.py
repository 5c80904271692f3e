"""A fleet of consumers that scales with its backlog, on the rules themselves: a million orders in seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from types import TracebackType
from typing import Any, NamedTuple

from labkit.clock.length import SECOND
from labkit.fleet.options import Options
from labkit.fleet.parts import MINUTE, MOST, Instance, scale, shop, work
from labkit.fleet.telling import facts, told
from labkit.fleet.turns import Turns
from labkit.rules import Change, Receipt, Settings
from labkit.rules.scaling import Group
from labkit.rules.termination import Candidate, chosen
from labkit.words import error
from labkit.words import fleet as words

START = 1_767_225_600 * SECOND
ORDERS_OF_A_SHOP = 500
LONGEST_RUN = 20
Recorder = Callable[[list[Change], str, int], None]


class Minute(NamedTuple):
    """The fleet at one minute: microseconds since its start, messages by state, instances, orders done so far."""

    at: int
    visible: int
    in_flight: int
    desired: int
    in_service: int
    deleted: int


class Fleet:
    """Shops send orders to a standard queue, instances receive, work and delete, a policy sets how many there are.

    The same story as a lab with actors, without boto3: `Fleet(orders=1_000_000).run()`. The options and their defaults
    are those of `labkit.fleet.Options`. Raises `LabError` for an option that it does not have or cannot use.
    """

    def __init__(self, **options: Any) -> None:
        names = [field.name for field in fields(Options)]
        for name in options:
            if name not in names:
                raise error(words.NO_OPTION, given=name, names=", ".join(names))
        self.options = Options(**options)
        self._lay_out()

    def _lay_out(self) -> None:
        options = self.options
        self.start = START
        self.turns = Turns(START, self.next_visible)
        self.boot, self.latency = options.micros("boot"), options.micros("latency")
        self._warm = self.boot + options.micros("warmup")
        self.work, self.wait = options.micros("work"), options.micros("wait")
        settings = Settings(visibility_timeout=options.visibility_timeout)
        self.queue = options.rules("orders", settings, seed=options.seed, faults=options.faults)
        self.minutes: list[Minute] = []
        self.waits: Counter[int] = Counter()
        self.calls: Counter[str] = Counter()
        self.instance_time = 0
        self.last_delete = 0
        self._instances: list[Instance] = []
        self._launched = 0
        self._recorder: Recorder | None = None

    def again(self, **changes: Any) -> Fleet:
        """Return a fleet with this one's options, of which `changes` replace some, that has not run yet."""
        other = Fleet()
        other.options = replace(self.options, **changes)
        other._lay_out()
        return other

    def run(self, recorder: Recorder | None = None, **changes: Any) -> Fleet:
        """Play the story from its beginning until every order is done and the fleet is as small as it began.

        `changes` replace options first. `recorder` is told every change of a message: changes, who, now.
        """
        self.options = replace(self.options, **changes)
        self._lay_out()
        self._recorder = recorder
        arrivals = self.options.arrivals()
        shops = -(-max(arrivals) // ORDERS_OF_A_SHOP)
        for number in range(shops):
            shares = [(total + number) // shops for total in arrivals]
            self.turns.start(shop(self, f"shop {number + 1}", shares))
        self.turns.start(scale(self))
        self._launch(self.options.minimum, START - self._warm)
        while not self._is_over():
            self.turns.run(self.turns.now + MINUTE)
        return self

    def _is_over(self) -> bool:
        over = self.options.micros("over")
        since = self.turns.now - START
        done = self.queue.totals["deleted"] >= self.options.orders and since > over
        return (done and len(self._instances) <= self.options.minimum) or since > over * LONGEST_RUN

    # What the parts do to the queue

    def send(self, shop: str, number: int) -> None:
        """Send a batch of so many orders."""
        now, send, recorder = self.turns.now, self.queue.send, self._recorder
        self.calls["SendMessageBatch"] += 1
        self._settle_recorded()
        for _ in range(number):
            sent = send("order", now, by=shop)
            if recorder:
                recorder(sent.changes, shop, now)
        if number:
            self.turns.notify()

    def next_visible(self) -> int | None:
        """When there will be a message to receive."""
        self._settle()
        return self.queue.next_visible(self.turns.now)

    def receive(self, consumer: str) -> list[Receipt]:
        """Receive up to ten orders."""
        now, waits = self.turns.now, self.waits
        self._settle_recorded()
        got = self.queue.receive(now, MOST, by=consumer, long_poll=self.wait > 0)
        self.calls["ReceiveMessage" if got.messages else "ReceiveMessage, nothing found"] += 1
        for message in got.messages:
            if message.receives == 1:
                waits[(now - message.sent) // SECOND] += 1
        if self._recorder:
            self._recorder(got.changes, consumer, now)
        return [message.receipt for message in got.messages]

    def delete(self, consumer: str, receipts: list[Receipt]) -> None:
        """Delete a batch of orders."""
        now, delete, recorder = self.turns.now, self.queue.delete, self._recorder
        self.calls["DeleteMessageBatch"] += 1
        for receipt in receipts:
            self._settle_recorded()
            changes = delete(receipt, now).changes
            if recorder:
                recorder(changes, consumer, now)
        self.last_delete = now

    def counts(self) -> dict[str, int]:
        """Count the messages by state."""
        self.calls["GetQueueAttributes"] += 1
        self._settle()
        return self.queue.counts(self.turns.now)[0]

    def _settle_recorded(self) -> None:
        """Tell the recorder what fell due as time's doing; the rules themselves settle at each call anyway."""
        if self._recorder:
            self._settle()

    def _settle(self) -> None:
        changes = self.queue.settle(self.turns.now)
        if changes and self._recorder:
            self._recorder(changes, "time", self.turns.now)

    # What the group does to its instances

    def group(self) -> Group:
        """The group as its scaling policy sees it."""
        now = self.turns.now
        staying = [one for one in self._instances if not one.ending]
        in_service = sum(one.launched + self.boot <= now for one in staying)
        warming = sum(now < one.launched + self._warm for one in staying)
        return Group(self.options.minimum, self.options.maximum, len(staying), in_service, warming)

    def resize(self, desired: int) -> None:
        """Launch instances, or let those that AWS's default policy chooses end after what they are working on."""
        staying = [one for one in self._instances if not one.ending]
        self._launch(desired - len(staying), self.turns.now)
        candidates = [Candidate(one.name, "", one.launched) for one in staying]
        gone = chosen(candidates, len(staying) - desired, self.turns.now, seed=self.options.seed)
        for one in staying:
            one.ending = one.name in gone

    def _launch(self, number: int, at: int) -> None:
        for _ in range(number):
            self._launched += 1
            instance = Instance(f"instance {self._launched}", at)
            self._instances.append(instance)
            self.turns.start(work(self, instance))

    def ended(self, instance: Instance) -> None:
        """An instance is gone."""
        self._instances.remove(instance)
        self.instance_time += self._age(instance)

    def _age(self, instance: Instance) -> int:
        return self.turns.now - max(instance.launched, START)

    def note_minute(self, counts: dict[str, int], group: Group) -> None:
        """Note how the fleet stands."""
        at, deleted = self.turns.now - START, self.queue.totals["deleted"]
        states = counts["visible"], counts["in flight"]
        self.minutes.append(Minute(at, *states, group.desired, group.in_service, deleted))

    # How it shows itself

    @property
    def instance_hours(self) -> float:
        """The time that instances ran, in hours, those that still run included."""
        running = sum(self._age(one) for one in self._instances)
        return (self.instance_time + running) / 3_600 / SECOND

    def facts(self) -> dict[str, str]:
        """The numbers that learners compare, by what they count."""
        return facts(self)

    def __repr__(self) -> str:
        return told(self) if self.minutes else f"<Fleet {asdict(self.options)['orders']:,} orders, not run yet>"

    def __enter__(self) -> Fleet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """A fleet holds nothing open."""
