"""Lambda functions in process: SNS hands an event to Lambda, which runs a Python function and tries it again itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from moto.sns.models import Subscription

from labkit.aws.records import Records
from labkit.causes import Accepted, Obstacle
from labkit.clock.length import SECOND
from labkit.history import Call
from labkit.rules import identifier
from labkit.words import LabError, error
from labkit.words import lab as words

from .notices import Notice
from .outcomes import Arrived, Failed, Outcome

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
LAMBDA = "Lambda"
# What Lambda's page on asynchronous invocation says of a function's own errors: two more runs, so long after each.
PAUSES = (60 * SECOND, 120 * SECOND)
Handler = Callable[[Any, Any], Any]
# An event calls some fields otherwise than the document that other endpoints get, and has a subject in any case.
SPELLED = {"SigningCertURL": "SigningCertUrl", "UnsubscribeURL": "UnsubscribeUrl"}
ORDER = (
    "SignatureVersion", "Timestamp", "Signature", "SigningCertUrl", "MessageId", "Message", "MessageAttributes", "Type",
    "UnsubscribeUrl", "TopicArn", "Subject",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What a function is told of its invocation, by the names that Lambda uses; of its time limit a lab knows none."""

    function_name: str
    invoked_function_arn: str
    aws_request_id: str
    function_version: str = "$LATEST"


class Functions:
    """The functions of a lab by their ARN. An invocation is an actor, named after its function."""

    def __init__(self, lab: Records) -> None:
        self._lab = lab
        self._handlers: dict[str, Handler] = {}
        self._invocations = 0

    def add(self, name: str, handler: Handler) -> str:
        """Make a function, or give one of that name other code; returns its ARN."""
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise error(words.FUNCTION_NAME, given=name)
        arn = f"arn:aws:lambda:{self._lab.region}:{self._lab.account}:function:{name}"
        self._handlers[arn] = handler
        return arn

    def knows(self, arn: str) -> bool:
        """Whether there is a function of this ARN."""
        return arn in self._handlers

    def invoke(self, arn: str, event: dict[str, Any], message: str) -> None:
        """Take an event: the function runs with it once the lab's time goes on."""
        self._invocations += 1
        id = identifier(self._lab.seed, "lambda", arn, self._invocations)
        self._start(Invocation(Context(arn.rpartition(":")[2], arn, id), event, message))

    def _start(self, invocation: Invocation) -> None:
        names = {actor.name for actor in self._lab.scheduler.actors}
        base = chosen = invocation.context.function_name
        number = 2
        while chosen in names:
            chosen, number = f"{base} {number}", number + 1
        self._lab.scheduler.start(self._run, (invocation,), chosen)

    def _run(self, invocation: Invocation) -> None:
        """Run a function once; its own errors are Lambda's to handle, a lab's are the learner's to read."""
        began, order, failed = self._lab.scheduler.now, self._lab.history.next_order(), None
        try:
            self._handlers[invocation.context.invoked_function_arn](invocation.event, invocation.context)
        except LabError:
            raise
        except Exception as failure:
            failed = type(failure).__name__
        self._note(invocation, began, order, failed)
        if failed is not None and invocation.retries < len(PAUSES):
            at = self._lab.scheduler.now + PAUSES[invocation.retries]
            invocation.retries += 1
            self._lab.scheduler.timers.add(at, partial(self._start, invocation))

    def _note(self, invocation: Invocation, began: int, order: int, failed: str | None) -> None:
        given = {"FunctionName": invocation.context.function_name, "InvocationType": "Event",
                 "Attempt": invocation.retries + 1}  # fmt: skip
        call = Call(
            began, order, LAMBDA, "lambda", "Invoke", invocation.context.function_name, failed, (invocation.message,),
            given, began, Accepted(),
        )  # fmt: skip
        self._lab.history.events.append(call)
        self._lab.scheduler.changed += 1


@dataclass(slots=True)
class Invocation:
    """One event for one function, `message` the MessageId in it; `retries` counts how often it was tried again."""

    context: Context
    event: dict[str, Any]
    message: str
    retries: int = 0


def deliver(lab: Records, notice: Notice, subscription: Subscription) -> Outcome:
    """Hand an event to Lambda, which takes it at once; how the function ends is nothing that SNS hears of."""
    functions = lab.part(Functions)
    if not functions.knows(subscription.endpoint):
        return Failed(Obstacle.NO_FUNCTION)
    functions.invoke(subscription.endpoint, event_of(notice, subscription), notice.id)
    return Arrived()


def event_of(notice: Notice, subscription: Subscription) -> dict[str, Any]:
    """The event of one message (recorded: localstack's tests, 2023-08-24 and 2025-10-06)."""
    message = notice.publication.text_for(subscription.protocol)
    fields = {SPELLED.get(name, name): one for name, one in notice.fields(subscription, message).items()}
    fields["MessageAttributes"] = fields.get("MessageAttributes") or {}
    record = {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription.arn,
        "Sns": {name: fields.get(name) for name in ORDER},
    }
    return {"Records": [record]}
