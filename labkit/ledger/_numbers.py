"""Numbers that AWS documents or charges, by name; the rules take theirs from here, so that none is typed twice."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path

from labkit.ledger._reading import Entry, load_sources, one_name_each, records, source_of, unknown
from labkit.ledger._records import Price, Quota, Source

FACTORS = {
    "second": (1, "seconds"),
    "minute": (60, "seconds"),
    "hour": (3600, "seconds"),
    "day": (86400, "seconds"),
    "byte": (1, "bytes"),
    "KiB": (1024, "bytes"),
    "MiB": (1024 * 1024, "bytes"),
}
COUNTED = (
    *("message", "entry", "receive", "character", "attribute", "queue", "task", "attempt", "action"),
    *("key", "combination", "digit", "policy", "retry"),
)
RATES = ("messages per second", "API calls per second")
PLURALS = {"entry": "entries", "policy": "policies", "retry": "retries"}
UNITS = (
    "seconds",
    "bytes",
    "messages",
    "entries",
    "receives",
    "characters",
    "attributes",
    "queues",
    "tasks",
    "messages per second",
    "API calls per second",
    "percent",
    "statements",
    "principals",
    "conditions",
    "actions",
    "tags",
    "data points",
    "subscriptions",
    "attempts",
    "retries",
    "keys",
    "combinations",
    "wildcards",
    "points",
    "digits",
    "policies",
    "as a number",
)


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


def quota(name: str) -> int:
    """The value of one quota, in the unit its record states: `quota("sqs.visibility_timeout.default")` is 30 (seconds).

    Raises LedgerError with the nearest names when there is none of that name.
    """
    table = load_quotas()
    if name not in table:
        raise unknown("quota", name, table)
    return table[name].value


def quotas() -> tuple[Quota, ...]:
    """All quotas, in the order of their file."""
    return tuple(load_quotas().values())


@cache
def load_quotas(folder: Path | None = None) -> dict[str, Quota]:
    """Quotas by name, every field checked; `check_quotas` checks the sources they name, so that `quota` stays cheap."""
    return {record.name: _quota(record) for record in one_name_each(records("quotas.yaml", "name", folder))}


def check_quotas(folder: Path | None = None) -> None:
    """Refuses a quota that names an unknown source."""
    known = load_sources(folder)
    for entry in load_quotas(folder).values():
        for key in entry.sources:
            source_of(Entry("quotas.yaml", entry.name, {}), "sources", key, known)


def _quota(record: Entry) -> Quota:
    entry = Quota(
        name=record.matching("name", r"[a-z0-9]+(\.[a-z0-9_]+)+", "words joined by dots, the service first"),
        value=record.number("value"),
        unit=record.one_of("unit", UNITS),
        statement=record.text("statement"),
        sources=record.texts("sources"),
        read=record.day("read"),
    )
    record.finish()
    return entry


def price(name: str) -> Price:
    """One dated list price, such as `sqs.standard.requests`. Raises LedgerError with the nearest names without it."""
    table = load_prices()
    if name not in table:
        raise unknown("price", name, table)
    return table[name]


def prices() -> tuple[Price, ...]:
    """All prices, in the order of their file."""
    return tuple(load_prices().values())


@cache
def load_prices(folder: Path | None = None) -> dict[str, Price]:
    """Prices by name, every field checked."""
    known = load_sources(folder)
    return {record.name: _price(record, known) for record in one_name_each(records("prices.yaml", "name", folder))}


def _price(record: Entry, known: dict[str, Source]) -> Price:
    price = Price(
        name=record.text("name"),
        value=Decimal(record.matching("value", r"\d+(\.\d+)?", "a decimal number in quotes, such as '0.40'")),
        currency=record.matching("currency", r"[A-Z]{3}", "three capital letters, such as USD"),
        unit=record.text("unit"),
        per=record.number("per"),
        free=record.number("free"),
        region=record.matching("region", r"[a-z]+(-[a-z]+)+-\d", "a Region such as us-east-1"),
        date=record.day("date"),
        source=source_of(record, "source", record.text("source"), known),
    )
    record.finish()
    # AWS's own pages draw their prices by a script and name no day; who read and dated one is told as what it is.
    if price.source.how not in ("page", "article"):
        record.refuse("source", f"must be a page or an article, but {price.source.key!r} is a {price.source.how}")
    if price.date > price.source.read:
        record.refuse("date", "is later than the day on which its source was read")
    if price.per == 0:
        record.refuse("per", "must be how many things a unit has, not 0")
    return price
