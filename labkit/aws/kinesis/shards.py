"""Shards as they are listed, split, merged and scaled."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Callable
from typing import Any

from moto.kinesis.models import Stream

from labkit.aws.asked import Asked, Given
from labkit.aws.current import current_lab
from labkit.aws.records import Records
from labkit.rules import SECOND, Refused
from labkit.rules import streams as rules
from labkit.rules.streams.shard import Shard

from .account import check_account
from .errors import VALIDATION, invalid, refusing
from .stores import Settings, backend_of, rules_of, stream_of

PAGE = 1_000
TOKEN_LIFETIME = 300 * SECOND
# What a page's token already says.
WITH_TOKEN = ("StreamName", "StreamCreationTimestamp", "ExclusiveStartShardId", "ShardFilter")


def told(shard: Shard) -> Given:
    """A shard as AWS describes it."""
    numbers = {"StartingSequenceNumber": str(shard.first_number)}
    if (last := shard.last_number) is not None:
        numbers["EndingSequenceNumber"] = str(last)
    parents = dict(zip(("ParentShardId", "AdjacentParentShardId"), shard.parents, strict=False))
    hash_keys = {"StartingHashKey": str(shard.range.start), "EndingHashKey": str(shard.range.end)}
    return {"ShardId": shard.id, **parents, "HashKeyRange": hash_keys, "SequenceNumberRange": numbers}


def list_shards(lab: Records, asked: Asked) -> Given:
    """ListShards, a thousand a page, those that a filter wants. [public case k06]"""
    given, now = asked.given, lab.scheduler.now
    token = given.get("NextToken")
    if token is not None:
        given = given | _read_token(token, given, now)
    stream = stream_of(lab, asked, given)
    kept = rules_of(stream, lab)
    after, limit = given.get("ExclusiveStartShardId") or "", given.get("MaxResults") or PAGE
    wanted = _filter(given.get("ShardFilter"), kept)
    found = [shard for shard in kept.listed(wanted) if shard.id > after]
    answer: Given = {"Shards": [told(shard) for shard in found[:limit]]}
    if len(found) > limit:
        answer["NextToken"] = _token(stream, found[limit - 1].id, given.get("ShardFilter"), now)
    return answer


def _filter(given: Given | None, kept: rules.Stream) -> Callable[[Shard], bool]:
    """Whether a filter wants a shard, by when it was open."""
    kind = (given or {}).get("Type")
    if given is None or kind is None:
        return lambda shard: True
    if kind == "AT_LATEST":
        return lambda shard: shard.is_open
    if kind == "AFTER_SHARD_ID":
        after = given.get("ShardId")
        if after is None:
            raise invalid("ShardId must be given with the filter type AFTER_SHARD_ID.")  # our wording
        return lambda shard: shard.id > after
    at = kept.horizon
    if kind.endswith("TIMESTAMP"):
        stamp = given.get("Timestamp")
        if stamp is None:
            raise invalid(f"Timestamp must be given with the filter type {kind}.")  # our wording
        at = round(stamp * SECOND) if isinstance(stamp, int | float) else round(stamp.timestamp() * SECOND)
    if kind.startswith("AT"):
        return lambda shard: shard.opened <= at and (shard.closed is None or shard.closed > at)
    return lambda shard: shard.closed is None or shard.closed >= at


def _token(stream: Stream, after: str, wanted: Any, now: int) -> str:
    if wanted is not None and wanted.get("Timestamp") is not None and not isinstance(wanted["Timestamp"], int | float):
        wanted = wanted | {"Timestamp": wanted["Timestamp"].timestamp()}
    return b64encode(json.dumps([stream.stream_name, stream.arn, after, wanted, now]).encode()).decode()


def _read_token(token: str, given: Given, now: int) -> Given:
    for name in WITH_TOKEN:
        if given.get(name) is not None:
            raise invalid(f"NextToken and {name} cannot be provided together.")
    try:
        name, arn, after, wanted, issued = json.loads(b64decode(token, validate=True))
    except (Error, ValueError):
        raise invalid("Invalid NextToken.") from None  # our wording
    if now - issued > TOKEN_LIFETIME:
        raise Refused("ExpiredNextTokenException", "The NextToken has expired.")  # our wording
    more = {} if wanted is None else {"ShardFilter": wanted}
    return {"StreamName": name, "StreamARN": arn, "ExclusiveStartShardId": after} | more


# Resharding


def _provisioned(lab: Records, asked: Asked) -> tuple[Stream, rules.Stream]:
    stream = stream_of(lab, asked)
    if Settings(stream).is_on_demand:
        where = f"Stream {stream.stream_name} under account {stream.account_id}"
        raise Refused(VALIDATION, f"Request is invalid. {where} is in On-Demand mode.")
    return stream, rules_of(stream, lab)


def split_shard(lab: Records, asked: Asked) -> Given:
    """SplitShard."""
    stream, kept = _provisioned(lab, asked)
    check_account(backend_of(stream.account_id, stream.region), lab, 1)
    kept.split(asked.given["ShardToSplit"], int(asked.given["NewStartingHashKey"]), lab.scheduler.now)
    return {}


def merge_shards(lab: Records, asked: Asked) -> Given:
    """MergeShards."""
    _, kept = _provisioned(lab, asked)
    kept.merge(asked.given["ShardToMerge"], asked.given["AdjacentShardToMerge"], lab.scheduler.now)
    return {}


def update_shard_count(lab: Records, asked: Asked) -> Given:
    """UpdateShardCount: open shards of one size, by splits and merges. [cap-1] [public case k08]"""
    stream, kept = _provisioned(lab, asked)
    target, current = asked.given["TargetShardCount"], len(kept.open)
    kept.check_active()
    check_account(backend_of(stream.account_id, stream.region), lab, max(target - current, 0))
    kept.scale(target, lab.scheduler.now)
    return {
        "StreamName": stream.stream_name,
        "CurrentShardCount": current,
        "TargetShardCount": target,
        "StreamARN": stream.arn,
    }


@refusing
def scale_for_service(stream: Stream, target_shard_count: int) -> None:
    """Change the number of shards as CloudFormation does inside moto."""
    lab = current_lab()
    rules_of(stream, lab).scale(target_shard_count, lab.scheduler.now)
