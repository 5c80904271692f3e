"""Reads a YAML file of the ledger and checks each field; what is wrong is told with file, record and field."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from labkit.ledger._records import LedgerError

DATA = Path(__file__).parent / "data"


class Record:
    """One mapping of a YAML file, being checked: each method takes a field out, `finish` refuses what is left over."""

    def __init__(self, file: str, name: str, fields: dict[str, Any]) -> None:
        self.file, self.name, self.fields = file, name, dict(fields)

    def refuse(self, field: str, why: str) -> NoReturn:
        raise LedgerError(f"{self.file}, {self.name}, field '{field}': {why}.")

    def take(self, field: str, kind: type, words: str) -> Any:
        if field not in self.fields:
            self.refuse(field, "is missing")
        value = self.fields.pop(field)
        if type(value) is not kind:
            self.refuse(field, f"must be {words}, not {value!r}")
        return value

    def text(self, field: str) -> str:
        text: str = self.take(field, str, "text")
        if not text or text != text.strip():
            self.refuse(field, "must be text without spaces around it")
        return text

    def optional(self, field: str) -> str | None:
        return self.text(field) if field in self.fields else None

    def number(self, field: str) -> int:
        number: int = self.take(field, int, "a whole number")
        if number < 0:
            self.refuse(field, f"must not be negative, but is {number}")
        return number

    def day(self, field: str) -> date:
        day: date = self.take(field, date, "a date written like 2026-11-23")
        return day

    def one_of(self, field: str, choices: Collection[str]) -> str:
        value = self.text(field)
        if value not in choices:
            self.refuse(field, f"must be one of {', '.join(choices)}, not {value!r}")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        texts: list[Any] = self.take(field, list, "a list")
        if not texts or not all(isinstance(text, str) and text for text in texts):
            self.refuse(field, "must be a list with at least one text")
        if len(set(texts)) < len(texts):
            self.refuse(field, "names one thing twice")
        return tuple(texts)

    def matching(self, field: str, pattern: str, words: str) -> str:
        value = self.text(field)
        if not re.fullmatch(pattern, value):
            self.refuse(field, f"must be {words}, not {value!r}")
        return value

    def finish(self) -> None:
        for field in self.fields:
            self.refuse(field, "is not a field of this kind of record")


def records(file: str, key: str, folder: Path | None = None) -> Iterator[Record]:
    """The records of one data file, each named by its field `key`."""
    for position, fields in enumerate(_load(file, folder or DATA), start=1):
        fields = fields if isinstance(fields, dict) else {}
        yield Record(file, Record(file, f"record {position}", fields).text(key), fields)


def one_name_each(entries: Iterable[Record]) -> Iterator[Record]:
    """The same records; a name that two of them carry is refused."""
    seen: dict[str, str] = {}
    for record in entries:
        if record.name in seen:
            record.refuse("id", f"is used twice, the first time in {seen[record.name]}")
        seen[record.name] = record.file
        yield record


def _load(file: str, folder: Path) -> list[Any]:
    import yaml  # costs 10 ms, and most cells never ask the ledger

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load((folder / file).read_text(encoding="utf-8"), Loader=loader)
    except yaml.YAMLError as problem:
        raise LedgerError(f"{file} is not readable YAML: {' '.join(str(problem).split())}.") from None
    if not isinstance(content, list):
        raise LedgerError(f"{file} must hold a list of records.")
    return content


def unknown(kind: str, name: str, known: Collection[str]) -> LedgerError:
    """The error for a name that the ledger does not hold, with the names it may have been meant for."""
    from difflib import get_close_matches  # needed by this one mistake only

    close = get_close_matches(name, known, n=3, cutoff=0.5)
    return LedgerError(f"There is no {kind} {name!r}" + (f"; did you mean {', '.join(close)}?" if close else "."))
