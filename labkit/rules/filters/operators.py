"""The operators of a filter policy: which form SNS takes, and the rule that each makes.

The sentences of prefix, suffix, numeric, exists and anything-but are recorded answers of SNS (2024). The others are
those of the engine that AWS publishes, Event Ruler, which has the recorded ones word for word; what SNS says is open.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any

from labkit.ledger import quota
from labkit.rules.filters.refusal import Refusal, Steps, token
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
from labkit.rules.filters.values import LARGEST, ONE, number, value

MOST_WILDCARDS = quota("sns.filter_policy.maximum_wildcards")
ONE_KEY = "Only one key allowed in match expression"
MASK = re.compile(r"[+-]?\d{1,9}", re.ASCII)
# The range is documented; the sentence is the engine's, whose numbers are larger.
OUT_OF_RANGE = "Value must be between -1.0E9 and 1.0E9, inclusive"
COMPARISONS = ("=", "<", "<=", ">", ">=")


def read_rule(refusal: Refusal, given: Any, steps: Steps) -> Rule:
    """The rule of one element of a key's list."""
    if isinstance(given, list):
        raise refusal.opened("Match value must be String, number, true, false, or null", *steps)
    return _operator(refusal, given, steps) if isinstance(given, dict) else exactly(given)


def exactly(given: Any) -> Exactly:
    """The rule of a string, number or keyword of a policy."""
    is_number = isinstance(given, (int, float)) and not isinstance(given, bool)
    return Exactly(number(repr(given)) if is_number else value(given))


def _operator(refusal: Refusal, given: dict[str, Any], steps: Steps) -> Rule:
    if not given:
        raise refusal.closed("Match expression name not found", *steps)
    name, operand = next(iter(given.items()))
    reader = READERS.get(name)
    if reader is None:
        raise refusal.opened(f"Unrecognized match type {name}", *steps, name)
    rule = reader(refusal, operand, (*steps, name))
    _check_one_key(refusal, given, steps)
    return rule


def _check_one_key(refusal: Refusal, given: dict[str, Any], steps: Steps) -> None:
    if len(given) > 1:
        raise refusal.opened(ONE_KEY, *steps, list(given)[1])


def _text(refusal: Refusal, operand: Any, steps: Steps, said: str | None = None) -> str:
    if not isinstance(operand, str):
        raise refusal.opened(f"{said or steps[-1]} match pattern must be a string", *steps)
    return operand


def _prefix(refusal: Refusal, operand: Any, steps: Steps) -> Prefix:
    return Prefix(_text(refusal, operand, steps))


def _suffix(refusal: Refusal, operand: Any, steps: Steps) -> Suffix:
    return Suffix(_text(refusal, operand, steps))


def _ignoring_case(refusal: Refusal, operand: Any, steps: Steps) -> IgnoringCase:
    return IgnoringCase(_text(refusal, operand, steps).casefold())


def _exists(refusal: Refusal, operand: Any, steps: Steps) -> Exists:
    if not isinstance(operand, bool):
        raise refusal.opened("exists match pattern must be either true or false.", *steps)
    return Exists(operand)


def _wildcard(refusal: Refusal, operand: Any, steps: Steps) -> Wildcard:
    """AWS documents no escape and no two asterisks in a row; what is taken for them here is the engine's."""
    parts, text, place = [""], _text(refusal, operand, steps), 0
    while place < len(text):
        if text.startswith("**", place):
            raise refusal.plain(f"Consecutive wildcard characters at pos {place}")
        if text[place] == "\\":
            place += 1
            if text[place : place + 1] not in ("*", "\\"):
                raise refusal.plain(f"Invalid escape character at pos {place - 1}")
            parts[-1] += text[place]
        elif text[place] == "*":
            parts.append("")
        else:
            parts[-1] += text[place]
        place += 1
    if len(parts) - 1 > MOST_WILDCARDS:  # the limit is documented, the sentence is ours
        raise refusal.plain(f"A wildcard pattern can not have more than {MOST_WILDCARDS} wildcards")
    return Wildcard(tuple(parts))


def _network(refusal: Refusal, operand: Any, steps: Steps) -> Network:
    """The engine says "prefix" of what is no string, and refuses /32, though AWS's page has single addresses."""
    address, *masks = _text(refusal, operand, steps, "prefix").split("/")
    if len(masks) != 1 or not masks[0]:
        raise refusal.plain("Malformed CIDR, one '/' required")
    if not MASK.fullmatch(masks[0]):
        raise refusal.plain("Malformed CIDR, mask bits must be an integer")
    bits = int(masks[0])
    if bits < 0:
        raise refusal.plain("Malformed CIDR, mask bits must not be negative")
    found = ip_address(address)
    if found is None:
        raise refusal.plain(f"Nonstandard IP address: {address}")
    version, whole, first = found
    if bits > whole:  # the sentence is the engine's but for the number
        raise refusal.plain(f"IPv{version} mask bits must be < {whole + 1}")
    return Network(version, bits, first >> (whole - bits))


def ip_address(text: str) -> tuple[int, int, int] | None:
    """The version, the number of bits and the number of an IP address; None of another text."""
    if "%" in text:  # a zone, which Python takes
        return None
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return found.version, found.max_prefixlen, int(found)


def _range(refusal: Refusal, operand: Any, steps: Steps) -> Range:
    if not isinstance(operand, list):
        raise refusal.opened("Value of numeric must be an array.", *steps)
    if not operand or not isinstance(operand[0], str):
        shown = token(operand[0]) if operand else "]"
        raise refusal.following(f"Invalid member in numeric match: {shown}", 0, *steps)
    if operand[0] not in COMPARISONS:
        raise refusal.following(f"Unrecognized numeric range operator: {operand[0]}", 1, *steps)
    low, high = _bound(refusal, operand, 0, steps)
    if len(operand) > 2:
        if operand[0] not in (">", ">="):
            raise refusal.following("Too many elements in numeric expression", 2, *steps)
        high = _upper(refusal, operand, steps)
        if not _is_below(operand[1], operand[3]):
            raise refusal.closed("Bottom must be less than top", *steps)
    return Range(low, high)


def _upper(refusal: Refusal, operand: list[Any], steps: Steps) -> int:
    comparison = operand[2]
    if not isinstance(comparison, str):
        raise refusal.opened(f"Bad value in numeric range: {token(comparison)}", *steps, 2)
    if comparison not in ("<", "<="):
        raise refusal.closed(f"Bad numeric range operator: {comparison}", *steps, 2)
    high = _bound(refusal, operand, 2, steps)[1]
    if len(operand) > 4:
        raise refusal.following("Too many terms in numeric range expression", 4, *steps)
    return high


def _bound(refusal: Refusal, operand: list[Any], place: int, steps: Steps) -> tuple[int, int]:
    """The lowest and the highest number for which one comparison holds."""
    given = operand[place + 1] if place + 1 < len(operand) else None
    if not isinstance(given, (int, float)) or isinstance(given, bool):
        said = "equals" if operand[place] == "=" else operand[place]
        raise refusal.following(f"Value of {said} must be numeric", place + 1, *steps)
    bound = number(repr(given))
    if not isinstance(bound, int):
        raise refusal.closed(OUT_OF_RANGE, *steps)
    least, most = -LARGEST * ONE, LARGEST * ONE
    lows = {"=": bound, ">=": bound, ">": bound + 1, "<": least, "<=": least}
    highs = {"=": bound, "<=": bound, "<": bound - 1, ">": most, ">=": most}
    return lows[operand[place]], highs[operand[place]]


def _is_below(bottom: float, top: float) -> bool:
    low, high = number(repr(bottom)), number(repr(top))
    return isinstance(low, int) and isinstance(high, int) and low < high


def _anything_but(refusal: Refusal, operand: Any, steps: Steps) -> AnythingBut:
    if isinstance(operand, dict):
        return AnythingBut((_pattern(refusal, operand, steps),))
    if isinstance(operand, list):
        return AnythingBut(_values(refusal, operand, steps))
    if operand is None or isinstance(operand, bool):
        raise refusal.opened("Value of anything-but must be an array or single string/number value.", *steps)
    return AnythingBut((_in_range(refusal, operand, *steps),))


def _values(refusal: Refusal, operand: list[Any], steps: Steps) -> tuple[Exactly, ...]:
    for place, one in enumerate(operand):
        if one is None or isinstance(one, (bool, list, dict)):
            raise refusal.opened("Inside anything but list, start|null|boolean is not supported.", *steps, place)
    if len({isinstance(one, str) for one in operand}) != 1:
        only = "either all values are number or string, mixed type is not supported"
        raise refusal.closed(f"Inside anything but list, {only}", *steps)
    return tuple(_in_range(refusal, one, *steps, place) for place, one in enumerate(operand))


def _in_range(refusal: Refusal, operand: Any, *steps: str | int) -> Exactly:
    rule = exactly(operand)
    if isinstance(rule.value, bytes):
        raise refusal.opened(OUT_OF_RANGE, *steps)
    return rule


def _pattern(refusal: Refusal, operand: dict[str, Any], steps: Steps) -> Prefix | Suffix | Wildcard:
    """Recorded: prefix alone. Since July 2025 AWS's page has suffix and wildcard as well."""
    if not operand:
        raise refusal.closed("Anything-But expression name not found", *steps)
    name, pattern = next(iter(operand.items()))
    reader = PATTERNS.get(name)
    if reader is None:
        raise refusal.opened(f"Unsupported anything-but pattern: {name}", *steps, name)
    if pattern == "":
        raise refusal.opened("Null prefix/suffix not allowed", *steps, name)
    rule = reader(refusal, pattern, (*steps, name))
    _check_one_key(refusal, operand, steps)
    return rule


Reader = Callable[[Refusal, Any, Steps], Rule]
PATTERNS: dict[str, Callable[[Refusal, Any, Steps], Prefix | Suffix | Wildcard]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "wildcard": _wildcard,
}
READERS: dict[str, Reader] = {
    **PATTERNS,
    "equals-ignore-case": _ignoring_case,
    "cidr": _network,
    "numeric": _range,
    "exists": _exists,
    "anything-but": _anything_but,
}


def has_wildcard(rule: Rule) -> bool:
    """Whether a rule has a wildcard pattern, in an anything-but too."""
    return any(isinstance(one, Wildcard) for one in (rule.rules if isinstance(rule, AnythingBut) else (rule,)))


def points(rule: Rule) -> int:
    """What AWS's guidelines count for a pattern, for the limit on wildcards; 0 for what is no pattern of theirs.

    Open: whether a wildcard in an anything-but counts for both, as here.
    """
    if isinstance(rule, AnythingBut):
        return 1 + sum(points(one) for one in rule.rules)
    if isinstance(rule, Wildcard):
        asterisks = len(rule.parts) - 1
        return asterisks if asterisks < 2 else 3 * asterisks
    return 0
