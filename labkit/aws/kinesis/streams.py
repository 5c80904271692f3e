"""Streams as they are made, described, changed and deleted; moto keeps their settings."""

from __future__ import annotations

from typing import Any

from moto.kinesis.models import KinesisBackend, Stream

from labkit.aws.asked import Asked, Given
from labkit.aws.current import current_lab
from labkit.aws.records import Records
from labkit.ledger import quota
from labkit.rules import SECOND, Refused
from labkit.rules.streams.stream import DELETING

from . import shards
from .account import MOST_SHARDS, MOST_STREAMS, check_account
from .errors import LIMIT, VALIDATION, in_use, invalid, refusing
from .stores import FIRST_SHARDS, ON_DEMAND, PROVISIONED, Settings, backend_of, make_rules, present, rules_of, stream_of

SHORTEST, LONGEST = (quota(f"kinesis.retention.{which}") // 3_600 for which in ("default", "maximum"))
MODE_CHANGES = quota("kinesis.mode.changes")
DAY = 86_400 * SECOND
DELETING_FOR = 10 * SECOND
PAGE = 100
KIB = 1024


def create_stream(lab: Records, asked: Asked) -> Given:
    """CreateStream: it is CREATING for a while, and takes no record before it is ACTIVE."""
    given = asked.given
    backend = backend_of(asked.account, asked.region)
    made = make(
        backend, given["StreamName"], given.get("ShardCount"), given.get("StreamModeDetails"), None, lab,
        given.get("MaxRecordSizeInKiB"),
    )  # fmt: skip
    made.tags.update(given.get("Tags") or {})
    return {}


def make(
    backend: KinesisBackend, name: str, count: int | None, mode: dict[str, str] | None, hours: int | None,
    lab: Records, largest: int | None = None,
) -> Stream:  # fmt: skip
    """Make a stream for a caller of the API or for another service. Raises `Refused`, before anything is made."""
    is_on_demand = (mode or {}).get("StreamMode") == ON_DEMAND
    if name in {stream.stream_name for stream in present(backend, lab)}:
        raise in_use(f"Stream {name} under account {backend.account_id} already exists.")
    if is_on_demand and count is not None:
        raise Refused(VALIDATION, "ShardCount must not be given with the mode ON_DEMAND.")  # our wording
    if not is_on_demand and not count:
        raise Refused(VALIDATION, "ShardCount must be specified with the mode PROVISIONED.")  # our wording
    number = FIRST_SHARDS if is_on_demand else int(count or 0)
    check_account(backend, lab, number, is_on_demand)
    stream = Stream(name, number, mode, hours, backend.account_id, backend.region_name)
    if largest is not None:
        stream.largest_record = largest * KIB
    make_rules(stream, number, lab)
    backend.streams[name] = stream
    return stream


@refusing
def make_for_service(
    backend: KinesisBackend, stream_name: str, shard_count: int, stream_mode: dict[str, str] | None = None,
    retention_period_hours: int | None = None,
) -> Stream:  # fmt: skip
    """Make a stream as CloudFormation does inside moto."""
    return make(backend, stream_name, shard_count, stream_mode, retention_period_hours, current_lab())


def describe_stream(lab: Records, asked: Asked) -> Given:
    """DescribeStream, a page of shards at a time."""
    stream = stream_of(lab, asked)
    kept = rules_of(stream, lab)
    after, limit = asked.given.get("ExclusiveStartShardId") or "", asked.given.get("Limit") or PAGE
    found = kept.listed(lambda shard: shard.id > after)
    about = _summary(stream, lab)
    del about["OpenShardCount"], about["ConsumerCount"], about["MaxRecordSizeInKiB"]
    shown = [shards.told(shard) for shard in found[:limit]]
    return {"StreamDescription": about | {"Shards": shown, "HasMoreShards": len(found) > limit}}


def describe_stream_summary(lab: Records, asked: Asked) -> Given:
    """DescribeStreamSummary."""
    return {"StreamDescriptionSummary": _summary(stream_of(lab, asked), lab)}


def _summary(stream: Stream, lab: Records) -> Given:
    kept = rules_of(stream, lab)
    about: Given = {
        "StreamName": stream.stream_name,
        "StreamARN": stream.arn,
        "StreamStatus": DELETING if "gone_at" in vars(stream) else kept.status,
        "StreamModeDetails": stream.stream_mode,
        "RetentionPeriodHours": Settings(stream).hours,
        "StreamCreationTimestamp": kept.created // 1_000 / 1_000,
        "EnhancedMonitoring": [{"ShardLevelMetrics": stream.shard_level_metrics}],
        "EncryptionType": stream.encryption_type,
        "OpenShardCount": len(kept.open),
        "ConsumerCount": len(stream.consumers),
        "MaxRecordSizeInKiB": Settings(stream).largest // KIB,
    }
    return about | ({"KeyId": stream.key_id} if stream.key_id else {})


def list_streams(lab: Records, asked: Asked) -> Given:
    """ListStreams, a hundred a page, by their names."""
    given = asked.given
    after, limit = given.get("NextToken") or given.get("ExclusiveStartStreamName") or "", given.get("Limit") or PAGE
    found = [one for one in present(backend_of(asked.account, asked.region), lab) if one.stream_name > after]
    page = found[:limit]
    names = ("StreamName", "StreamARN", "StreamStatus", "StreamModeDetails", "StreamCreationTimestamp")
    told = [{name: _summary(one, lab)[name] for name in names} for one in page]
    answer = {"StreamNames": [one.stream_name for one in page], "HasMoreStreams": len(found) > limit}
    more = {"NextToken": page[-1].stream_name} if len(found) > limit else {}
    return answer | {"StreamSummaries": told} | more


def delete_stream(lab: Records, asked: Asked) -> Given:
    """DeleteStream with its records; with consumers only by force. [public case k09]"""
    stream = stream_of(lab, asked)
    if stream.consumers and not asked.given.get("EnforceConsumerDeletion"):
        text = "has consumers registered. Delete them first, or set EnforceConsumerDeletion."
        raise in_use(f"Stream {stream.stream_name} under account {stream.account_id} {text}")
    vars(stream).setdefault("gone_at", lab.scheduler.now + DELETING_FOR)
    return {}


# Settings


def change_retention(lab: Records, asked: Asked) -> Given:
    """IncreaseStreamRetentionPeriod and its counterpart: what is gone stays gone. [kds-1] [public case k16]"""
    hours, stream = asked.given["RetentionPeriodHours"], stream_of(lab, asked)
    rules_of(stream, lab).check_active()
    existing, is_more = Settings(stream).hours, asked.operation.startswith("Increase")
    requested = f"Requested retention period ({hours} hours)"
    if hours < SHORTEST:
        raise invalid(f"Minimum allowed retention period is {SHORTEST} hours. {requested} is too short.")
    if hours > LONGEST:
        raise invalid(f"Maximum allowed retention period is {LONGEST} hours. {requested} is too long.")
    if (hours < existing) if is_more else (hours > existing):
        than, other = ("shorter", "Decrease") if is_more else ("longer", "Increase")
        text = f"for stream {stream.stream_name} can not be {than} than existing retention period ({existing} hours)."
        raise invalid(f"{requested} {text} Use {other}RetentionPeriod API.")
    stream.retention_period_hours = hours
    return {}


def update_stream_mode(lab: Records, asked: Asked) -> Given:
    """UpdateStreamMode, twice a day; the shards stay as they are."""
    stream, now = stream_of(lab, asked), lab.scheduler.now
    rules_of(stream, lab).check_active()
    changes: list[int] = vars(stream).setdefault("mode_changes", [])
    changes[:] = [at for at in changes if at > now - DAY]
    wanted = asked.given["StreamModeDetails"]["StreamMode"]
    if wanted == stream.stream_mode.get("StreamMode", PROVISIONED):
        return {}
    if len(changes) >= MODE_CHANGES:
        raise Refused(LIMIT, f"The mode of a stream can be changed {MODE_CHANGES} times in 24 hours.")
    changes.append(now)
    stream.stream_mode = {"StreamMode": wanted}
    return {}


def update_max_record_size(lab: Records, asked: Asked) -> Given:
    """UpdateMaxRecordSize. [missing-kinesis-large-records]"""
    stream = stream_of(lab, asked)
    rules_of(stream, lab).check_active()
    stream.largest_record = asked.given["MaxRecordSizeInKiB"] * KIB
    return {}


def describe_limits(lab: Records, asked: Asked) -> Given:
    """DescribeLimits."""
    there = present(backend_of(asked.account, asked.region), lab)
    on_demand = sum(Settings(one).is_on_demand for one in there)
    return {
        "ShardLimit": MOST_SHARDS,
        "OpenShardCount": sum(len(rules_of(one, lab).open) for one in there if not Settings(one).is_on_demand),
        "OnDemandStreamCount": on_demand,
        "OnDemandStreamCountLimit": MOST_STREAMS,
    }


def unused(*_: Any, **__: Any) -> Any:
    """What of moto's own shards is reached by no way that is known."""
    raise RuntimeError("moto's own shards were reached, but the rules keep the records")
