"""Where the ledger's statements were read: documentation pages, the service model in botocore, recordings of real AWS."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from labkit.ledger.reading import Record, records
from labkit.ledger.records import Source

AWS_HOSTS = ("docs.aws.amazon.com", "aws.amazon.com", "repost.aws", "www.repost.aws")
HOWS = ("page", "model", "recording", "article")


@cache
def sources(folder: Path | None = None) -> Mapping[str, Source]:
    """Every source by its key."""
    return MappingProxyType({record.name: _source(record) for record in records("sources.yaml", "key", folder)})


def _source(record: Record) -> Source:
    key = record.matching("key", r"[a-z0-9]+(-[a-z0-9]+)*", "lower-case words joined by hyphens")
    title, url, read = record.text("title"), record.text("url"), record.day("read")
    how = record.one_of("how", HOWS)
    address = urlsplit(url)
    if address.scheme != "https" or not address.hostname:
        record.refuse("url", f"must be an https address, not {url!r}")
    if how in ("page", "model") and address.hostname not in AWS_HOSTS:
        record.refuse("url", f"must be a page of AWS because `how` is {how}, not {url!r}")
    record.finish()
    return Source(key, title, url, read, how)


def check_sources(record: Record, keys: tuple[str, ...], known: Mapping[str, Source]) -> None:
    """Refuses a record that names a source which sources.yaml does not hold."""
    for key in keys:
        if key not in known:
            record.refuse("sources", f"names {key!r}, which sources.yaml does not hold")
