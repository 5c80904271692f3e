"""Worlds in which FIFO topics are otherwise: each is one belief, as what would come back if it were true."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from labkit.probes.worlds import Answering, Call, World

Parameters = dict[str, Any]
Answer = dict[str, Any]
PUBLISH, CREATE, SUBSCRIBE, SET = "Publish", "CreateTopic", "Subscribe", "SetSubscriptionAttributes"
LONGEST = '{"MessageRetentionPeriod": "365"}'


def _without(of: str, name: str) -> Answering:
    """An attribute of topics or subscriptions that has no effect."""

    def answering(call: Call, operation: str, given: Parameters) -> Answer:
        if operation == of and name in given.get("Attributes", {}):
            given = given | {"Attributes": {key: one for key, one in given["Attributes"].items() if key != name}}
        return call(operation, given)

    return answering


def _own_id(call: Call, operation: str, given: Parameters) -> Answer:
    """A message without a deduplication id gets one."""
    if operation == PUBLISH:
        given = {"MessageDeduplicationId": "own"} | given
    return call(operation, given)


def _keeps_a_year(call: Call, operation: str, given: Parameters) -> Answer:
    if operation == CREATE and "ArchivePolicy" in given["Attributes"]:
        given = given | {"Attributes": given["Attributes"] | {"ArchivePolicy": LONGEST}}
    return call(operation, given)


def _no_end(call: Call, operation: str, given: Parameters) -> Answer:
    if operation == SET and given["AttributeName"] == "ReplayPolicy":
        policy = json.loads(given["AttributeValue"])
        policy.pop("EndingPoint", None)
        given = given | {"AttributeValue": json.dumps(policy)}
    return call(operation, given)


class _Overtaking:
    """Of two messages the second is first."""

    def __init__(self) -> None:
        self.held: Parameters | None = None

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        if operation != PUBLISH:
            return call(operation, given)
        if self.held is None:
            self.held = given
            return {"MessageId": "none", "SequenceNumber": "1"}
        answer = call(operation, given)
        call(operation, self.held)
        self.held = None
        return answer


class _Known:
    """What a topic was given once; `refuses`: a repetition fails, else it is remembered for ever."""

    def __init__(self, refuses: bool) -> None:
        self.refuses = refuses
        self.known: dict[str, Answer] = {}

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        if operation != PUBLISH:
            return call(operation, given)
        id = given["MessageDeduplicationId"]
        if id in self.known and self.refuses:
            raise ClientError({"Error": {"Code": "InvalidParameter", "Message": ""}}, operation)
        if id not in self.known:
            self.known[id] = call(operation, given)
        return self.known[id]


OVERTAKING = World("a world in which messages of a group overtake each other", answers=_Overtaking)
REFUSES_REPETITIONS = World(
    "a world in which a topic refuses what it has taken before", answers=lambda: _Known(refuses=True)
)
REMEMBERS_FOR_EVER = World("a world in which a topic remembers its ids for ever", answers=lambda: _Known(refuses=False))
ID_OPTIONAL = World("a world in which a message needs no deduplication id", answers=lambda: _own_id)
ALWAYS_TOPIC_WIDE = World(
    "a world in which FifoThroughputScope has no effect", answers=lambda: _without(CREATE, "FifoThroughputScope")
)
KEEPS_A_YEAR = World("a world in which each archive keeps a year", answers=lambda: _keeps_a_year)
NO_REPLAY = World("a world in which ReplayPolicy has no effect", answers=lambda: _without(SUBSCRIBE, "ReplayPolicy"))
NO_END = World("a world in which a replay has no end", answers=lambda: _no_end)
GOES_ON = World("the same experiment with a topic that does not wait for a delivery", instead={"waits": False})
