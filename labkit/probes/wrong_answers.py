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
    return World(
        "a world in which {name} of a new queue is {value}",
        answers=lambda: answering,
        values={"name": name, "value": value},
    )


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

NO_PUT_CONDITION = World(
    "the condition of a write has no effect", answers=lambda: _without("PutItem", "ConditionExpression")
)
NO_UPDATE_CONDITION = World(
    "the condition of a write has no effect", answers=lambda: _without("UpdateItem", "ConditionExpression")
)
ONE_BY_ONE = World("a transaction makes its writes one by one", answers=lambda: _one_by_one)
NEVER_REFUSED = World("a world in which SQS accepts what it refuses", answers=lambda: _never_refused)
CUT = World("a world in which a message that is too large is cut", answers=lambda: _cut)
EMPTY_LIST = World(
    "a world in which the answer of an empty receive has an empty list of Messages", answers=lambda: _empty_list
)
LOST_WITHOUT_CONSUMER = World("a world in which a message that nobody waits for is dropped", answers=lambda: _lost)
PUSHED = World("a world in which SQS pushes a message to a consumer as soon as it is sent", answers=lambda: _pushed)
DELETE_DOES_NOTHING = World("a world in which a delete has no effect", answers=lambda: _delete_does_nothing)
ZERO_DOES_NOTHING = World("a world in which setting a timeout of 0 has no effect", answers=lambda: _zero_does_nothing)
COUNTS_ALL = World(
    "a world in which ApproximateNumberOfMessages counts all messages of the queue", answers=lambda: _counts_all
)
SECOND_DELETE_FAILS = World("a world in which deleting a second time fails", answers=_SecondDeleteFails)
READING_REMOVES = World("a world in which reading records removes them from the stream", answers=_ReadingRemoves)
ONE_SUBSCRIBER = World("a world in which a topic delivers to one subscriber", answers=_OneSubscriber)
NEW_ID = World("a world in which each receive brings a new message id", answers=lambda: _each_message(_new_id))
ID_FROM_BODY = World(
    "a world in which the message id follows from the body", answers=lambda: _each_message(_id_from_body)
)
ONE_AT_ONCE = World(
    "a world in which a receive returns one message, however many it asks for",
    answers=lambda: _without(RECEIVE, "MaxNumberOfMessages"),
)
ONE_HANDLE = World(
    "a world in which a message has one receipt handle for its life", answers=lambda: _each_message(_one_handle)
)
COUNTS_FAILURES = World(
    "a world in which ApproximateReceiveCount counts failures", answers=lambda: _each_message(_counts_failures)
)
LATEST_RECEIVE_TIME = World(
    "a world in which the time of the first receive changes with each receive",
    answers=lambda: _each_message(_latest_receive_time),
)
TEN_BY_DEFAULT = World(
    "a world in which a receive returns up to ten messages by default",
    answers=lambda: _by_default(RECEIVE, MaxNumberOfMessages=10),
)
ATTRIBUTES_ALWAYS = World(
    "a world in which a receive returns all attributes without being asked",
    answers=lambda: _by_default(RECEIVE, **_ALL),
)
DELAY_IGNORED = World(
    "a world in which DelaySeconds of a message has no effect", answers=lambda: _without(SEND, "DelaySeconds")
)
QUEUE_WAIT_WINS = World(
    "a world in which the wait of the queue overrides the wait of the call",
    answers=lambda: _without(RECEIVE, "WaitTimeSeconds"),
)
QUEUE_TIMEOUT_WINS = World(
    "a world in which the timeout of the queue overrides the timeout of the call",
    answers=lambda: _without(RECEIVE, "VisibilityTimeout"),
)
