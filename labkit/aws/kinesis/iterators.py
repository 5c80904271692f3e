"""Shard iterators: a place in a shard and when it was given out, sealed. [public case k05]"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from binascii import Error
from datetime import UTC, datetime
from hmac import compare_digest
from typing import NamedTuple

from labkit.ledger import quota
from labkit.rules import SECOND, Refused
from labkit.rules.chance import digest

from .errors import invalid

LIFETIME = quota("kinesis.iterator.lifetime") * SECOND
SEAL = 16
BAD = invalid("Invalid ShardIterator.")


class Place(NamedTuple):
    """After which number in which shard the next read begins; `issued` in microseconds since 1970."""

    arn: str
    shard: str
    after: int
    issued: int


def written(seed: int, place: Place) -> str:
    """A place as a shard iterator."""
    text = json.dumps(place, separators=(",", ":")).encode()
    return b64encode(digest(seed, "iterator", text.hex(), size=SEAL) + text).decode()


def read(seed: int, iterator: str, now: int) -> Place:
    """The place that a shard iterator means. Raises `Refused` for one that is none, or was given out too long ago."""
    try:
        sealed = b64decode(iterator, validate=True)
    except (Error, ValueError):
        raise BAD from None
    seal, text = sealed[:SEAL], sealed[SEAL:]
    if not compare_digest(seal, digest(seed, "iterator", text.hex(), size=SEAL)):
        raise BAD
    place = Place(*json.loads(text))
    if now - place.issued > LIFETIME:
        raise Refused("ExpiredIteratorException", _expired(place.issued, now))
    return place


def _expired(issued: int, now: int) -> str:
    """AWS's sentence, as it is reported."""
    then, is_now = (
        datetime.fromtimestamp(at // SECOND, UTC).strftime("%a %b %d %H:%M:%S UTC %Y") for at in (issued, now)
    )
    text = f"Iterator expired. The iterator was created at time {then} while right now it is {is_now}"
    delay = LIFETIME // 1_000
    return f"{text} which is further in the future than the tolerated delay of {delay} milliseconds."
