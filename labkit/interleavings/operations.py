"""What a consumer can be about to do: a call, an effect, a sleep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from labkit.causes import IN_FLIGHT
from labkit.interleavings.footprint import CLOCK, EVERYTHING, QUEUE, Footprint, changing, message
from labkit.rules import Message

LOST, DUPLICATE, COMES_BACK, PLACE = "lost answer", "duplicate", "comes back", "place "
ALL = changing(EVERYTHING)


class Scene(Protocol):
    """What an operation sees of the stage on which it is about to happen."""

    is_fifo: bool

    def visible(self) -> list[Message]:
        """The visible messages, the next one first."""

    def has_visible(self) -> bool:
        """Whether a receive would get something now."""

    def due_by(self, until: int | None) -> list[int]:
        """The numbers of the messages in flight that become visible up to an instant (None: that of the next one)."""

    def message_of(self, handle: object) -> Message | None:
        """The stored message whose latest delivery a receipt handle names, or None."""

    def deletes(self, parameters: dict[str, Any]) -> bool:
        """Whether a DeleteMessage with these parameters would delete something."""

    def row(self, table: str, item: dict[str, Any]) -> tuple[str, str, str]:
        """Name the row that an item or key belongs to."""


class Operation(Protocol):
    """One thing that a consumer is about to do."""

    @property
    def signature(self) -> str:
        """What it is, without its values: the same at each run of the same schedule."""

    def footprint(self, stage: Scene) -> Footprint:
        """What it reads and changes, as things stand."""

    def variants(self, stage: Scene) -> Iterator[str]:
        """The names of the faults that it can meet, as things stand."""

    def waits(self, stage: Scene) -> bool:
        """Whether it is a poll for which there is nothing."""


class Nap:
    """A sleep until an instant of lab time."""

    signature = "sleep"

    def __init__(self, until: int) -> None:
        self.until = until

    def footprint(self, stage: Scene) -> Footprint:
        """It moves the clock, and with it what falls due."""
        return changing(CLOCK, QUEUE, *map(message, stage.due_by(self.until)))

    def variants(self, stage: Scene) -> Iterator[str]:
        """A sleep meets no fault but a crash."""
        return iter(())

    def waits(self, stage: Scene) -> bool:
        """A sleep is no poll."""
        return False


class EffectStep:
    """A call of one of the functions that a consumer is given."""

    def __init__(self, name: str, args: tuple[Any, ...]) -> None:
        self.name = name
        self.args = args
        self.signature = name
        self._footprint = changing(("effect", name))

    def footprint(self, stage: Scene) -> Footprint:
        """Calls of one effect keep their order."""
        return self._footprint

    def variants(self, stage: Scene) -> Iterator[str]:
        """An effect meets no fault but a crash before or after it."""
        return iter(())

    def waits(self, stage: Scene) -> bool:
        """An effect is no poll."""
        return False


class CallStep:
    """An API call; `answer` is what came back, or `failure` the error."""

    def __init__(self, service: str, operation: str, parameters: dict[str, Any]) -> None:
        self.service = service
        self.operation = operation
        self.parameters = parameters
        self.signature = f"{service} {operation}"
        self.answer: dict[str, Any] | None = None
        self.failure: Exception | None = None
        self.messages: list[str] = []

    def footprint(self, stage: Scene) -> Footprint:
        """By service and operation; a call that is not known here is taken to touch everything."""
        known = FOOTPRINTS.get(self.operation)
        return known(stage, self.parameters) if known is not None else ALL

    def variants(self, stage: Scene) -> Iterator[str]:
        """A lost answer; for a receive a message that is not hidden, or another one first; a delete that comes back."""
        if self.operation not in ANSWERED_AGAIN:
            yield LOST
        if self.operation == "ReceiveMessage":
            yield from (f"{PLACE}{place}" for place in range(1, len(stage.visible())))
        if stage.is_fifo:
            return
        if self.operation == "ReceiveMessage":
            yield DUPLICATE
        elif self.operation == "DeleteMessage" and stage.deletes(self.parameters):
            yield COMES_BACK

    def waits(self, stage: Scene) -> bool:
        """Whether nothing can be received now."""
        return self.operation == "ReceiveMessage" and not stage.has_visible()


# Reads change nothing, and the SDK gives a transaction a token by which DynamoDB knows the second request.
ANSWERED_AGAIN = {"GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems", "TransactWriteItems",
                  "GetQueueAttributes", "GetQueueUrl"}  # fmt: skip
Parameters = dict[str, Any]


def _receive(stage: Scene, given: Parameters) -> Footprint:
    return changing(QUEUE, CLOCK)


def _send(stage: Scene, given: Parameters) -> Footprint:
    return changing(QUEUE, reading=(CLOCK,))


def _delete(stage: Scene, given: Parameters) -> Footprint:
    if stage.is_fifo:
        return changing(QUEUE, CLOCK)
    found = stage.message_of(given.get("ReceiptHandle"))
    if found is None:
        return changing()
    if found.state == IN_FLIGHT:
        return changing(message(found.number))
    return changing(message(found.number), QUEUE)


def _delete_batch(stage: Scene, given: Parameters) -> Footprint:
    prints = [_delete(stage, entry) for entry in given.get("Entries", ())]
    return changing(*(one for each in prints for one in each.writes))


def _change(stage: Scene, given: Parameters) -> Footprint:
    entries = given.get("Entries", (given,))
    found = [stage.message_of(entry.get("ReceiptHandle")) for entry in entries]
    return changing(QUEUE, CLOCK, *(message(one.number) for one in found if one is not None))


def _item(stage: Scene, given: Parameters) -> Footprint:
    name = given["TableName"]
    row = stage.row(name, given.get("Key") or given.get("Item") or {})
    return changing(row, reading=(("table", name),))


def _reading_item(stage: Scene, given: Parameters) -> Footprint:
    return Footprint(frozenset((stage.row(given["TableName"], given["Key"]),)), frozenset())


def _transaction(stage: Scene, given: Parameters) -> Footprint:
    prints = [_item(stage, part) for entry in given["TransactItems"] for part in entry.values()]
    tables = [one for each in prints for one in each.reads]
    return changing(*(one for each in prints for one in each.writes), reading=tables)


def _table(stage: Scene, given: Parameters) -> Footprint:
    return changing(("table", given["TableName"]))


FOOTPRINTS: dict[str, Callable[[Any, Parameters], Footprint]] = {
    "ReceiveMessage": _receive,
    "SendMessage": _send,
    "SendMessageBatch": _send,
    "DeleteMessage": _delete,
    "DeleteMessageBatch": _delete_batch,
    "ChangeMessageVisibility": _change,
    "ChangeMessageVisibilityBatch": _change,
    "PutItem": _item,
    "UpdateItem": _item,
    "DeleteItem": _item,
    "GetItem": _reading_item,
    "TransactWriteItems": _transaction,
    "Scan": _table,
    "Query": _table,
}
