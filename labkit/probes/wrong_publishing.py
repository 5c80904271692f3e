"""Worlds in which topics are otherwise: each is one belief, as what would come back if it were true."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from labkit.probes.worlds import Answering, Call, World

Parameters = dict[str, Any]
Answer = dict[str, Any]
PUBLISH, SUBSCRIBE = "Publish", "Subscribe"


def subscribing(**attributes: str | None) -> Answering:
    """Each subscription has these attributes, whatever it asks for; None: it can't have that one."""

    def answering(call: Call, operation: str, given: Parameters) -> Answer:
        if operation == SUBSCRIBE:
            wanted = given.get("Attributes", {}) | attributes
            given = given | {"Attributes": {name: value for name, value in wanted.items() if value is not None}}
        return call(operation, given)

    return answering


def _lost(call: Call, operation: str, given: Parameters) -> Answer:
    return {"MessageId": "none"} if operation == PUBLISH else call(operation, given)


def _one_text(call: Call, operation: str, given: Parameters) -> Answer:
    if operation == PUBLISH:
        given = {name: value for name, value in given.items() if name != "MessageStructure"}
    return call(operation, given)


def _without_what_is_malformed(call: Call, operation: str, given: Parameters) -> Answer:
    if operation != "PublishBatch":
        return call(operation, given)
    entries = given["PublishBatchRequestEntries"]
    good = [entry for entry in entries if entry["Message"]]
    failed = [{"Id": entry["Id"], "Code": "InvalidParameter"} for entry in entries if not entry["Message"]]
    return call(operation, given | {"PublishBatchRequestEntries": good}) | {"Failed": failed}


def _takes_all(call: Call, operation: str, given: Parameters) -> Answer:
    """What is refused is taken as far as the answer shows."""
    try:
        return call(operation, given)
    except ClientError:
        return {"MessageId": "none", "Successful": [], "Failed": []}


class _NewTopicEachTime:
    def __init__(self) -> None:
        self.made = 0

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        if operation == "CreateTopic":
            self.made += 1
            given = given | {"Name": f"{given['Name']}-{self.made}"}
        return call(operation, given)


class _KeepsMessages:
    def __init__(self) -> None:
        self.published: list[Parameters] = []

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        answer = call(operation, given)
        if operation == PUBLISH:
            self.published.append(given)
        for earlier in self.published if operation == SUBSCRIBE else ():
            call(PUBLISH, earlier)
        return answer


class _WantsSubscribers:
    def __init__(self) -> None:
        self.subscribed = False

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        self.subscribed = self.subscribed or operation == SUBSCRIBE
        if operation == PUBLISH and not self.subscribed:
            raise ClientError({"Error": {"Code": "NotFound", "Message": ""}}, operation)
        return call(operation, given)


class _Recognises:
    def __init__(self) -> None:
        self.known: dict[str, Answer] = {}

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        if operation != PUBLISH:
            return call(operation, given)
        if given["Message"] not in self.known:
            self.known[given["Message"]] = call(operation, given)
        return self.known[given["Message"]]


LOST = World("a world in which what is published gets lost", answers=lambda: _lost)
NO_FILTER = World("a world in which filter policies have no effect", answers=lambda: subscribing(FilterPolicy=None))
RAW_BY_DEFAULT = World(
    "a world in which each subscription is raw", answers=lambda: subscribing(RawMessageDelivery="true")
)
NEVER_RAW = World("a world in which raw delivery has no effect", answers=lambda: subscribing(RawMessageDelivery=None))
ONE_TEXT = World("a world in which MessageStructure has no effect", answers=lambda: _one_text)
ENTRY_BY_ENTRY = World("a world in which a malformed entry fails by itself", answers=lambda: _without_what_is_malformed)
TAKES_ALL = World("a world in which SNS accepts what it refuses", answers=lambda: _takes_all)
NEW_TOPIC_EACH_TIME = World("a world in which each CreateTopic makes another topic", answers=_NewTopicEachTime)
KEEPS_MESSAGES = World("a world in which a topic keeps its messages for later subscribers", answers=_KeepsMessages)
WANTS_SUBSCRIBERS = World("a world in which a topic without subscribers refuses messages", answers=_WantsSubscribers)
RECOGNISES = World("a world in which a topic recognises what was published before", answers=_Recognises)
