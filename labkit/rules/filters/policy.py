"""A subscription's filter policy: whether a message passes, and if not, which key held it back and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from labkit.causes import Filtering, Mismatch
from labkit.rules.filters.grammar import ATTRIBUTES, read_policy, ways
from labkit.rules.filters.matching import Rules, has_value
from labkit.rules.filters.published import Published, Values
from labkit.rules.filters.values import kind, shown

NOT_A_DOCUMENT = (Mismatch.NOT_JSON, Mismatch.NOT_AN_OBJECT)


@dataclass(frozen=True, slots=True)
class Failure:
    """A key of the policy that a message didn't match, why, and the values it has there, as JSON writes them."""

    key: str
    why: Mismatch
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a policy makes of a message; `ways` are what failed on each way through its `$or`s."""

    passes: bool
    ways: tuple[tuple[Failure, ...], ...] = ()

    @property
    def failing(self) -> tuple[Failure, ...]:
        """The keys that held the message back on the way that lacked the fewest; none if it passes."""
        return min(self.ways, key=len, default=())


def check(text: str, scope: str = ATTRIBUTES, *, subscribing: bool = False) -> None:
    """Raise `Refused` (InvalidParameter) for a policy that SNS doesn't take; say whether at Subscribe. [filter-1]"""
    read_policy(text, scope, subscribing=subscribing)


class FilterPolicy:
    """A policy compiled once; {} and the empty text let everything pass, as a subscription without one. [filter-2]

    A message without any attribute, or with an empty body, passes no policy: even `exists: false` asks for another one,
    AWS documents for attributes. Keys are compared case by case. Open: a string against a number (here they differ),
    and anything-but against null (here it passes).
    """

    def __init__(self, text: str, scope: str = ATTRIBUTES) -> None:
        reading = read_policy(text, scope)
        self.scope = reading.scope
        self._by_attributes = reading.scope == ATTRIBUTES
        self._ways = tuple(tuple((key.path, Rules(key.rules)) for key in way) for way in ways(reading.group) if way)

    def passes(self, published: Published) -> bool:
        """Whether a message passes: the quick way to `decide(published).passes`."""
        values = published.attributes if self._by_attributes else published.properties
        if not values:
            return not self._ways
        for way in self._ways:
            for key, rules in way:
                found = values.get(key)
                if not (rules.absent if found is None else rules.match(found)):
                    break
            else:
                return True
        return not self._ways

    def decide(self, published: Published) -> Decision:
        """Whether a message passes, and if not, which keys failed and why."""
        if self.passes(published):
            return Decision(True)
        values = published.attributes if self._by_attributes else published.properties
        return Decision(False, tuple(tuple(self._failures(way, published, values)) for way in self._ways))

    def filtering(self, failure: Failure, published: Published) -> Filtering:
        """What a failing key counts as in the metrics of the topic."""
        if not self._by_attributes:
            return Filtering.INVALID_BODY if failure.why in NOT_A_DOCUMENT else Filtering.BODY
        if not published.has_attributes:
            return Filtering.NO_ATTRIBUTES
        return Filtering.INVALID_ATTRIBUTES if failure.why is Mismatch.MALFORMED else Filtering.ATTRIBUTES

    def _failures(self, way: tuple[tuple[str, Rules], ...], published: Published, values: Values) -> Iterator[Failure]:
        for key, rules in way:
            found = values.get(key)
            if not found:
                if not rules.absent or not values:
                    yield Failure(key, self._why_nothing(key, rules, published, values))
            elif not rules.match(found):
                yield Failure(key, _why(rules, found), tuple(map(shown, found)))

    def _why_nothing(self, key: str, rules: Rules, published: Published, values: Values) -> Mismatch:
        why = published.why_no_attribute(key) if self._by_attributes else published.why_no_property(key)
        return Mismatch.NOTHING_AT_ALL if rules.absent and why is Mismatch.MISSING and not values else why


def _why(rules: Rules, found: tuple[str | int | bytes, ...]) -> Mismatch:
    if rules.excludes:
        return Mismatch.EXCLUDED
    if rules.absent and not rules.kinds:
        return Mismatch.PRESENT
    if not rules.kinds and not has_value(found):
        return Mismatch.EMPTY
    return Mismatch.NOT_LISTED if rules.kinds & {kind(one) for one in found} else Mismatch.WRONG_TYPE
