"""The records of the ledger: what a source, a quota, a claim, a misconception and a price are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


class LedgerError(ValueError):
    """A record of the ledger is wrong, or something was asked for that it does not hold: one sentence says which and why."""


@dataclass(frozen=True, slots=True)
class Source:
    """A page, a service model or a recording that was read. `how` is `page`, `model`, `recording` or `article`."""

    key: str
    title: str
    url: str
    read: date
    how: str


@dataclass(frozen=True, slots=True)
class Quota:
    """One number that AWS documents: a default, a minimum or a maximum, in `unit`."""

    name: str
    value: int
    unit: str
    statement: str
    sources: tuple[str, ...]
    read: date

    @property
    def service(self) -> str:
        """The service the quota belongs to, such as `sqs`."""
        return self.name.partition(".")[0]
