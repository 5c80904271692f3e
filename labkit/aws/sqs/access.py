"""Whose queue a call means, and whether the queue's policy lets the caller in."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from moto.sqs.responses import SQSResponse

from labkit.aws import over_http
from labkit.aws.asked import Asked
from labkit.aws.current import current_lab
from labkit.aws.policies import NO_POLICY, policy_of
from labkit.rules import Refused, queue_policy
from labkit.rules.policy import Decision, Request, refusal

from .errors import as_service_error
from .stores import ACCOUNT, NO_QUEUE, backend_of

# What no policy gives to another account.
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
    queue = found.queues.get(name)
    # Its own account needs no Allow, so that a policy without a Deny costs its calls nothing.
    if queue is not None and (found.account_id != asked.account or policy_of(queue).denies):
        _check(asked, queue)
    return found, name


def decision(asked: Asked, queue: Any) -> tuple[Request, Decision]:
    """Whether the queue's policy lets a call's account do what it asks, and why."""
    owns = asked.account == queue.account_id
    policy = policy_of(queue) if owns or asked.operation not in OWNERS_ONLY else NO_POLICY
    now = current_lab().scheduler.now
    return queue_policy.decide_for(policy, asked.account, asked.operation, queue.queue_arn, asked.region, now)


def _check(asked: Asked, queue: Any) -> None:
    owns = asked.account == queue.account_id
    if owns and queue_policy.unlocks(asked.operation, asked.given):
        return
    request, decided = decision(asked, queue)
    if not decided.allowed:
        raise as_service_error(_refusal(request, decided, owns))


def determine_resource(response: Any) -> str:
    """The ARN of the queue that the call means, for moto's own access control; "*" when there is none."""
    found, name = _meant(over_http.asked(response))
    theirs = found.queues.get(name)
    return "*" if theirs is None else str(theirs.queue_arn)


REPLACED: list[tuple[type, str, Any]] = [
    (SQSResponse, "sqs_backend", property(lambda response: backend(over_http.asked(response)))),
    (SQSResponse, "_determine_resource", determine_resource),
]


def _refusal(request: Request, decided: Decision, owns: bool) -> Refused:
    if request.act == "sqs:getqueueurl" and not owns:
        return Refused(NO_QUEUE, NOT_SEEN)
    return Refused("AccessDenied", refusal(request, decided))
