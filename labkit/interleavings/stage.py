"""One schedule on its way: who can move, what each move touches, and what a move does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from labkit.aws.sqs import data_plane
from labkit.causes import IN_FLIGHT
from labkit.clock.guard import guard
from labkit.interleavings import directed
from labkit.interleavings.bounds import Bounds
from labkit.interleavings.footprint import CLOCK, FAULTS, QUEUE, Footprint, changing, message
from labkit.interleavings.operations import LOST, CallStep, EffectStep, Nap, Operation
from labkit.interleavings.stepper import Consumer
from labkit.interleavings.story import End
from labkit.interleavings.world import StoryLab
from labkit.rules import SECOND, Message
from labkit.words import error
from labkit.words import interleavings as words

STEP, EMPTY, CRASH, TIMEOUT, TIME = "step", "empty poll", "crash", "timeout", "time"
FREE = {STEP, EMPTY, TIME}
NOBODY = -1
CALM = 2
TICK = 10_000
LETTERS = "ABCDEFGH"


class Choice(NamedTuple):
    """What happens next: the index of a consumer (-1: time) and what it does, or the fault that it meets."""

    who: int
    what: str


class Event(NamedTuple):
    """What a move did: what the consumer was about to do, when, and in which life of its machine."""

    move: Choice
    operation: Operation | None
    at: int
    name: str
    failure: BaseException | None = None


class Stage:
    """A world in which one schedule runs, move by move. Raises what a consumer raises, unless it is a ClientError."""

    def __init__(
        self, world: StoryLab, machines: Callable[[], Callable[..., Any]], bounds: Bounds, *, alike: bool = True
    ) -> None:
        self.world = world
        self.alike = alike
        self.bounds = bounds
        self.is_fifo = world.story.is_fifo
        self.events: list[Event] = []
        self.consumers: list[Consumer] = []
        self._machines = machines
        world.on_call = self._call

    def begin(self) -> None:
        """Go back to the start of a schedule."""
        self.close()
        self.world.begin(self.bounds.messages)
        self.events = []
        self.faults = 0
        self.effects: dict[str, list[tuple[Any, ...]]] = {name: [] for name in self.world.story.effects}
        self.lives = [0] * self.bounds.consumers
        self.consumers = []
        for index in range(self.bounds.consumers):
            self.consumers.append(self._machine(index))
            self._run(self.consumers[index])

    def close(self) -> None:
        """Let every machine die."""
        for consumer in self.consumers:
            self.world.stepper.kill(consumer)

    def _machine(self, index: int) -> Consumer:
        life = self.lives[index]
        name = LETTERS[index] + str(life + 1 if life else "")
        return Consumer(self.world.stepper, index, name, self._machines(), self._given())

    def _given(self) -> tuple[Any, ...]:
        world = self.world
        effects = [self._effect(name) for name in world.story.effects]
        tables = [world.dynamodb] if world.dynamodb is not None else []
        return (world.sqs, world.url, *effects, *tables)

    # What consumers do

    def _effect(self, name: str) -> Callable[..., None]:
        def effect(*args: Any) -> None:
            stepper = self.world.stepper
            consumer = stepper.current()
            was = guard.hold()
            try:
                if consumer is not None:
                    stepper.await_turn(consumer, EffectStep(name, args))
                self.effects[name].append(args)
            finally:
                guard.restore(was)

        effect.__name__ = name
        return effect

    def _call(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        stepper = self.world.stepper
        consumer = stepper.current()
        if consumer is None:
            return self.world.make(client, operation, parameters)
        call = CallStep(client.meta.service_model.service_name, operation, parameters)
        stepper.await_turn(consumer, call)
        self.world.lab.caller = consumer.name
        try:
            call.answer = self.world.make(client, operation, parameters)
        except Exception as failure:
            call.failure = failure
            raise
        return call.answer

    # Who can move

    def moves(self) -> list[Choice]:
        """Return all that can happen next, the ordinary first; nothing when all is at rest."""
        ready = [consumer for consumer in self._in_order() if self._can_step(consumer)]
        found = [Choice(consumer.index, STEP) for consumer in ready] or self._at_rest()
        if self._worn() > CALM:
            return found[:1]
        if self.faults < self.bounds.faults:
            found += self._faults(ready, bool(found))
        return found

    def _in_order(self) -> Iterator[Consumer]:
        """Whoever moved last goes on first; of machines that have done nothing yet, one stands for all."""
        last = max(self.events[-1].move.who, 0) if self.events else 0
        first_fresh = next((one.index for one in self.consumers if one.is_fresh), None)
        for consumer in (*self.consumers[last : last + 1], *self.consumers[:last], *self.consumers[last + 1 :]):
            if not (consumer.is_fresh and self.alike) or consumer.index == first_fresh:
                yield consumer

    def _can_step(self, consumer: Consumer) -> bool:
        operation = consumer.pending
        if operation is None or operation.waits(self):
            return False
        return not isinstance(operation, Nap) or not self._ends_before(operation) or self._worn() > 0

    def _ends_before(self, nap: Nap) -> bool:
        """Whether a visibility timeout ends before the sleep does: that comes first then."""
        due = self.world.rules.next_visible(self.world.stepper.now)
        return due is not None and self.world.stepper.now < due < nap.until

    def _at_rest(self) -> list[Choice]:
        """Nobody has anything to do: polls come back empty, and time passes until a message is visible again."""
        polling = [consumer for consumer in self.consumers if isinstance(consumer.pending, CallStep)]
        if self._worn() > 0 or all(consumer.pending is None for consumer in self.consumers):
            return []
        due = self.world.rules.next_visible(self.world.stepper.now)
        unanswered = next((consumer for consumer in polling if not consumer.has_polled), None)
        if unanswered is not None and (due is None or due > self.world.stepper.now + self._wait(unanswered)):
            return [Choice(unanswered.index, EMPTY)]
        return [] if due is None else [Choice(NOBODY, TIME)]

    def _wait(self, consumer: Consumer) -> int:
        """How long the poll waits that a consumer is about to make, in microseconds."""
        assert isinstance(consumer.pending, CallStep)
        given = consumer.pending.parameters.get("WaitTimeSeconds", self.world.queue.receive_message_wait_time_seconds)
        return int(given) * SECOND

    def _worn(self) -> int:
        """By how much the message that was received most often is beyond what faults can explain."""
        return max((one.receives for one in self.world.rules.stored()), default=0) - 1 - self.bounds.faults

    def _faults(self, ready: list[Consumer], goes_on: bool) -> Iterator[Choice]:
        for consumer in ready:
            assert consumer.pending is not None
            yield from (Choice(consumer.index, variant) for variant in consumer.pending.variants(self))
        if goes_on:
            dying = (one for one in self.consumers if not one.is_fresh and one.pending is not None)
            yield from (Choice(one.index, CRASH) for one in dying)
        if ready and self.due_by(None):
            yield Choice(NOBODY, TIMEOUT)

    # What a move touches

    def footprint(self, move: Choice) -> Footprint:
        """Return what a move reads and changes, as things stand."""
        if move.who == NOBODY:
            due = changing(CLOCK, QUEUE, *map(message, self.due_by(None)))
            return due.also(FAULTS) if move.what == TIMEOUT else due
        own = ("consumer", move.who)
        if move.what == CRASH:
            return changing(own, FAULTS)
        operation = self.consumers[move.who].pending
        touched = operation.footprint(self).also(own) if operation is not None else changing(own)
        return touched if move.what in FREE else touched.also(FAULTS)

    def signature(self, move: Choice) -> str:
        """Return what tells whether a schedule run again is still the same."""
        operation = self.consumers[move.who].pending if move.who != NOBODY else None
        return operation.signature if operation is not None else ""

    # What a move does

    def do(self, move: Choice) -> None:
        """Let one thing happen."""
        world, stepper = self.world, self.world.stepper
        consumer = self.consumers[move.who] if move.who != NOBODY else None
        operation = consumer.pending if consumer is not None else None
        if move.what not in FREE:
            self.faults += 1
        if move.what != EMPTY:
            for one in self.consumers:
                one.has_polled = False
        stepper.now += TICK
        self.events.append(Event(move, operation, stepper.now, consumer.name if consumer else ""))
        if len(self.events) > self.bounds.most_calls:
            raise error(words.NO_REST, calls=self.bounds.most_calls)
        if consumer is None:
            stepper.now = max(stepper.now, world.rules.next_visible(stepper.now) or 0)
        elif move.what == CRASH:
            self._crash(consumer)
        else:
            consumer.has_polled = move.what == EMPTY
            world.fault, world.loses_answer = move.what, move.what == LOST
            self._run(consumer)
            world.fault, world.loses_answer = "", False

    def _run(self, consumer: Consumer) -> None:
        self.world.stepper.resume(consumer)
        failure = consumer.error
        if failure is None:
            return
        if not isinstance(failure, ClientError) or not self.bounds.faults:
            raise failure
        at = self.world.stepper.now
        self.events.append(Event(Choice(consumer.index, STEP), None, at, consumer.name, failure))
        self._replace(consumer)

    def _crash(self, consumer: Consumer) -> None:
        self.world.stepper.kill(consumer)
        data_plane.crash(self.world.lab, consumer.name)
        self._replace(consumer)

    def _replace(self, consumer: Consumer) -> None:
        """Start the function anew on another machine, which knows nothing of the first."""
        self.lives[consumer.index] += 1
        self.consumers[consumer.index] = self._machine(consumer.index)
        self._run(self.consumers[consumer.index])

    # Looking

    def end(self) -> End:
        """Return how things stand."""
        story = self.world.story
        rows = {
            name: [item.to_json()["Attributes"] for _, item in sorted(table.items.items(), key=str)]
            for name, table in self.world.tables.items()
        }
        sent = tuple(str(entry["MessageBody"]) for entry in story.entries(self.bounds.messages))
        left = tuple(one.body for one in self.world.rules.stored())
        return End(sent, self.effects, rows, left)

    def visible(self) -> list[Message]:
        """The visible messages, the next one first."""
        return directed.visible(self.world.rules)

    def has_visible(self) -> bool:
        """Whether a receive would get something now."""
        now = self.world.stepper.now
        next_visible = self.world.rules.next_visible(now)
        return next_visible is not None and next_visible <= now

    def due_by(self, until: int | None) -> list[int]:
        """The numbers of the messages in flight that become visible up to an instant (None: that of the next one)."""
        held = [one for one in self.world.rules.stored() if one.state == IN_FLIGHT]
        if until is None:
            until = min((one.due for one in held), default=0)
        return [one.number for one in held if one.due <= until]

    def message_of(self, handle: object) -> Message | None:
        """The stored message whose latest delivery a receipt handle names, or None."""
        receipt = self.world.receipt_of(handle)
        found: Message | None = self.world.rules._messages.get(receipt.number) if receipt is not None else None
        return found if found is not None and receipt is not None and receipt.receive == found.receives else None

    def deletes(self, parameters: dict[str, Any]) -> bool:
        """Whether a DeleteMessage with these parameters would delete something."""
        return self.message_of(parameters.get("ReceiptHandle")) is not None

    def row(self, table: str, item: dict[str, Any]) -> tuple[str, str, str]:
        """Name the row that an item or key belongs to."""
        return ("row", table, str(item.get(self.world.story.tables.get(table, ""))))
