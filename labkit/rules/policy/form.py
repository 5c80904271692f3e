"""The form that every resource-based policy has, whichever service it is for."""

from __future__ import annotations

import json
from typing import Any

VERSION, OLD_VERSION = "2012-10-17", "2008-10-17"
EFFECTS = ("Allow", "Deny")
# Of each pair a statement has one.
PAIRS = (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource"))


def parsed(policy: Any) -> Any:
    """A policy's text as JSON, None where it is none; anything else as it is."""
    if not isinstance(policy, str):
        return policy
    try:
        return json.loads(policy)
    except (ValueError, RecursionError):
        return None


def statements(policy: Any) -> list[dict[str, Any]]:
    """The statements of a policy that is one; a single one may stand without a list."""
    given = policy.get("Statement") or []
    return [given] if isinstance(given, dict) else list(given)


def is_policy(policy: Any, identity: bool = False) -> bool:
    """Whether a parsed policy has the form; a part of an identity-based one names no principal."""
    if not isinstance(policy, dict) or not _is_version(policy.get("Version")):
        return False
    given = policy.get("Statement")
    found = given if isinstance(given, list) else [given]
    return bool(found) and all(isinstance(one, dict) and _is_statement(one, identity) for one in found)


def _is_version(given: Any) -> bool:
    return given is None or (isinstance(given, str) and given in (VERSION, OLD_VERSION))


def _is_statement(statement: dict[str, Any], identity: bool) -> bool:
    pairs = PAIRS[1:] if identity else PAIRS
    has_one_each = all((one in statement) != (other in statement) for one, other in pairs)
    effect = statement.get("Effect")
    if not isinstance(effect, str) or effect not in EFFECTS or not has_one_each:
        return False
    if identity and any(one in statement for one in PAIRS[0]):
        return False
    elements = [(one, statement[one if one in statement else other]) for one, other in pairs]
    sound = isinstance(statement.get("Sid", ""), str) and isinstance(statement.get("Condition", {}), dict)
    return sound and all(
        _are_principals(given) if name == "Principal" else are_texts(given) for name, given in elements
    )


def _are_principals(given: Any) -> bool:
    """Everybody ("*"), or lists of them by their kind: AWS, Service, Federated, CanonicalUser."""
    return given == "*" or (isinstance(given, dict) and bool(given) and all(map(are_texts, given.values())))


def texts(given: Any) -> list[str]:
    """The texts of an element, which may be a single one."""
    return [given] if isinstance(given, str) else list(given)


def are_texts(given: Any) -> bool:
    """A text, or several, none of them empty."""
    texts = given if isinstance(given, list) else [given]
    return bool(texts) and all(isinstance(one, str) and one for one in texts)
