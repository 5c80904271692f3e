"""Lengths of time and instants, in whole microseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from labkit.words import error
from labkit.words import time as words

# Whole microseconds: sums of floats depend on their order, and with them the bytes of a history would.
SECOND = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {
    "us": 1,
    "ms": 1_000,
    "s": SECOND,
    "sec": SECOND,
    "second": SECOND,
    "min": 60 * SECOND,
    "minute": 60 * SECOND,
    "h": 3_600 * SECOND,
    "hour": 3_600 * SECOND,
    "d": 86_400 * SECOND,
    "day": 86_400 * SECOND,
}
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*")


def length(given: str | float | timedelta) -> int:
    """Return a length of time in microseconds, from "31 s", "1 h 30 min", seconds or a timedelta.

    Raises `LabError` when it cannot be read or is negative.
    """
    if isinstance(given, timedelta):
        micros = given // timedelta(microseconds=1)
    elif isinstance(given, (int, float)) and not isinstance(given, bool) and abs(given) < 1e12:
        micros = round(given * SECOND)
    elif isinstance(given, str):
        micros = _read(given)
    else:
        raise error(words.LENGTH, given=given)
    if micros < 0:
        raise error(words.NEGATIVE, given=given)
    return micros


def _read(text: str) -> int:
    if text.strip().startswith("-"):
        raise error(words.NEGATIVE, given=text)
    total, at = 0, 0
    while at < len(text):
        part = _PART.match(text.lower(), at)
        unit = part and (part[2] if part[2] in _UNITS else part[2].removesuffix("s"))
        if not part or unit not in _UNITS:
            raise error(words.LENGTH, given=text)
        total += round(float(part[1]) * _UNITS[unit])
        at = part.end()
    if not text.strip():
        raise error(words.LENGTH, given=text)
    return total


def instant(moment: datetime) -> int:
    """Return an aware datetime as microseconds since 1970. Raises `LabError` for one without a time zone."""
    if moment.tzinfo is None:
        raise error(words.NAIVE, given=moment)
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment(micros: int) -> datetime:
    """Return microseconds since 1970 as an aware datetime in UTC."""
    return EPOCH + timedelta(microseconds=micros)


def clock_text(micros: int) -> str:
    """Return an instant as date and time to the millisecond, for reading."""
    return moment(micros).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
