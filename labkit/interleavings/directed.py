"""Rules whose chance is decided: what happens at random on AWS happens here when a schedule says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit.causes import VISIBLE
from labkit.interleavings.operations import COMES_BACK, DUPLICATE, PLACE
from labkit.rules import Faults, FifoQueue, Message

POSSIBLE = Faults(duplicate=0.5, undelete=0.5)
NAMES = {"duplicate": DUPLICATE, "undelete": COMES_BACK}


def directed(rules: type, fault: Callable[[], str]) -> type:
    """Return these rules with `fault()` in the place of chance: it names the fault of the present step."""

    class Directed(rules):
        def _chance(self, what: str, message: Message) -> float:
            return 0.0 if fault() == NAMES.get(what) else 1.0

        def _taking(self, by: str, long_poll: bool) -> Any:
            if fault().startswith(PLACE):
                first = visible(self)[int(fault().removeprefix(PLACE))]
                first.version += 1
                first.place = -1
                self._enqueue(first)
            return super()._taking(by, long_poll)

    return Directed


def visible(rules: Any) -> list[Message]:
    """Return the messages that a receive may hand out first: the visible ones; in a FIFO queue the first of a group."""
    shown = [message for message in rules.stored() if message.state == VISIBLE]
    if isinstance(rules, FifoQueue):
        shown = [message for message in shown if rules._groups._first(message) is message]
    return sorted(shown, key=lambda message: (message.place, message.number))
