"""Where the ledger's statements were read: documentation pages, the service model in botocore, answers of AWS."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from labkit.ledger._reading import Record, one_name_each, records
from labkit.ledger._records import Source

AWS_HOSTS = ("docs.aws.amazon.com", "docs.amazonaws.cn", "aws.amazon.com", "repost.aws", "www.repost.aws")
HOWS = ("page", "model", "recording", "thread", "article")


def sources() -> tuple[Source, ...]:
    """All sources, sorted by key."""
    return tuple(load_sources().values())


@cache
def load_sources(folder: Path | None = None) -> dict[str, Source]:
    """Sources by key, every field checked."""
    return {record.name: _source(record) for record in one_name_each(records("sources.yaml", "key", folder))}


def sources_of(record: Record, known: dict[str, Source]) -> tuple[Source, ...]:
    """The sources that a record names; an unknown key is refused."""
    return tuple(source_of(record, "sources", key, known) for key in record.texts("sources"))


def source_of(record: Record, field: str, key: str, known: dict[str, Source]) -> Source:
    """The source with this key, or a refusal that names the record."""
    if key not in known:
        record.refuse(field, f"names {key!r}, which sources.yaml does not hold")
    return known[key]


def _source(record: Record) -> Source:
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
