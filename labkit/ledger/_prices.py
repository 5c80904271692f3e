"""What AWS charges. A price without a day, a Region and a source does not exist."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

from labkit.ledger._reading import Record, one_name_each, records
from labkit.ledger._records import Price, Source
from labkit.ledger._sources import load_sources, source_of


def prices() -> tuple[Price, ...]:
    """All prices; none as long as no page of AWS with a date could be read."""
    return tuple(load_prices().values())


@cache
def load_prices(folder: Path | None = None) -> dict[str, Price]:
    """Prices by name, every field checked."""
    known = load_sources(folder)
    return {record.name: _price(record, known) for record in one_name_each(records("prices.yaml", "name", folder))}


def _price(record: Record, known: dict[str, Source]) -> Price:
    price = Price(
        name=record.text("name"),
        value=Decimal(record.matching("value", r"\d+(\.\d+)?", "a decimal number in quotes, such as '0.40'")),
        currency=record.matching("currency", r"[A-Z]{3}", "three capital letters, such as USD"),
        unit=record.text("unit"),
        region=record.matching("region", r"[a-z]+(-[a-z]+)+-\d", "a Region such as us-east-1"),
        date=record.day("date"),
        source=source_of(record, "source", record.text("source"), known),
    )
    record.finish()
    if price.source.how != "page":
        record.refuse("source", f"must be a page of AWS, but {price.source.key!r} is a {price.source.how}")
    return price
