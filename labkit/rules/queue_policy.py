"""A queue's policy: the form in which SQS takes one, and what it decides about a call."""

from __future__ import annotations

from typing import Any

from labkit.rules.policy import Decision, Policy, Request, decide_call, form
from labkit.rules.refused import Refused

statements = form.statements
# What the owner's root user may do whatever the policy says: look at one that denies everybody, edit it, delete it.
# AWS names that task for the root user (account management guide, "actions for project owners"; SQSUnlockQueuePolicy in
# the IAM guide); that these are its actions is read from their descriptions.
UNLOCKING = frozenset({"GetQueueAttributes", "AddPermission", "RemovePermission"})


def check(policy: Any) -> None:
    """Raise `Refused` for a policy without statements, or one with a statement that lacks what AWS requires."""
    if not form.is_policy(form.parsed(policy)):
        raise Refused("InvalidAttributeValue", "Invalid value for the parameter Policy.")


def permission(action: str) -> str:
    """The permission that an action needs: a batch needs that of the action that it repeats."""
    return action.removesuffix("Batch")


def unlocks(operation: str, parameters: dict[str, Any]) -> bool:
    """Whether a call does no more than to look at a queue's policy or to change it."""
    if operation == "SetQueueAttributes":
        return set(parameters.get("Attributes") or {}) == {"Policy"}
    return operation in UNLOCKING


def decide_for(
    policy: Policy, account: str, operation: str, queue: str, region: str, now: int
) -> tuple[Request, Decision]:
    """Decide on an account's call on a queue, by its ARN; also returns the request that it makes."""
    action = f"sqs:{permission(operation).lower()}"  # as SQS writes it when it refuses
    return decide_call(policy, account, action, queue, region, now)
