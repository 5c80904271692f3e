"""The condition operators that AWS lists: how each reads a value, and when a request's value fits a policy's."""

from __future__ import annotations

import operator
import re
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, NamedTuple

from labkit.rules.policy.arns import arn_matcher
from labkit.rules.policy.wildcards import Plain, Value, matcher

Fits = Callable[[Any], bool]
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
# W3C's forms of ISO 8601: a year, a month, a day, a day with a time to the minute or finer, and its zone.
DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?"
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
NULL = "Null"


class Operator(NamedTuple):
    """How one operator works: `read` a request's value, and see whether it `fits` a policy's.

    What can't be read is None and fits nothing, so that it meets a negated operator.
    """

    read: Callable[[Value], Any]
    fits: Callable[[tuple[Plain, ...]], Fits]
    negated: bool = False
    wild: bool = False
    variables: bool = False


def nothing(given: Any) -> bool:
    """What a policy's value fits that can't be read."""
    return False


def text(value: Value) -> str | None:
    """A value as a text."""
    return value if isinstance(value, str) else None


def number(value: Value) -> Decimal | None:
    """A whole or decimal number."""
    return Decimal(value) if isinstance(value, str) and NUMBER.fullmatch(value) else None


def moment(value: Value) -> int | None:
    """A date, or seconds since 1970, in microseconds since 1970; four digits are a year."""
    if not isinstance(value, str):
        return None
    if form := DATE.fullmatch(value):
        with suppress(ValueError):
            return _date(*form.groups())
        return None
    seconds = number(value)
    return None if seconds is None else int(seconds * SECOND)


def _date(year: str, month: str, day: str, hour: str, minute: str, second: str, part: str, zone: str) -> int:
    micros = int((part or "0").ljust(6, "0")[:6])
    found = datetime(
        int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), micros, UTC
    )  # fmt: skip
    away = timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[4:])) if zone and zone != "Z" else timedelta()
    return (found - EPOCH - away) // timedelta(microseconds=1)


def boolean(value: Value) -> bool | None:
    """True or false, in letters of any size."""
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def binary(value: Value) -> bytes | None:
    """The bytes of a request's value."""
    return value if isinstance(value, bytes) else value.encode(errors="surrogatepass")


def address(value: Value) -> IPv4Address | IPv6Address | None:
    """An address of a computer."""
    if isinstance(value, str):
        with suppress(ValueError):
            return ip_address(value)
    return None


def _decoded(given: tuple[Plain, ...]) -> Fits:
    with suppress(ValueError):
        return b64decode(_one(given), validate=True).__eq__
    return nothing


def _in_network(given: tuple[Plain, ...]) -> Fits:
    with suppress(ValueError):
        return ip_network(_one(given), strict=False).__contains__
    return nothing


def _one(given: tuple[Plain, ...]) -> str:
    return "".join(str(piece) for piece in given)


def _compared(read: Callable[[Value], Any], compare: Callable[[Any, Any], bool]) -> Operator:
    def fits(given: tuple[Plain, ...]) -> Fits:
        expected = read(_one(given))
        return nothing if expected is None else lambda found: compare(found, expected)

    return Operator(read, fits)


def _lower(value: Value) -> str | None:
    return value.lower() if isinstance(value, str) else None


def _pairs() -> dict[str, Operator]:
    """Each operator of which AWS lists a negated form, by its name and its negation's."""
    like_arn = Operator(text, arn_matcher, wild=True, variables=True)
    found = {
        ("StringEquals", "StringNotEquals"): Operator(text, matcher, variables=True),
        ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"): Operator(
            _lower, lambda given: _one(given).lower().__eq__, variables=True
        ),
        ("StringLike", "StringNotLike"): Operator(text, matcher, wild=True, variables=True),
        ("ArnEquals", "ArnNotEquals"): like_arn,
        ("ArnLike", "ArnNotLike"): like_arn,
        ("NumericEquals", "NumericNotEquals"): _compared(number, operator.eq),
        ("DateEquals", "DateNotEquals"): _compared(moment, operator.eq),
        ("IpAddress", "NotIpAddress"): Operator(address, _in_network),
    }
    return {
        name: one._replace(negated=negated)
        for names, one in found.items()
        for name, negated in zip(names, (False, True), strict=True)
    }


def _ordered() -> dict[str, Operator]:
    orders = {"LessThan": operator.lt, "LessThanEquals": operator.le,
              "GreaterThan": operator.gt, "GreaterThanEquals": operator.ge}  # fmt: skip
    kinds = {"Numeric": number, "Date": moment}
    return {kind + name: _compared(read, order) for kind, read in kinds.items() for name, order in orders.items()}


OPERATORS: dict[str, Operator] = {
    **_pairs(),
    **_ordered(),
    "Bool": _compared(boolean, operator.eq)._replace(variables=True),
    "BinaryEquals": Operator(binary, _decoded),
    # Its own values are read as true and false; what it compares them with is whether the key is there.
    NULL: _compared(boolean, operator.eq),
}
