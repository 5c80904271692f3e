"""The numbers AWS documents, by name. The rules take theirs from here, so that none is typed twice."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from labkit.ledger._reading import Record, one_name_each, records, unknown
from labkit.ledger._records import Quota
from labkit.ledger._sources import load_sources, source_of

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
)


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
            source_of(Record("quotas.yaml", entry.name, {}), "sources", key, known)


def _quota(record: Record) -> Quota:
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
