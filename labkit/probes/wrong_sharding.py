"""Worlds in which shards are otherwise: each is one belief, as what would come back if it were true."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from labkit.probes.worlds import Call, World

Parameters = dict[str, Any]
Answer = dict[str, Any]


class _InTurn:
    """Each record goes to another half of the hash keys than the one before."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        if operation == "PutRecord":
            self.number += 1
            given = given | {"ExplicitHashKey": str((1 << 127) * (self.number % 2))}
        return call(operation, given)


def _newest_first(call: Call, operation: str, given: Parameters) -> Answer:
    answer = call(operation, given)
    if operation == "GetRecords":
        answer["Records"].reverse()
    return answer


def _one_parent(call: Call, operation: str, given: Parameters) -> Answer:
    answer = call(operation, given)
    if operation == "ListShards":
        for shard in answer["Shards"]:
            shard.pop("AdjacentParentShardId", None)
    return answer


class _Moves:
    """What was in a parent is read in the shard that is asked for."""

    def __init__(self) -> None:
        self.parent = ""

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        if operation == "SplitShard":
            self.parent = given["ShardToSplit"]
        if operation == "GetShardIterator" and given["ShardId"] != self.parent:
            older = call(operation, given | {"ShardId": self.parent})["ShardIterator"]
            newer = call(operation, given)["ShardIterator"]
            return {"ShardIterator": f"{older} {newer}"}
        if operation == "GetRecords":
            found = [call(operation, {"ShardIterator": one}) for one in given["ShardIterator"].split()]
            return found[-1] | {"Records": [record for one in found for record in one["Records"]]}
        return call(operation, given)


def _splits_again(call: Call, operation: str, given: Parameters) -> Answer:
    if operation == "SplitShard":
        with suppress(ClientError):
            return call(operation, given)
        return {}
    return call(operation, given)


def _per_stream(call: Call, operation: str, given: Parameters) -> Answer:
    """A lock in a FIFO queue is one of all groups: who holds a message holds the queue."""
    if operation == "SendMessage":
        given = given | {"MessageGroupId": "all"}
    return call(operation, given)


IN_TURN = World("a world in which records go to the shards in turn", answers=_InTurn)
NEWEST_FIRST = World("a world in which the newest record is read first", answers=lambda: _newest_first)
ONE_PARENT = World("a world in which a shard has one parent", answers=lambda: _one_parent)
MOVES = World("a world in which a split moves the parent's records to its children", answers=_Moves)
ONE_GROUP = World("a world in which a FIFO queue knows one group", answers=lambda: _per_stream)
SPLITS_AGAIN = World("a world in which a closed shard is split again", answers=lambda: _splits_again)
