"""A filter policy's text read into keys and rules: its form, its nesting, `$or`, and AWS's limits."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from labkit.ledger import quota
from labkit.rules.filters.operators import COMPARISONS, READERS, has_wildcard, points, read_rule
from labkit.rules.filters.refusal import INVALID, Refusal, Steps
from labkit.rules.filters.rule import Group, Key, Or, Rule
from labkit.rules.filters.values import NotJson, read_plain
from labkit.rules.refused import Refused

ATTRIBUTES, BODY = "MessageAttributes", "MessageBody"
MOST_KEYS = quota("sns.filter_policy.maximum_keys")
MOST_COMBINATIONS = quota("sns.filter_policy.maximum_combinations")
MOST_POINTS = quota("sns.filter_policy.maximum_wildcard_complexity")
LARGEST_POLICY = quota("sns.filter_policy.maximum_size")
# What names no key inside `$or`: the operators, and what AWS's published engine keeps for more of them.
FURTHER = (
    "exactly regex not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before "
    "in-date-range ip-address-in-range ip-address-not-in-range"
)
RESERVED = frozenset((*READERS, *COMPARISONS, *FURTHER.split()))
# Brackets that a policy within its limit on combinations can have: so many levels, and three for a key's rules.
DEEPEST = MOST_COMBINATIONS + 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A policy that was read: the group of its keys, empty where the policy is {} or nothing and so lets all pass."""

    scope: str
    group: Group


def check_scope(scope: str) -> None:
    """Raise `Refused` for another FilterPolicyScope than MessageAttributes and MessageBody; AWS's words."""
    if scope not in (ATTRIBUTES, BODY):
        reason = f"Invalid value [{scope}]. Please use either MessageBody or MessageAttributes"
        raise Refused(INVALID, f"Invalid parameter: FilterPolicyScope: {reason}")


def read_policy(text: str, scope: str, *, subscribing: bool = False) -> Reading:
    """Read a policy; raises `Refused`. `subscribing` is for Subscribe, whose refusals begin otherwise.

    In which order AWS checks the limits is not known; here the form comes first, as its recorded answers allow.
    """
    check_scope(scope)
    if not text:
        return Reading(scope, ())
    tree = _load(text, subscribing)
    refusal = Refusal(tree, subscribing=subscribing)
    if not isinstance(tree, dict):
        raise refusal.opened("Filter is not an object")
    if _depth_above(tree, DEEPEST):
        raise refusal.plain("Filter policy is too complex")
    group = _members(refusal, tree, (), "", 1)
    _check_limits(refusal, tree, group, scope)
    return Reading(scope, group)


def _load(text: str, subscribing: bool) -> Any:
    refusal = Refusal(None, subscribing=subscribing)
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_POLICY:  # the limit is documented, the sentence is ours
        raise refusal.plain(f"Filter policy must not be larger than {LARGEST_POLICY} bytes")
    try:
        return read_plain(text)
    except NotJson:  # AWS goes on with what its JSON reader says
        raise refusal.plain("failed to parse JSON.") from None


def _depth_above(tree: Any, most: int) -> bool:
    """Whether a tree has more than `most` levels of brackets; without recursion, which has a limit of its own."""
    level = [tree]
    for _ in range(most):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True


def _members(refusal: Refusal, given: dict[str, Any], steps: Steps, within: str, level: int) -> Group:
    if not given and steps:
        raise refusal.closed("Empty objects are not allowed", *steps)
    group: list[Key | Or] = []
    for name, value in given.items():
        here, path = (*steps, name), f"{within}{name}"
        if name == "$or" and _is_or(value):
            members = (_members(refusal, one, (*here, place), within, level) for place, one in enumerate(value))
            group.append(Or(tuple(members)))
        elif isinstance(value, dict):
            group.extend(_members(refusal, value, here, f"{path}.", level + 1))
        elif isinstance(value, list):
            group.append(Key(path, level, _rules(refusal, value, here)))
        else:
            raise refusal.opened(f'"{name}" must be an object or an array', *here)
    return tuple(group)


def _is_or(value: Any) -> bool:
    """Whether `$or` is meant as the operator. Otherwise, AWS documents, it is a key as any other."""
    return (
        isinstance(value, list)
        and len(value) >= 2
        and all(isinstance(one, dict) and RESERVED.isdisjoint(one) for one in value)
    )


def _rules(refusal: Refusal, given: list[Any], steps: Steps) -> tuple[Rule, ...]:
    if not given:
        raise refusal.closed("Empty arrays are not allowed", *steps)
    return tuple(read_rule(refusal, one, (*steps, place)) for place, one in enumerate(given))


def _check_limits(refusal: Refusal, tree: Any, group: Group, scope: str) -> None:
    keys = list(_keys(group))
    if scope == ATTRIBUTES and any(key.level > 1 for key in keys):
        raise refusal.nested()
    # Open: how keys of several `$or` members are counted. Here a key counts once, wherever it stands.
    if len({key.path for key in keys}) > MOST_KEYS:
        raise refusal.plain(f"Filter policy can not have more than {MOST_KEYS} keys")
    if combinations(group) > MOST_COMBINATIONS:
        raise refusal.plain("Filter policy is too complex")
    if wildcard_complexity(keys) > MOST_POINTS:  # the limit is documented, the sentence is ours
        raise refusal.plain(f"Filter policy can not have a wildcard complexity of more than {MOST_POINTS}")


def _keys(group: Group) -> list[Key]:
    return [
        key
        for part in group
        for key in ([part] if isinstance(part, Key) else [one for each in part.groups for one in _keys(each)])
    ]


def combinations(group: Group) -> int:
    """A policy's total combination: the product of each key's rules and level; the members of `$or` are added up."""
    return prod(
        len(part.rules) * part.level if isinstance(part, Key) else sum(map(combinations, part.groups)) for part in group
    )


def wildcard_complexity(keys: list[Key]) -> int:
    """The points of all keys: of each, those of its patterns times their number; 0 for a policy without wildcards."""
    if not any(has_wildcard(rule) for key in keys for rule in key.rules):
        return 0
    counted = ([found for rule in key.rules if (found := points(rule))] for key in keys)
    return sum(sum(found) * len(found) for found in counted)


def ways(group: Group) -> list[tuple[Key, ...]]:
    """The keys that must match together, for each way through the `$or`s."""
    found: list[tuple[Key, ...]] = [()]
    for part in group:
        further = [(part,)] if isinstance(part, Key) else [way for each in part.groups for way in ways(each)]
        found = [(*one, *more) for one in found for more in further]
    return found
