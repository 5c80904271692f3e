"""Queues of other accounts: whose queue a call means, and whether that account's policy lets the caller in."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from moto.sqs.responses import SQSResponse

from labkit.aws import over_http
from labkit.aws.asked import Asked
from labkit.rules import Refused, queue_policy

from .errors import as_service_error
from .stores import ACCOUNT, NO_QUEUE, backend_of

OWNERS_ONLY = frozenset(
    "AddPermission CancelMessageMoveTask CreateQueue DeleteQueue ListMessageMoveTasks ListQueues ListQueueTags "
    "RemovePermission SetQueueAttributes StartMessageMoveTask TagQueue UntagQueue".split()
)
NOT_SEEN = "The specified queue does not exist or you do not have access to it."


@lru_cache(maxsize=1_000)
def owner_and_name(url: str, caller: str) -> tuple[str, str]:
    """The account and the name in a queue URL; a bare name is the caller's own queue."""
    parts = urlsplit(url).path.split("/")
    owner = parts[-2] if len(parts) > 2 and ACCOUNT.fullmatch(parts[-2]) else caller
    return owner, url.rsplit("/", 1)[-1] if url.startswith(("http://", "https://")) else url


def _meant(asked: Asked) -> tuple[Any, str]:
    """The backend and the name of the queue that a call's parameters mean, whoever calls."""
    given, caller = asked.given, asked.account
    if asked.operation == "GetQueueUrl":
        owner, name = given.get("QueueOwnerAWSAccountId") or caller, given["QueueName"]
        owner = owner if ACCOUNT.fullmatch(owner) else caller
    else:
        # A request without the parameter, as old programs make it, is sent to the queue's own address.
        owner, name = owner_and_name(given.get("QueueUrl") or asked.address, caller)
    return backend_of(owner, asked.region), name


def backend(asked: Asked) -> Any:
    """moto's backend of the account whose queue the call means. Raises AWS's error where the caller may not."""
    return _let_in(asked)[0]


def queue(asked: Asked) -> Any:
    """moto's queue that the call means. Raises AWS's error where there is none or the caller may not."""
    found, name = _let_in(asked)
    return found.get_queue(name)


def _let_in(asked: Asked) -> tuple[Any, str]:
    found, name = _meant(asked)
    if found.account_id != asked.account:
        theirs = found.queues.get(name)
        if theirs is not None and not _may(asked.account, asked.operation, theirs):
            raise as_service_error(_refusal(asked.account, asked.operation, theirs))
    return found, name


def determine_resource(response: Any) -> str:
    """The ARN of the queue that the call means, for moto's own access control; "*" when there is none."""
    found, name = _meant(over_http.asked(response))
    theirs = found.queues.get(name)
    return "*" if theirs is None else str(theirs.queue_arn)


REPLACED: list[tuple[type, str, Any]] = [
    (SQSResponse, "sqs_backend", property(lambda response: backend(over_http.asked(response)))),
    (SQSResponse, "_determine_resource", determine_resource),
]


def _refusal(caller: str, action: str, queue: Any) -> Refused:
    if action == "GetQueueUrl":
        return Refused(NO_QUEUE, NOT_SEEN)
    act = f"sqs:{queue_policy.permission(action).lower()}"
    who = f"User: arn:aws:iam::{caller}:root is not authorized to perform: {act} on resource: {queue.queue_arn}"
    return Refused("AccessDenied", f"{who} because no resource-based policy allows the {act} action")


def _may(caller: str, action: str, queue: Any) -> bool:
    if action in OWNERS_ONLY:
        return False
    return queue_policy.lets_in(queue._policy_json, caller, action)
