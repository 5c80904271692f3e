"""The values that SNS compares, as things that are equal where it takes them for equal, and JSON read into them.

A string is itself. A number is a whole number of its hundred-thousandths: SNS compares with five digits after the
decimal point. The keywords and numbers beyond a billion are bytes, since in Python `True == 1`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import MAX_EMAX, MIN_EMIN, ROUND_FLOOR, Context, Decimal
from typing import Any, Final

from labkit.ledger import quota

Value = str | int | bytes

LARGEST = quota("sns.filter_policy.number.maximum")
DIGITS = quota("sns.filter_policy.number.digits")
ONE = 10**DIGITS
TRUE, FALSE, NULL = b"true", b"false", b"null"
KEYWORDS: Final = {True: TRUE, False: FALSE, None: NULL}
# What "exists" doesn't count: the key "must have a non-null and non-empty value".
NOTHING: frozenset[Value] = frozenset({NULL, ""})
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
# AWS names no limit. Without one, the depth that Python can read would depend on who calls.
DEEPEST = 500
BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
# A context of our own: a program may set its own for its decimals, and none of these conversions may raise.
_EXACT = Context(prec=50, rounding=ROUND_FLOOR, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])


class NotJson(ValueError):
    """A text is not JSON, or is nested deeper than 500 levels."""


def number(text: str) -> Value:
    """The value of a number's text.

    Open: what SNS does with further digits. AWS's published engine cuts them off downwards, and so does this.
    """
    if len(text) < 10 and text.isascii() and text.isdigit():
        return int(text) * ONE
    exact = _EXACT.create_decimal(text)
    if exact.copy_abs() <= LARGEST:
        return int(_EXACT.multiply(exact, Decimal(ONE)).to_integral_value(ROUND_FLOOR))
    return f"#{_EXACT.normalize(exact)}".encode()


def read(text: str) -> Any:
    """Read JSON whose numbers are values; raises `NotJson`."""
    return _load(text, number)


def read_plain(text: str) -> Any:
    """Read JSON as Python's numbers; raises `NotJson`."""
    return _load(text, None)


def _load(text: str, numbers: Any) -> Any:
    if _too_deep(text):
        raise NotJson
    try:
        return json.loads(text, parse_int=numbers, parse_float=numbers, parse_constant=_no_json)
    except (ValueError, RecursionError):
        raise NotJson from None


def _too_deep(text: str) -> bool:
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    depth = 0
    for found in BRACKETS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > DEEPEST:
            return True
    return False


def _no_json(constant: str) -> None:
    raise NotJson(constant)  # NaN and the infinities, which Python reads


def scalars(read: Any) -> Iterator[Value]:
    """The values of a list that was read, those of lists and objects inside left out."""
    return (value(one) for one in read if not isinstance(one, (list, dict)))


def value(read: Any) -> Value:
    """The value of a string, number or keyword that was read."""
    if isinstance(read, bool) or read is None:
        return KEYWORDS[read]
    found: Value = read
    return found


def kind(value: Value) -> str:
    """What a value is: "string", "number" or "keyword"."""
    if isinstance(value, str):
        return "string"
    return "keyword" if value in KEYWORDS.values() else "number"


def shown(value: Value) -> str:
    """A value as JSON writes it."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        whole, rest = divmod(abs(value), ONE)
        return f"{'-' if value < 0 else ''}{whole}.{rest:0{DIGITS}}".rstrip("0").rstrip(".")
    return value.decode().removeprefix("#")
