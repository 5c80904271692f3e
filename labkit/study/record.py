"""The judge's own record of a run: copies of what the lab writes, and the proof that nobody else wrote to it."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

from labkit.history import Call, Delivery, Event, StateChange
from labkit.words import check as words
from labkit.words import error

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

PACKAGE = str(Path(__file__).parents[1])
INSTALLED = tuple({sysconfig.get_paths()[kind] for kind in ("stdlib", "platstdlib", "purelib", "platlib")})


class Record:
    """What happened in one lab, by lab time; instants are microseconds since the run's start."""

    def __init__(self, start: int, events: list[Event]) -> None:
        self.start = start
        self.events = sorted(events, key=lambda event: (event.at, event.order))
        self.calls = [event for event in self.events if isinstance(event, Call)]
        self.changes = [event for event in self.events if isinstance(event, StateChange)]
        self.deliveries = [event for event in self.events if isinstance(event, Delivery)]

    def seconds(self, at: int) -> float:
        """Return an instant as seconds since the start."""
        return (at - self.start) / 1_000_000


class _Watched(list[Event]):
    """The history's list of events; each event that labkit itself appends is also copied to the judge."""

    def __init__(self, keep: Callable[[Event], None]) -> None:
        super().__init__()
        self._keep = keep

    def append(self, event: Event) -> None:
        """Append, and copy what comes from labkit's own code."""
        super().append(event)
        if sys._getframe(1).f_code.co_filename.startswith(PACKAGE):
            self._keep(copy(event))


def watch(lab: Lab) -> Callable[[], Record]:
    """Watch a lab from now on; the returned function gives its `Record` after the run.

    That function raises `LabError` when the lab's history is no longer what labkit wrote.
    """
    copies: list[Event] = []
    history, events = lab.history, _Watched(copies.append)
    history.events = events

    def record() -> Record:
        same = lab.history is history and history.events is events and list(events) == copies
        orders = {event.order for event in copies}
        # An actor that the end of the run met in the middle of a call, between two tries, has taken a place already.
        missing = history._orders - len(orders)
        if not same or len(orders) < len(copies) or not 0 <= missing <= len(lab.scheduler.actors):
            problem = error(words.TAMPERED)
            # Whoever did not tamper needs to know what was found: it has been said of an honest answer, once.
            found = {"same": same, "events": len(events), "copies": len(copies), "places": len(orders)}
            problem.add_note(repr(found | {"missing": missing, "actors": [one.name for one in lab.scheduler.actors]}))
            raise problem
        return Record(history.start, copies)

    return record


def changed_labkit() -> list[str]:
    """Return the names of labkit's functions and classes that somebody has replaced."""
    return sorted(name for name, value in _definitions() if not _is_original(name, value))


def _definitions() -> Iterator[tuple[str, Any]]:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "labkit" and module is not None:
            for key, value in list(vars(module).items()):
                yield f"{name}.{key}", value
                if isinstance(value, type) and value.__module__ == name:
                    yield from ((f"{name}.{key}.{inner}", one) for inner, one in list(vars(value).items()))


_originals: dict[str, Any] = {}


def _is_original(name: str, value: Any) -> bool:
    """Whether a definition is the one met at the first check, or at its first meeting comes from an installed file."""
    if name in _originals:
        return _originals[name] is value
    function = getattr(value, "fget", getattr(value, "__func__", value))
    if not isinstance(function, (FunctionType, type)):
        return True
    if not _is_installed(function):
        return False
    _originals[name] = value
    return True


def _is_installed(definition: FunctionType | type) -> bool:
    if isinstance(definition, type):
        return definition.__module__ != "__main__"
    file = definition.__code__.co_filename
    generated = file.startswith("<") and definition.__name__.startswith("__")
    # Some of the standard library is frozen into the interpreter, as abc is.
    return generated or file.startswith(("<frozen ", PACKAGE, *INSTALLED))
