"""Worlds in which AWS answers calls in another way: each is one belief, as what would come back if it were true."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from labkit.probes.worlds import Answering, Call, World

Parameters = dict[str, Any]
Answer = dict[str, Any]


def _without(of: str, *names: str) -> Answering:
    """A parameter of one operation that has no effect."""

    def answering(call: Call, operation: str, given: Parameters) -> Answer:
        if operation == of:
            given = {name: value for name, value in given.items() if name not in names}
        return call(operation, given)

    return answering


def _by_default(of: str, **parameters: Any) -> Answering:
    """An operation whose parameters have other defaults."""

    def answering(call: Call, operation: str, given: Parameters) -> Answer:
        return call(operation, parameters | given if operation == of else given)

    return answering


def _each_message(change: Any) -> Answering:
    """A change of each message that a receive returns."""

    def answering(call: Call, operation: str, given: Parameters) -> Answer:
        answer = call(operation, given)
        for message in answer.get("Messages", []):
            change(message)
        return answer

    return answering


def other_default(**attributes: Any) -> World:
    """A world in which new queues have these attributes unless told otherwise."""

    def answering(call: Call, operation: str, given: Parameters) -> Answer:
        if operation == "CreateQueue":
            own = {name: str(value) for name, value in attributes.items()}
            given = given | {"Attributes": own | given.get("Attributes", {})}
        return call(operation, given)

    name, value = next(iter(attributes.items()))
    return World("other default", answers=lambda: answering, values={"name": name, "value": value})


def _never_refused(call: Call, operation: str, given: Parameters) -> Answer:
    try:
        return call(operation, given)
    except ClientError:
        return {}


def _cut(call: Call, operation: str, given: Parameters) -> Answer:
    try:
        return call(operation, given)
    except ClientError:
        return call(operation, given | {"MessageBody": given["MessageBody"][:1000]})


def _empty_list(call: Call, operation: str, given: Parameters) -> Answer:
    answer = call(operation, given)
    return {"Messages": []} | answer if operation == "ReceiveMessage" else answer


def _lost(call: Call, operation: str, given: Parameters) -> Answer:
    return {"MessageId": "none"} if operation == "SendMessage" else call(operation, given)


def _pushed(call: Call, operation: str, given: Parameters) -> Answer:
    answer = call(operation, given)
    if operation == "SendMessage":
        call("ReceiveMessage", {"QueueUrl": given["QueueUrl"]})
    return answer


def _delete_does_nothing(call: Call, operation: str, given: Parameters) -> Answer:
    return {} if operation == "DeleteMessage" else call(operation, given)


def _zero_does_nothing(call: Call, operation: str, given: Parameters) -> Answer:
    if operation == "ChangeMessageVisibility" and given["VisibilityTimeout"] == 0:
        return {}
    return call(operation, given)


def _counts_all(call: Call, operation: str, given: Parameters) -> Answer:
    answer = call(operation, given)
    if operation == "GetQueueAttributes" and len(answer.get("Attributes", {})) > 1:
        total = sum(int(number) for number in answer["Attributes"].values())
        answer["Attributes"]["ApproximateNumberOfMessages"] = str(total)
    return answer


def _one_by_one(call: Call, operation: str, given: Parameters) -> Answer:
    if operation != "TransactWriteItems":
        return call(operation, given)
    for item in given["TransactItems"]:
        for name, write in item.items():
            with suppress(ClientError):
                call(f"{name}Item", write)
    return {}


class _SecondDeleteFails:
    def __init__(self) -> None:
        self.deleted: set[str] = set()

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        if operation == "DeleteMessage":
            if given["ReceiptHandle"] in self.deleted:
                raise ClientError({"Error": {"Code": "ReceiptHandleIsInvalid", "Message": ""}}, operation)
            self.deleted.add(given["ReceiptHandle"])
        return call(operation, given)


class _ReadingRemoves:
    def __init__(self) -> None:
        self.read = False

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        answer = call(operation, given)
        if operation == "GetRecords":
            answer["Records"] = [] if self.read else answer["Records"]
            self.read = True
        return answer


class _OneSubscriber:
    def __init__(self) -> None:
        self.subscribed = False

    def __call__(self, call: Call, operation: str, given: Parameters) -> Answer:
        if operation == "Subscribe" and self.subscribed:
            return {"SubscriptionArn": "none"}
        self.subscribed = self.subscribed or operation == "Subscribe"
        return call(operation, given)


def _new_id(message: Parameters) -> None:
    message["MessageId"] = message["ReceiptHandle"][:36]


def _id_from_body(message: Parameters) -> None:
    message["MessageId"] = f"id-of-{message['Body']}"


def _one_handle(message: Parameters) -> None:
    message["ReceiptHandle"] = message["MessageId"]


def _counts_failures(message: Parameters) -> None:
    count = int(message["Attributes"]["ApproximateReceiveCount"])
    message["Attributes"]["ApproximateReceiveCount"] = str(count - 1)


def _latest_receive_time(message: Parameters) -> None:
    message["Attributes"]["ApproximateFirstReceiveTimestamp"] = str(int(time.time() * 1000))


RECEIVE, SEND = "ReceiveMessage", "SendMessage"
_ALL = {"MessageAttributeNames": ["All"], "MessageSystemAttributeNames": ["All"]}

NO_PUT_CONDITION = World("no condition", answers=lambda: _without("PutItem", "ConditionExpression"))
NO_UPDATE_CONDITION = World("no condition", answers=lambda: _without("UpdateItem", "ConditionExpression"))
ONE_BY_ONE = World("one by one", answers=lambda: _one_by_one)
NEVER_REFUSED = World("never refused", answers=lambda: _never_refused)
CUT = World("cut", answers=lambda: _cut)
EMPTY_LIST = World("empty list", answers=lambda: _empty_list)
LOST_WITHOUT_CONSUMER = World("lost without consumer", answers=lambda: _lost)
PUSHED = World("pushed", answers=lambda: _pushed)
DELETE_DOES_NOTHING = World("delete does nothing", answers=lambda: _delete_does_nothing)
ZERO_DOES_NOTHING = World("zero does nothing", answers=lambda: _zero_does_nothing)
COUNTS_ALL = World("counts all", answers=lambda: _counts_all)
SECOND_DELETE_FAILS = World("second delete fails", answers=_SecondDeleteFails)
READING_REMOVES = World("reading removes", answers=_ReadingRemoves)
ONE_SUBSCRIBER = World("one subscriber", answers=_OneSubscriber)
NEW_ID = World("new id", answers=lambda: _each_message(_new_id))
ID_FROM_BODY = World("id from body", answers=lambda: _each_message(_id_from_body))
ONE_AT_ONCE = World("one at once", answers=lambda: _without(RECEIVE, "MaxNumberOfMessages"))
ONE_HANDLE = World("one handle", answers=lambda: _each_message(_one_handle))
COUNTS_FAILURES = World("counts failures", answers=lambda: _each_message(_counts_failures))
LATEST_RECEIVE_TIME = World("latest receive time", answers=lambda: _each_message(_latest_receive_time))
TEN_BY_DEFAULT = World("ten by default", answers=lambda: _by_default(RECEIVE, MaxNumberOfMessages=10))
ATTRIBUTES_ALWAYS = World("attributes always", answers=lambda: _by_default(RECEIVE, **_ALL))
DELAY_IGNORED = World("delay ignored", answers=lambda: _without(SEND, "DelaySeconds"))
QUEUE_WAIT_WINS = World("queue wait wins", answers=lambda: _without(RECEIVE, "WaitTimeSeconds"))
QUEUE_TIMEOUT_WINS = World("queue timeout wins", answers=lambda: _without(RECEIVE, "VisibilityTimeout"))
