"""What a picture takes from a lab: its history, settled up to now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from labkit.history import Call, History, Slept, StateChange
from labkit.history.life import queues
from labkit.words import error
from labkit.words import pictures as words


class WithHistory(Protocol):
    """What a picture needs of a lab; a history alone will do too, and then ends with its last event."""

    history: History
    clock: Any

    def settle(self) -> None:
        """Record everything that has happened by itself up to now."""


@dataclass(frozen=True)
class Seen:
    """A history from the lab's `start` to its `now`, both in microseconds since 1970."""

    changes: list[StateChange]
    calls: list[Call]
    start: int
    now: int
    sleeps: Sequence[Slept] = ()


def see(lab: WithHistory | History, picture: str, *, inside: bool = True) -> Seen:
    """Return what happened in a lab or a history so far, without what happened `inside` queues if that is not drawn.

    Raises `LabError` for anything else, and where a lab does not know what happened inside.
    """
    history = lab if isinstance(lab, History) else getattr(lab, "history", None)
    if not isinstance(history, History):
        raise error(words.NOT_A_LAB, picture=picture, given=lab)
    now = history.start
    if not isinstance(lab, History):
        lab.settle()
        now = round(lab.clock.now().timestamp() * 1_000_000)
    events = history.in_order()
    changes = history.changes() if inside else []
    calls = [event for event in events if isinstance(event, Call)]
    return Seen(changes, calls, history.start, max([now, *(event.at for event in events[-1:])]), history.sleeps)


def check_queue(seen: Seen, queue: str | None) -> None:
    """Raise `LabError` for a queue that no message has been in, naming those that there are."""
    names = queues(seen.changes)
    if queue is not None and names and queue not in names:
        raise error(words.UNKNOWN_QUEUE, queue=queue, queues=", ".join(names))
