"""Worlds in which dead-letter queues and redrives follow another rule, or AWS answers about them in another way."""

from __future__ import annotations

import json
from typing import Any

from labkit.probes.worlds import Call, World
from labkit.probes.wrong_rules import believed_world
from labkit.rules import SECOND, Change, Message, StandardQueue

Parameters = dict[str, Any]
Answer = dict[str, Any]
TRIES = 3
FOR_EVER = 1_000_000 * 3_600 * SECOND


class _KeepsItsPlace(StandardQueue):
    def _goes_to_back(self, message: Message) -> bool:
        return False


class _GivesUp(StandardQueue):
    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        return now + (FOR_EVER if message.receives >= TRIES else timeout * SECOND)


class _NewestFirst(StandardQueue):
    def first_visible(self, now: int) -> tuple[Message | None, list[Change]]:
        changes = self.settle(now)
        return max(self.stored(), key=lambda one: one.number, default=None), changes


def _no_policy(call: Call, operation: str, given: Parameters) -> Answer:
    if operation == "CreateQueue" and "Attributes" in given:
        kept = {name: value for name, value in given["Attributes"].items() if name != "RedrivePolicy"}
        given = given | {"Attributes": kept}
    return call(operation, given)


def _rate_ignored(call: Call, operation: str, given: Parameters) -> Answer:
    return call(operation, {name: value for name, value in given.items() if name != "MaxNumberOfMessagesPerSecond"})


def _protected(call: Call, operation: str, given: Parameters) -> Answer:
    return {} if operation == "DeleteQueue" else call(operation, given)


def _moves_count(call: Call, operation: str, given: Parameters) -> Answer:
    if given.get("MetricName") == "NumberOfMessagesSent":
        given = given | {"MetricName": f"{VISIBLE}Visible"}
    return call(operation, given)


class _CancelUndoes:
    """Cancelling a task that moves to its source: the messages would be back where they were."""

    def __init__(self) -> None:
        self.moved = 0

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        answer = call(operation, given)
        if operation == "CancelMessageMoveTask":
            self.moved = answer["ApproximateNumberOfMessagesMoved"]
        if operation == "GetQueueAttributes" and self.moved:
            sign = 1 if "dead" in given["QueueUrl"] else -1
            for name, number in answer["Attributes"].items():
                answer["Attributes"][name] = str(int(number) + sign * self.moved) if name == VISIBLE else number
        return answer


VISIBLE = "ApproximateNumberOfMessages"


class _SourceIsKnown:
    """A task without a destination brings everything to the queue that names the dead-letter queue."""

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        if operation == "StartMessageMoveTask" and "DestinationArn" not in given:
            given = given | {"DestinationArn": given["SourceArn"].replace("dead-", "")}
        return call(operation, given)


class _OneForAll:
    """The allow policy of a dead-letter queue is asked of nobody."""

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        attributes = given.get("Attributes", {})
        if "RedriveAllowPolicy" in attributes:
            json.loads(attributes["RedriveAllowPolicy"])
            given = given | {"Attributes": {"VisibilityTimeout": "30"}}
        return call(operation, given)


LOOKING_IS_FREE = believed_world("looking-is-no-receive")
MOVED_WHEN_HIDDEN_ENDS = believed_world("moved-when-hidden-ends")
LAST_RECEIVE_MOVES = believed_world("last-receive-moves")
RETENTION_RESTARTS = believed_world("moving-restarts-retention")
COUNT_RESTARTS = believed_world("moving-resets-count")
SAME_ID = believed_world("redrive-keeps-id")
KEEPS_ITS_PLACE = World("a world in which a message keeps its place however often it is received", rules=_KeepsItsPlace)
GIVES_UP = World("a world in which SQS gives up on a message after three receives", rules=_GivesUp)
NEWEST_FIRST = World("a world in which a redrive starts with the newest message", rules=_NewestFirst)
NO_POLICY = World("a world in which a redrive policy has no effect", answers=lambda: _no_policy)
RATE_IGNORED = World("a world in which a redrive moves everything as fast as it can", answers=lambda: _rate_ignored)
MOVES_COUNT_AS_SENT = World("a world in which a message that SQS moves counts as sent", answers=lambda: _moves_count)
PROTECTED = World(
    "a world in which a queue cannot be deleted while a task moves messages to it", answers=lambda: _protected
)
CANCEL_UNDOES = World("a world in which cancelling a task takes back what it has moved", answers=_CancelUndoes)
SOURCE_IS_KNOWN = World("a world in which SQS knows where every dead letter came from", answers=_SourceIsKnown)
ALLOWED_TO_ALL = World("a world in which every queue may name every other one", answers=_OneForAll)
