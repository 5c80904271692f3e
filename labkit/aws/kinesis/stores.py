"""moto's streams, where the settings live, and the rules that hold the shards and records of each."""

from __future__ import annotations

from typing import Any

from moto.kinesis.models import KinesisBackend, Stream, kinesis_backends

from labkit.aws.asked import Asked
from labkit.aws.current import current_lab
from labkit.aws.records import Records
from labkit.ledger import quota
from labkit.rules import streams
from labkit.rules.policy import Policy, decide_call, refusal
from labkit.rules.refused import Refused
from labkit.words import error
from labkit.words import streams as words

from .errors import DENIED, invalid, missing

ON_DEMAND, PROVISIONED = "ON_DEMAND", "PROVISIONED"
FIRST_SHARDS = quota("kinesis.on_demand.first_shards")
DEFAULT_SIZE = quota("kinesis.record.default_size")
# What AWS lets one do to a stream of another account, when its policy does.
ACROSS = frozenset(
    "DescribeStreamConsumer DescribeStreamSummary GetRecords GetShardIterator ListShards PutRecord PutRecords "
    "RegisterStreamConsumer SubscribeToShard".split()
)


def backend_of(account: str, region: str) -> KinesisBackend:
    """moto's backend of an account and Region."""
    found: KinesisBackend = kinesis_backends[account][region]
    return found


class Settings:
    """The settings of one stream, read anew at each use."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    @property
    def is_on_demand(self) -> bool:
        return self._stream.stream_mode.get("StreamMode") == ON_DEMAND

    @property
    def hours(self) -> int:
        return int(self._stream.retention_period_hours)

    @property
    def largest(self) -> int:
        """How many bytes a record may have."""
        return int(vars(self._stream).get("largest_record", DEFAULT_SIZE))


def named(lab: Records, account: str, region: str, name: str) -> Stream:
    """The stream that a picture is asked for. Raises `LabError` for a name that no stream has."""
    here = present(backend_of(account, region), lab)
    found = next((one for one in here if one.stream_name == name), None)
    if found is None:
        raise error(words.UNKNOWN_STREAM, given=name, names=", ".join(one.stream_name for one in here) or words.NONE)
    return found


def make_rules(stream: Stream, shards: int, lab: Records) -> streams.Stream:
    """Give a new stream of moto's its shards."""
    made = stream.kept = streams.Stream(stream.stream_name, stream.account_id, shards, lab.scheduler.now)
    return made


def rules_of(stream: Stream, lab: Records) -> streams.Stream:
    """The shards and records of a stream, as they are now."""
    found: streams.Stream = vars(stream)["kept"]
    found.settle(lab.scheduler.now, Settings(stream).hours)
    return found


def stream_of(lab: Records, asked: Asked, given: dict[str, Any] | None = None) -> Stream:
    """The stream that a call names, by name, ARN or both. Raises `Refused` where there is none. [public case k15]"""
    given = asked.given if given is None else given
    name, arn = given.get("StreamName"), given.get("StreamARN")
    account, region = asked.account, asked.region
    if arn is not None:
        region, account, resource = arn.split(":", 5)[3:]
        named = resource.removeprefix("stream/")
        if name is not None and name != named:
            raise invalid(f"StreamName {name} and StreamARN {arn} do not name the same stream.")  # our wording
        name = named
    if name is None:
        raise invalid("Either StreamName or StreamARN must be given.")  # documented; the wording is ours
    found = _there(backend_of(account, region), name, lab)
    if found is None:
        raise missing(f"Stream {name} under account {account} not found.")
    _let_in(asked, found)
    return found


def _there(backend: KinesisBackend, name: str, lab: Records) -> Stream | None:
    """A stream that there is; one whose deletion has ended is forgotten now."""
    found: Stream | None = backend.streams.get(name)
    if found is not None and vars(found).get("gone_at", lab.scheduler.now + 1) <= lab.scheduler.now:
        del backend.streams[name]
        return None
    return found


def present(backend: KinesisBackend, lab: Records) -> list[Stream]:
    """The streams of an account, in the order of their names."""
    found = (_there(backend, name, lab) for name in sorted(backend.streams))
    return [stream for stream in found if stream is not None]


def _let_in(asked: Asked, stream: Stream) -> None:
    """Raise `Refused` where the stream's policy does not let another account in, or denies its own. [kinsec-1]"""
    text = stream_policy(stream)
    owns = stream.account_id == asked.account
    if owns and text is None:
        return
    policy = Policy.of(text) if text is not None and (owns or asked.operation in ACROSS) else Policy(())
    action, now = f"kinesis:{asked.operation}", current_lab().scheduler.now
    request, decided = decide_call(policy, asked.account, action, stream.arn, asked.region, now)
    if not decided.allowed:
        raise Refused(DENIED, refusal(request, decided))


def stream_policy(stream: Stream) -> str | None:
    """The resource policy of a stream; None where it has none."""
    found: str | None = backend_of(stream.account_id, stream.region).resource_policies.get(stream.arn)
    return found
