"""How far a search goes, smallest first, so that the first failure met is a simple one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """At most so many messages, consumers and faults at once; `most_calls` ends a run that never comes to rest."""

    messages: int = 2
    consumers: int = 2
    faults: int = 1
    most_calls: int = 200


SMALLEST = Bounds(1, 1, 0)
# Two orders with one fault in every place, and one order with two.
USUAL = (Bounds(2, 2, 1), Bounds(1, 2, 2))


def up_to(bounds: tuple[Bounds, ...]) -> list[Bounds]:
    """Return the bounds to search in turn, from one message and one consumer without a fault up to all of `bounds`."""
    steps = [SMALLEST, Bounds(1, 1, 1), Bounds(1, 2, 1), *bounds]
    fitting = [one for one in steps if one in bounds or any(_is_within(one, other) for other in bounds)]
    return [one for nth, one in enumerate(fitting) if one not in fitting[:nth]]


def _is_within(one: Bounds, other: Bounds) -> bool:
    return one.messages <= other.messages and one.consumers <= other.consumers and one.faults <= other.faults
