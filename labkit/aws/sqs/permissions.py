"""AddPermission and RemovePermission: statements of a queue's policy by their label, its Sid.

moto's own look at the Sid of every statement, which a policy from SetQueueAttributes need not have.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.sqs.models import Queue
from moto.utilities.utils import get_partition

from labkit.ledger import quota
from labkit.rules import Refused, queue_policy

from .configuration import BAD_NAME, NAME
from .errors import refusing
from .stores import ACCOUNT

INVALID = "InvalidParameterValue"
MOST_ACTIONS = quota("sqs.policy.maximum_actions")


@refusing
def add_permission(
    backend: Any, region_name: str, queue_name: str, actions: list[str], account_ids: list[str], label: str
) -> None:
    """AddPermission."""
    queue = backend.get_queue(queue_name)
    _check(actions, account_ids, label)
    statements = queue_policy.statements(queue._policy_json)
    if any(one.get("Sid") == label for one in statements):
        raise _bad_label(label, "Already exists.")
    principals = [f"arn:{get_partition(region_name)}:iam::{account}:root" for account in account_ids]
    added = {
        "Sid": label,
        "Effect": "Allow",
        "Principal": {"AWS": _one_or_all(principals)},
        "Action": _one_or_all([f"SQS:{action}" for action in actions]),
        "Resource": queue.queue_arn,
    }
    queue._policy_json = queue._policy_json | {"Statement": [*statements, added]}


@refusing
def remove_permission(backend: Any, queue_name: str, label: str) -> None:
    """RemovePermission."""
    queue = backend.get_queue(queue_name)
    statements = queue_policy.statements(queue._policy_json)
    kept = [one for one in statements if one.get("Sid") != label]
    if len(kept) == len(statements):
        raise _bad_label(label, "can't find label on existing policy.")
    queue._policy_json = queue._policy_json | {"Statement": kept}


def _check(actions: list[str], accounts: list[str], label: str) -> None:
    if not actions:
        raise Refused("MissingParameter", "The request must contain the parameter Actions.")
    if not accounts or not all(map(ACCOUNT.fullmatch, accounts)):
        named = ", ".join(accounts)
        raise Refused(INVALID, f"Value [{named}] for parameter PrincipalId is invalid. Reason: Unable to verify.")
    if len(actions) > MOST_ACTIONS:
        raise Refused("OverLimit", f"{len(actions)} Actions were found, maximum allowed is {MOST_ACTIONS}.")
    for action in actions:
        if action not in Queue.ALLOWED_PERMISSIONS:
            reason = "Only the queue owner is allowed to invoke this action."
            raise Refused(INVALID, f"Value SQS:{action} for parameter ActionName is invalid. Reason: {reason}")
    if not NAME.fullmatch(label):  # documented to be as a queue's name; the wording is ours
        raise _bad_label(label, BAD_NAME)


def _bad_label(label: str, reason: str) -> Refused:
    return Refused(INVALID, f"Value {label} for parameter Label is invalid. Reason: {reason}")


def _one_or_all(texts: list[str]) -> str | list[str]:
    return texts[0] if len(texts) == 1 else texts


# By their names in moto's `SQSBackend`.
METHODS: dict[str, Callable[..., Any]] = {"add_permission": add_permission, "remove_permission": remove_permission}
