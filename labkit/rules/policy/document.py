"""A policy, read once from its JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from labkit.rules.policy import form
from labkit.rules.policy.statement import Effect, Statement


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A policy's statements, compiled; `denies` where a Deny is among them."""

    statements: tuple[Statement, ...]
    denies: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "denies", any(one.effect is Effect.DENY for one in self.statements))

    @classmethod
    def of(cls, document: Any, identity: bool = False) -> Policy:
        """Compile a policy, from its text once and for all. What has not a policy's form says nothing about anybody.

        `identity` for one that is attached to a user or role, so that it names no principal.
        """
        return _of_text(document, identity) if isinstance(document, str) else _compiled(document, identity)

    def identities(self, account: str) -> list[str]:
        """The ARNs of an account's users and roles that its Allow statements name."""
        found: dict[str, None] = {}
        for one in self.statements:
            if one.effect is Effect.ALLOW and one.principals is not None and not one.other_principals:
                found |= dict.fromkeys(one.principals.identities(account))
        return list(found)


@lru_cache(maxsize=1_000)
def _of_text(text: str, identity: bool) -> Policy:
    return _compiled(form.parsed(text), identity)


def _compiled(document: Any, identity: bool) -> Policy:
    if not form.is_policy(document, identity):
        return Policy(())
    # In the older version, which also is the one of a policy that names none, ${...} is text.
    variables = document.get("Version") == form.VERSION
    given = form.statements(document)
    return Policy(tuple(Statement.of(number, one, variables, identity) for number, one in enumerate(given)))
