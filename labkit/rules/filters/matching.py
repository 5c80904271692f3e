"""The rules of one key compiled, so that matching takes no longer for a hundred values than for one.

Values of one kind become one search: a set, a sorted list to bisect, the networks of each length. What is left is at
most one test a kind, and a few wildcards, which AWS's limit on their complexity keeps to ten.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from labkit.rules.filters.operators import ip_address
from labkit.rules.filters.rule import (
    AnythingBut,
    Exactly,
    Exists,
    IgnoringCase,
    Network,
    Prefix,
    Range,
    Rule,
    Suffix,
    Wildcard,
)
from labkit.rules.filters.values import NOTHING, Value, kind

Test = Callable[[Value], bool]
Kind = TypeVar("Kind", bound=Rule)
LONGEST_ADDRESS = 45


class Rules:
    """The rules of one key, of which a value must match one."""

    __slots__ = ("_tests", "absent", "excludes", "kinds", "listed", "present")

    def __init__(self, rules: Sequence[Rule]) -> None:
        ranges = _of(Range, rules)
        exact = {rule.value for rule in _of(Exactly, rules)}
        self.listed = frozenset(exact | {one.low for one in ranges if one.low == one.high})
        self.present = Exists(True) in rules
        self.absent = Exists(False) in rules
        self.excludes = bool(_of(AnythingBut, rules))
        self._tests = tuple(_tests(rules))
        strings = any(isinstance(one, (IgnoringCase, Prefix, Suffix, Wildcard, Network)) for one in rules)
        # Which kinds of value could match at all.
        self.kinds = (
            {kind(one) for one in exact} | ({"string"} if strings else set()) | ({"number"} if ranges else set())
        )

    def match(self, found: tuple[Value, ...]) -> bool:
        """Whether one of the values that a message has for the key matches one of the rules."""
        if not self.listed.isdisjoint(found):
            return True
        for test in self._tests:
            for value in found:
                if test(value):
                    return True
        return self.present if has_value(found) else self.absent


def has_value(found: Iterable[Value]) -> bool:
    """Whether a key exists in the sense of `exists`: with a value that is neither null nor empty."""
    return not NOTHING.issuperset(found)


def _of(kind: type[Kind], rules: Iterable[Rule]) -> list[Kind]:
    return [rule for rule in rules if isinstance(rule, kind)]


def _tests(rules: Sequence[Rule]) -> Iterable[Test]:
    if ranges := _of(Range, rules):
        yield _in_ranges(ranges)
    if folded := {rule.text for rule in _of(IgnoringCase, rules)}:
        yield lambda value: isinstance(value, str) and value.casefold() in folded
    if prefixes := [rule.text for rule in _of(Prefix, rules)]:
        yield _beginning(prefixes)
    if suffixes := [rule.text[::-1] for rule in _of(Suffix, rules)]:
        backwards = _beginning(suffixes)
        yield lambda value: isinstance(value, str) and backwards(value[::-1])
    if networks := _of(Network, rules):
        yield _in_networks(networks)
    for wildcard in _of(Wildcard, rules):
        yield _like(wildcard.parts)
    if excluded := [rule.rules for rule in _of(AnythingBut, rules)]:
        yield _anything_but(excluded)


def _in_ranges(ranges: Iterable[Range]) -> Test:
    lows: list[int] = []
    highs: list[int] = []
    for one in sorted(ranges, key=lambda one: (one.low, one.high)):
        if highs and one.low <= highs[-1] + 1:
            highs[-1] = max(highs[-1], one.high)
        else:
            lows.append(one.low)
            highs.append(one.high)

    def test(value: Value) -> bool:
        if not isinstance(value, int):
            return False
        place = bisect_right(lows, value) - 1
        return place >= 0 and value <= highs[place]

    return test


def _beginning(prefixes: Iterable[str]) -> Test:
    """Of prefixes of which none begins with another, only the last one before a text in order can be its beginning."""
    kept: list[str] = []
    for one in sorted(prefixes):
        if not kept or not one.startswith(kept[-1]):
            kept.append(one)

    def test(value: Value) -> bool:
        if not isinstance(value, str):
            return False
        place = bisect_right(kept, value) - 1
        return place >= 0 and value.startswith(kept[place])

    return test


def _in_networks(networks: Iterable[Network]) -> Test:
    firsts: dict[tuple[int, int], set[int]] = {}
    for one in networks:
        firsts.setdefault((one.version, one.bits), set()).add(one.first)

    def test(value: Value) -> bool:
        found = _address(value) if isinstance(value, str) and len(value) <= LONGEST_ADDRESS else None
        if found is None:
            return False
        version, whole, number = found
        return any(ip == version and number >> (whole - bits) in first for (ip, bits), first in firsts.items())

    return test


# Reading an address takes longer than all else here, and one message meets many policies.
_address = lru_cache(maxsize=1024)(ip_address)


def _like(parts: tuple[str, ...]) -> Test:
    """Each part as early as it can stand: no way back, so no pattern is slow on any text."""
    first, *between, last = parts if len(parts) > 1 else (parts[0], "")
    if len(parts) == 1:
        return lambda value: value == first

    def test(value: Value) -> bool:
        if not isinstance(value, str) or len(value) < len(first) + len(last):
            return False
        if not value.startswith(first) or not value.endswith(last):
            return False
        place, end = len(first), len(value) - len(last)
        for part in between:
            found = value.find(part, place, end)
            if found < 0:
                return False
            place = found + len(part)
        return True

    return test


Excluded = Sequence[Exactly | Prefix | Suffix | Wildcard]


def _anything_but(excluded: Sequence[Excluded]) -> Test:
    """One `anything-but` is enough, so a value fails only where all exclude it: what they exclude in common.

    Of an array one value that isn't excluded is enough. AWS's page says so in three examples, and in one sentence that
    no element may be listed; open.
    """
    values = [frozenset(one.value for one in rules) for rules in map(_exact, excluded) if rules]
    common = frozenset.intersection(*values) if values else None
    patterns = [rules[0] for rules in excluded if not isinstance(rules[0], Exactly)]
    longest = [
        _longest([one.text for one in patterns if isinstance(one, Prefix)]),
        _longest([one.text[::-1] for one in patterns if isinstance(one, Suffix)]),
    ]
    if common == frozenset() or None in longest:
        return lambda value: True
    prefix, suffix = longest[0] or "", (longest[1] or "")[::-1]
    likes = [_like(one.parts) for one in patterns if isinstance(one, Wildcard)]

    def test(value: Value) -> bool:
        if common is not None and value not in common:
            return True
        if not patterns:
            return False
        if not isinstance(value, str) or not value.startswith(prefix) or not value.endswith(suffix):
            return True
        return not all(like(value) for like in likes)

    return test


def _exact(rules: Excluded) -> list[Exactly]:
    return [rule for rule in rules if isinstance(rule, Exactly)]


def _longest(prefixes: list[str]) -> str | None:
    """The prefix that says all: the longest, if the others are its own beginnings. None if no text begins with all."""
    longest = max(prefixes, key=len, default="")
    return longest if all(longest.startswith(one) for one in prefixes) else None
