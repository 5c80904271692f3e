"""Queues of other accounts: whose queue a call means, and whether that account lets the caller in.

Only the simplest rule of AWS stands here: another account gets in where an Allow statement of the queue's policy names
it for the action. Deny statements, conditions and IAM policies are not evaluated.
"""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from moto.sqs.models import sqs_backends
from moto.sqs.responses import SQSResponse

from labkit.rules import Refused

from .errors import as_service_error
from .stores import ACCOUNT, NO_QUEUE

OWNERS_ONLY = frozenset(
    "AddPermission CancelMessageMoveTask CreateQueue DeleteQueue ListMessageMoveTasks ListQueues ListQueueTags "
    "RemovePermission SetQueueAttributes StartMessageMoveTask TagQueue UntagQueue".split()
)
NOT_SEEN = "The specified queue does not exist or you do not have access to it."


def owner_of(url: object, caller: str) -> str:
    """The account that a queue URL names; a bare name is the caller's own queue."""
    parts = urlsplit(url).path.split("/") if isinstance(url, str) else []
    return parts[-2] if len(parts) > 2 and ACCOUNT.fullmatch(parts[-2]) else caller


def sqs_backend(response: Any) -> Any:
    """moto's backend of the account whose queue the call means. Raises AWS's error where the caller may not."""
    backend, name = _meant(response)
    caller = response.current_account
    queue = backend.queues.get(name) if backend.account_id != caller else None
    action = response._get_action()
    if queue is not None and not _may(caller, action, queue):
        raise as_service_error(_refusal(caller, action, queue))
    return backend


def determine_resource(response: Any) -> str:
    """The ARN of the queue that the call means, for moto's own access control; "*" when there is none."""
    backend, name = _meant(response)
    queue = backend.queues.get(name)
    return "*" if queue is None else str(queue.queue_arn)


def _meant(response: Any) -> tuple[Any, str]:
    """The backend and the name of the queue that a call's parameters mean, whoever calls."""
    get, caller = response._get_param, response.current_account
    if response._get_action() == "GetQueueUrl":
        owner, name = get("QueueOwnerAWSAccountId") or caller, get("QueueName")
    else:
        owner, name = owner_of(get("QueueUrl"), caller), response._get_queue_name()
    return sqs_backends[owner if ACCOUNT.fullmatch(owner) else caller][response.region], name


REPLACED: list[tuple[type, str, Any]] = [
    (SQSResponse, "sqs_backend", property(sqs_backend)),
    (SQSResponse, "_determine_resource", determine_resource),
]


def _refusal(caller: str, action: str, queue: Any) -> Refused:
    if action == "GetQueueUrl":
        return Refused(NO_QUEUE, NOT_SEEN)
    act = f"sqs:{_policy_action(action).lower()}"
    who = f"User: arn:aws:iam::{caller}:root is not authorized to perform: {act} on resource: {queue.queue_arn}"
    return Refused("AccessDenied", f"{who} because no resource-based policy allows the {act} action")


def _may(caller: str, action: str, queue: Any) -> bool:
    if action in OWNERS_ONLY:
        return False
    policy = json.loads(queue.policy) if queue.policy else {}
    statements = policy.get("Statement", [])
    return any(_allows(one, caller, action) for one in ([statements] if isinstance(statements, dict) else statements))


def _allows(statement: dict[str, Any], caller: str, action: str) -> bool:
    principal = statement.get("Principal", {})
    named = _texts(principal.get("AWS", []) if isinstance(principal, dict) else principal)
    acts = [pattern.lower() for pattern in _texts(statement.get("Action", []))]
    wanted = f"sqs:{_policy_action(action)}".lower()
    return (
        statement.get("Effect") == "Allow"
        and any(_names(one, caller) for one in named)
        and any(fnmatchcase(wanted, pattern) for pattern in acts)
    )


def _names(principal: str, account: str) -> bool:
    return principal in ("*", account) or re.fullmatch(rf"arn:[^:]+:(iam|sts)::{account}:.+", principal) is not None


def _policy_action(action: str) -> str:
    """A batch action needs the permission of the action that it repeats."""
    return action.removesuffix("Batch")


def _texts(given: Any) -> list[str]:
    return [given] if isinstance(given, str) else [str(one) for one in given]
