"""What S3 promises of a bucket's event notifications: which settings it takes, and what an event says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from urllib.parse import quote_plus

from labkit.rules.chance import digest
from labkit.rules.refused import Refused
from labkit.rules.topics.envelope import timestamp

INVALID = "InvalidArgument"
SHARED = "Configurations overlap. Configurations on the same bucket cannot share a common event type."
AMBIGUOUS = (
    "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are "
    "overlapping for the same event type."
)
UNREACHABLE = "Unable to validate the following destination configurations"
ANY = ":*"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One setting: which events of which keys go to one destination, which is the ARN of a queue, topic or function."""

    id: str
    destination: str
    events: tuple[str, ...]
    prefix: str = ""
    suffix: str = ""

    def shares_events(self, other: Wanted) -> bool:
        """Whether an event could be meant by both."""
        return any(_meets(one, another) for one in self.events for another in other.events)

    def shares_keys(self, other: Wanted) -> bool:
        """Whether a key could fit both: one prefix begins with the other, and one suffix ends with the other."""
        prefixes = self.prefix.startswith(other.prefix) or other.prefix.startswith(self.prefix)
        suffixes = self.suffix.endswith(other.suffix) or other.suffix.endswith(self.suffix)
        return prefixes and suffixes


def _meets(one: str, other: str) -> bool:
    kinds = [event.removesuffix(ANY) + ":" for event in (one, other)]
    general = one.endswith(ANY) or other.endswith(ANY)
    return kinds[0] == kinds[1] or (general and (kinds[0].startswith(kinds[1]) or kinds[1].startswith(kinds[0])))


def check(wanted: Iterable[Wanted]) -> None:
    """Raise `Refused` for two settings that an event could meet both of. [s3fan-1]"""
    for one, other in combinations(wanted, 2):
        if one.shares_events(other) and one.shares_keys(other):
            filtered = any((one.prefix, one.suffix, other.prefix, other.suffix))
            raise Refused(INVALID, AMBIGUOUS if filtered else SHARED)


def event(
    name: str, region: str, bucket: str, owner: str, wanted: str, thing: Mapping[str, Any], now: int, nth: int
) -> dict[str, Any]:
    """The event that S3 sends about one object at `now`. `nth` counts the bucket's events, so that sequencers grow.

    `thing` has the object's key, and its size and eTag unless it was deleted. The key is written as in a form: a blank
    as "+", other characters but "/" by their codes. [public case s03]
    """
    request = digest(bucket, "request", nth, size=8).hex().upper()
    found = {"key": quote_plus(thing["key"], safe="/-_.*"), **{n: one for n, one in thing.items() if n != "key"}}
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": region,
        "eventTime": timestamp(now),
        "eventName": name.removeprefix("s3:"),
        "userIdentity": {"principalId": f"AWS:{owner}"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {"x-amz-request-id": request, "x-amz-id-2": digest(bucket, "host", nth, size=32).hex()},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": wanted,
            "bucket": {"name": bucket, "ownerIdentity": {"principalId": owner}, "arn": f"arn:aws:s3:::{bucket}"},
            "object": found | {"sequencer": sequencer(now, nth)},
        },
    }
    return {"Records": [record]}


def sequencer(now: int, nth: int) -> str:
    """A hexadecimal text that is greater for the later of two events of one key."""
    return f"{now:013X}{nth % 16**5:05X}"


def test_event(bucket: str, now: int, nth: int) -> dict[str, str]:
    """What S3 sends to a queue or topic once, when it becomes a destination. [s3fan-2]"""
    return {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": timestamp(now),
        "Bucket": bucket,
        "RequestId": digest(bucket, "test", nth, size=8).hex().upper(),
        "HostId": digest(bucket, "test host", nth, size=32).hex(),
    }
