"""Which instances a scale-in terminates: those that are not protected, in the order of the termination policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from labkit.rules.chance import draw
from labkit.rules.message import SECOND

HOUR = 3_600 * SECOND


@dataclass(frozen=True, slots=True)
class Candidate:
    """An instance as a termination policy sees it; `launched` in microseconds since 1970, `template` its version."""

    id: str
    zone: str
    launched: int
    template: int = 1
    protected: bool = False


def chosen(instances: Sequence[Candidate], number: int, now: int, policy: str = "Default", seed: int = 0) -> list[str]:
    """Return the ids of up to `number` instances to terminate, one after the other.

    Each time from the zone with the most instances; by default the oldest template first, then the one closest to the
    next billing hour, then by chance. [scaling-protection] [scaling-termination]
    """
    left, ids = list(instances), list[str]()
    while len(ids) < number and any(not one.protected for one in left):
        in_zone = Counter(one.zone for one in left)
        open_to = [one for one in left if not one.protected]
        most = max(in_zone[one.zone] for one in open_to)
        found = min((one for one in open_to if in_zone[one.zone] == most), key=_order(policy, now, seed))
        left.remove(found)
        ids.append(found.id)
    return ids


def _order(policy: str, now: int, seed: int) -> Callable[[Candidate], tuple[float, ...]]:
    def by_chance(one: Candidate) -> float:
        return draw(seed, "termination", one.id)

    orders: dict[str, Callable[[Candidate], tuple[float, ...]]] = {
        "OldestInstance": lambda one: (one.launched, by_chance(one)),
        "NewestInstance": lambda one: (-one.launched, by_chance(one)),
        "ClosestToNextInstanceHour": lambda one: (-((now - one.launched) % HOUR), by_chance(one)),
    }
    return orders.get(policy, lambda one: (one.template, -((now - one.launched) % HOUR), by_chance(one)))
