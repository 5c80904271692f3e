"""What learners get wrong, and the experiment that shows it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from labkit.ledger._claims import LESSONS, load_claims
from labkit.ledger._reading import Record, one_name_each, records
from labkit.ledger._records import Claim, Misconception, Source
from labkit.ledger._sources import load_sources, sources_of


def misconceptions() -> tuple[Misconception, ...]:
    """All misconceptions, in the order of the services they concern."""
    return tuple(load_misconceptions().values())


@cache
def load_misconceptions(folder: Path | None = None) -> dict[str, Misconception]:
    """Misconceptions by id, every field checked, the claims and sources they name included."""
    known, table = load_sources(folder), load_claims(folder)
    entries = one_name_each(records("misconceptions.yaml", "id", folder))
    return {record.name: _misconception(record, known, table) for record in entries}


def _misconception(record: Record, known: dict[str, Source], table: dict[str, Claim]) -> Misconception:
    entry = Misconception(
        id=record.matching("id", r"[a-z0-9]+(-[a-z0-9]+)+", "lower-case words joined by hyphens"),
        belief=record.text("belief"),
        truth=record.text("truth"),
        experiment=record.text("experiment"),
        lesson=record.one_of("lesson", LESSONS) if "lesson" in record.fields else None,
        claims=record.texts("claims") if "claims" in record.fields else (),
        sources=sources_of(record, known),
    )
    record.finish()
    for name in entry.claims:
        if name not in table:
            record.refuse("claims", f"names {name!r}, which is no claim")
    return entry
