"""A queue's policy: which form SQS takes, and which account and action it lets in.

Only the simplest rule of AWS stands here: another account gets in where an Allow statement names it for the action.
Deny statements, conditions and IAM policies are not evaluated.
"""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from typing import Any

from labkit.rules.refused import Refused

VERSIONS = ("2012-10-17", "2008-10-17")
EFFECTS = ("Allow", "Deny")
# Of each pair a statement has one.
PAIRS = (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource"))


def check(policy: Any) -> None:
    """Raise `Refused` for a policy without statements, or one with a statement that lacks what AWS requires."""
    try:
        parsed = json.loads(policy) if isinstance(policy, str) else policy
    except ValueError:
        parsed = None
    if not _is_policy(parsed):
        raise Refused("InvalidAttributeValue", "Invalid value for the parameter Policy.")


def _is_policy(policy: Any) -> bool:
    if not isinstance(policy, dict) or not _is_version(policy.get("Version")):
        return False
    given = policy.get("Statement")
    statements = given if isinstance(given, list) else [given]
    return bool(statements) and all(isinstance(one, dict) and _is_statement(one) for one in statements)


def _is_version(given: Any) -> bool:
    return given is None or (isinstance(given, str) and given in VERSIONS)


def _is_statement(statement: dict[str, Any]) -> bool:
    has_one_each = all((one in statement) != (other in statement) for one, other in PAIRS)
    if statement.get("Effect") not in EFFECTS or not has_one_each:
        return False
    principal, action, resource = (statement[one if one in statement else other] for one, other in PAIRS)
    sound = isinstance(statement.get("Sid", ""), str) and isinstance(statement.get("Condition", {}), dict)
    return sound and _are_principals(principal) and _are_texts(action) and _are_texts(resource)


def _are_principals(given: Any) -> bool:
    """Everybody ("*"), or lists of them by their kind: AWS, Service, Federated."""
    return given == "*" or (isinstance(given, dict) and bool(given) and all(map(_are_texts, given.values())))


def _are_texts(given: Any) -> bool:
    texts = given if isinstance(given, list) else [given]
    return bool(texts) and all(isinstance(one, str) and one for one in texts)


def statements(policy: Any) -> list[dict[str, Any]]:
    """The statements of a policy that passed the check; a single one may stand without a list."""
    given = policy.get("Statement") or []
    return [given] if isinstance(given, dict) else list(given)


def lets_in(policy: Any, caller: str, action: str) -> bool:
    """Whether a policy lets another account do an action; what `check` would refuse lets nobody in."""
    return _is_policy(policy) and any(_allows(one, caller, action) for one in statements(policy))


def _allows(statement: dict[str, Any], caller: str, action: str) -> bool:
    principal = statement.get("Principal", {})
    named = _texts(principal.get("AWS", []) if isinstance(principal, dict) else principal)
    acts = [pattern.lower() for pattern in _texts(statement.get("Action", []))]
    wanted = f"sqs:{permission(action)}".lower()
    return (
        statement["Effect"] == "Allow"
        and any(_names(one, caller) for one in named)
        and any(fnmatchcase(wanted, pattern) for pattern in acts)
    )


def _names(principal: str, account: str) -> bool:
    return principal in ("*", account) or re.fullmatch(rf"arn:[^:]+:(iam|sts)::{account}:.+", principal) is not None


def permission(action: str) -> str:
    """The permission that an action needs: a batch needs that of the action that it repeats."""
    return action.removesuffix("Batch")


def _texts(given: Any) -> list[str]:
    return [given] if isinstance(given, str) else list(given)
