"""Amounts as people write them ("12 hours", "1 MiB") and as the rules count them (43,200 seconds, 1,048,576 bytes)."""

from __future__ import annotations

import re

FACTORS = {
    "second": (1, "seconds"),
    "minute": (60, "seconds"),
    "hour": (3600, "seconds"),
    "day": (86400, "seconds"),
    "byte": (1, "bytes"),
    "KiB": (1024, "bytes"),
    "MiB": (1024 * 1024, "bytes"),
}
COUNTED = ("message", "entry", "receive", "character", "attribute", "queue", "task", "attempt", "action")
RATES = ("messages per second", "API calls per second")
PLURALS = {"entry": "entries"}


def amount(text: str) -> tuple[int, str]:
    """The number and unit of a display text: `amount("12 hours")` is `(43200, "seconds")`.

    Raises ValueError, with a text that can follow a field's name, for anything else.
    """
    match = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d+) ([A-Za-z]+(?: [a-z]+)*)", text)
    if match is None:
        raise ValueError(f"must be a whole number and a unit such as '30 seconds', not {text!r}")
    number = int(match[1].replace(",", ""))
    for word, (factor, unit) in FACTORS.items():
        if match[2] in (word, _plural(word)):
            return number * factor, unit
    for word in COUNTED:
        if match[2] in (word, _plural(word)):
            return number, _plural(word)
    if match[2] in RATES:
        return number, match[2]
    raise ValueError(f"has the unknown unit {match[2]!r}")


def _plural(word: str) -> str:
    return PLURALS.get(word, word if word.endswith("iB") else f"{word}s")
