"""Reads a YAML file of the ledger and checks each field; what is wrong is told with file, record and field."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from labkit.ledger._records import LedgerError, Source

DATA = Path(__file__).parent / "data"
AWS_HOSTS = ("docs.aws.amazon.com", "docs.amazonaws.cn", "aws.amazon.com", "repost.aws", "www.repost.aws")
HOWS = ("page", "model", "recording", "thread", "article")


class Entry:
    """One mapping of a YAML file, being checked: each method takes a field out, `finish` refuses what is left over."""

    def __init__(self, file: str, name: str, fields: dict[str, Any]) -> None:
        self.file, self.name, self.fields = file, name, dict(fields)

    def refuse(self, field: str, why: str) -> NoReturn:
        raise LedgerError(f"{self.file}, {self.name}, field '{field}': {why}.")

    def take(self, field: str, kind: type, words: str) -> Any:
        if field not in self.fields:
            self.refuse(field, "is missing")
        value = self.fields.pop(field)
        # Not isinstance: True is an int as well, and a point in time is a date.
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


def records(file: str, key: str, folder: Path | None = None) -> Iterator[Entry]:
    """The records of one data file, each named by its field `key`."""
    for position, fields in enumerate(load(file, folder or DATA), start=1):
        # What is no mapping at all is told as a record without its name.
        fields = fields if isinstance(fields, dict) else {}
        yield Entry(file, Entry(file, f"record {position}", fields).text(key), fields)


def one_name_each(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The same records; a name that two of them carry is refused."""
    seen: dict[str, str] = {}
    for record in entries:
        if record.name in seen:
            record.refuse("id", f"is used twice, the first time in {seen[record.name]}")
        seen[record.name] = record.file
        yield record


def load(file: str, folder: Path) -> list[Any]:
    """The list that one data file holds."""
    import yaml  # costs 10 ms, and most cells never ask the ledger

    # libyaml's, several times as fast, where PyYAML was built with it.
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


def sources() -> tuple[Source, ...]:
    """All sources, sorted by key."""
    return tuple(load_sources().values())


@cache
def load_sources(folder: Path | None = None) -> dict[str, Source]:
    """Sources by key, every field checked."""
    return {record.name: _source(record) for record in one_name_each(records("sources.yaml", "key", folder))}


def sources_of(record: Entry, known: dict[str, Source]) -> tuple[Source, ...]:
    """The sources that a record names; an unknown key is refused."""
    return tuple(source_of(record, "sources", key, known) for key in record.texts("sources"))


def source_of(record: Entry, field: str, key: str, known: dict[str, Source]) -> Source:
    """The source with this key, or a refusal that names the record."""
    if key not in known:
        record.refuse(field, f"names {key!r}, which sources.yaml does not hold")
    return known[key]


def _source(record: Entry) -> Source:
    source = Source(
        key=record.matching("key", r"[a-z0-9]+(-[a-z0-9]+)*", "lower-case words joined by hyphens"),
        title=record.text("title"),
        url=record.text("url"),
        read=record.day("read"),
        how=record.one_of("how", HOWS),
    )
    address = urlsplit(source.url)
    if address.scheme != "https" or not address.hostname:
        record.refuse("url", f"must be an https address, not {source.url!r}")
    if source.how in ("page", "model") and address.hostname not in AWS_HOSTS:
        record.refuse("url", f"must be a page of AWS because 'how' is {source.how!r}, not {source.url!r}")
    record.finish()
    return source
