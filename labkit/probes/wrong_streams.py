"""Worlds in which streams are otherwise: each is one belief, as what would come back if it were true."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from labkit.probes.worlds import Answering, Call, World

Parameters = dict[str, Any]
Answer = dict[str, Any]
PUT, GET, ITERATOR = "PutRecord", "GetRecords", "GetShardIterator"
HALF = 1 << 127
WAITS = {"TRIM_HORIZON", "LATEST"}


class _Shared:
    """A record that somebody has read nobody reads again."""

    def __init__(self) -> None:
        self.read: set[str] = set()

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        answer = call(operation, given)
        if operation == GET:
            answer["Records"] = [one for one in answer["Records"] if one["SequenceNumber"] not in self.read]
            self.read |= {one["SequenceNumber"] for one in answer["Records"]}
        return answer


class _InTurn:
    """Records go to the halves of the hash keys by turns."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        if operation == PUT:
            self.number += 1
            given = given | {"ExplicitHashKey": str(HALF * (self.number % 2))}
        return call(operation, given)


def _put_once(call: Call, operation: str, given: Parameters) -> Answer:
    """Of records with the same data there is one."""
    answer = call(operation, given)
    if operation == GET:
        answer["Records"] = list({one["Data"]: one for one in answer["Records"]}.values())
    return answer


def _two_kinds(call: Call, operation: str, given: Parameters) -> Answer:
    """Every place but the newest is the oldest."""
    if operation == ITERATOR and given["ShardIteratorType"] not in WAITS:
        given = {key: given[key] for key in ("StreamName", "ShardId")} | {"ShardIteratorType": "TRIM_HORIZON"}
    return call(operation, given)


def _forgets_places(call: Call, operation: str, given: Parameters) -> Answer:
    """Who comes back begins with what is put from then on."""
    if operation == ITERATOR and given["ShardIteratorType"] != "TRIM_HORIZON":
        given = {key: given[key] for key in ("StreamName", "ShardId")} | {"ShardIteratorType": "LATEST"}
    return call(operation, given)


def _latest_is_last(call: Call, operation: str, given: Parameters) -> Answer:
    """LATEST is the whole of what is there."""
    if operation == ITERATOR and given["ShardIteratorType"] == "LATEST":
        given = given | {"ShardIteratorType": "TRIM_HORIZON"}
    return call(operation, given)


def _ends_when_empty(call: Call, operation: str, given: Parameters) -> Answer:
    answer = call(operation, given)
    if operation == GET and not answer["Records"]:
        answer.pop("NextShardIterator", None)
    return answer


def _tells_none(call: Call, operation: str, given: Parameters) -> Answer:
    answer = call(operation, given)
    if operation == GET:
        answer["MillisBehindLatest"] = 0
    return answer


def _no_bounds(call: Call, operation: str, given: Parameters) -> Answer:
    """A retention period out of bounds is accepted."""
    if operation.endswith("StreamRetentionPeriod"):
        with suppress(ClientError):
            return call(operation, given)
        return {}
    return call(operation, given)


def _changes(call: Call, operation: str, given: Parameters) -> Answer:
    """A record of the same key takes the place of the one before."""
    answer = call(operation, given)
    if operation == GET:
        newest = {one["PartitionKey"]: one for one in answer["Records"]}
        answer["Records"] = list(newest.values())
    return answer


def _world(told: str, answers: Any) -> World:
    return World(told, answers=answers)


def _plain(answering: Answering) -> Any:
    return lambda: answering


SHARED = _world("a world in which a record that was read is gone for everybody", _Shared)
IN_TURN = _world("a world in which records go to the shards in turn", _InTurn)
PUT_ONCE = _world("a world in which a repeated record is stored once", _plain(_put_once))
TWO_KINDS = _world("a world in which a reader begins at the oldest record or the newest", _plain(_two_kinds))
FORGETS_PLACES = _world("a world in which who comes back begins at the newest record", _plain(_forgets_places))
LATEST_IS_LAST = _world("a world in which LATEST brings what is there already", _plain(_latest_is_last))
ENDS_WHEN_EMPTY = _world("a world in which an empty answer is the end of a shard", _plain(_ends_when_empty))
TELLS_NO_DISTANCE = _world("a world in which MillisBehindLatest is always 0", _plain(_tells_none))
NO_BOUNDS = _world("a world in which a retention period has no bounds", _plain(_no_bounds))
CHANGES = _world("a world in which a record takes the place of the one before with its key", _plain(_changes))
NOBODY_DIES = World("the same experiment with a worker that never dies", instead={"deaths": ()})
