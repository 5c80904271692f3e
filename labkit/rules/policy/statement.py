"""One statement of a policy, and why it doesn't apply to a request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from labkit.rules.policy.arns import completed, resource_matcher
from labkit.rules.policy.conditions import Condition, Unmet, conditions
from labkit.rules.policy.form import texts
from labkit.rules.policy.principals import Grant, Named
from labkit.rules.policy.request import Request
from labkit.rules.policy.wildcards import Context, OneOf, Piece, actions, has_variable, pieces, resolve

BEFORE_RESOURCE = 5


class Effect(Enum):
    """What a statement does where it applies."""

    ALLOW = "Allow"
    DENY = "Deny"


class Because(Enum):
    """The first of a statement's elements that doesn't fit a request."""

    PRINCIPAL = "Principal"
    ACTION = "Action"
    RESOURCE = "Resource"
    CONDITION = "Condition"


class Miss(NamedTuple):
    """Why a statement doesn't apply; `unmet` says which condition."""

    because: Because
    unmet: Unmet | None = None


class Resources:
    """A Resource or NotResource element."""

    def __init__(self, named: list[str], others: bool, variables: bool) -> None:
        self.others = others
        self.templates = [_template(text, variables) for text in named]
        self.fixed = None if any(map(has_variable, self.templates)) else self._filled_in({})

    def name(self, resource: str, context: Context) -> bool:
        """Whether the element means a resource."""
        forms = self.fixed if self.fixed is not None else self._filled_in(context)
        return forms is not None and (resource in forms) != self.others

    def _filled_in(self, context: Context) -> OneOf | None:
        """A variable that the request doesn't fill in names nothing, and never helps a NotResource: then None."""
        filled = [resolve(template, context) for template in self.templates]
        if self.others and None in filled:
            return None
        return OneOf([one for one in filled if one is not None], resource_matcher)


def _template(text: str, variables: bool) -> tuple[Piece, ...]:
    """Variables may stand behind an ARN's fifth colon only."""
    fields = text.split(":", BEFORE_RESOURCE)
    if not variables or len(fields) <= BEFORE_RESOURCE:
        return pieces(text)
    return (*pieces(":".join(fields[:-1]) + ":"), *pieces(fields[-1], variables=True))


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A statement, compiled. `number` is its place in the policy, from 0."""

    number: int
    sid: str | None
    effect: Effect
    principals: Named | None
    other_principals: bool
    actions: OneOf
    other_actions: bool
    resources: Resources
    conditions: tuple[Condition, ...]

    @classmethod
    def of(cls, number: int, given: dict[str, Any], variables: bool, identity: bool = False) -> Statement:
        """Compile a statement that is well formed; `identity` where it is part of an identity-based policy."""
        principal, other_principals = _element(given, "Principal")
        action, other_actions = _element(given, "Action")
        resource, others = _element(given, "Resource")
        named = [completed(text) if identity else text for text in texts(resource)]
        return cls(
            number,
            given.get("Sid"),
            Effect(given["Effect"]),
            None if identity else Named.of(principal),
            other_principals,
            actions(texts(action)),
            other_actions,
            Resources(named, others, variables),
            conditions(given.get("Condition", {}), variables),
        )

    def miss(self, request: Request) -> Miss | None:
        """Why the statement doesn't apply to a request; None where it does."""
        if self.principals is not None and not self._means(request):
            return Miss(Because.PRINCIPAL)
        if (request.act in self.actions) == self.other_actions:
            return Miss(Because.ACTION)
        if not self.resources.name(request.resource, request.context):
            return Miss(Because.RESOURCE)
        for condition in self.conditions:
            unmet = condition.unmet(request.context)
            if unmet is not None:
                return Miss(Because.CONDITION, unmet)
        return None

    def _means(self, request: Request) -> bool:
        assert self.principals is not None
        if self.other_principals:
            return not self.principals.exempts(request.principal)
        return self.principals.grant(request.principal) is not None

    def grant(self, request: Request) -> Grant:
        """How near an Allow that applies names who asks; an identity-based policy is attached to them."""
        if self.principals is None or self.other_principals:
            return Grant.DIRECT
        return self.principals.grant(request.principal) or Grant.ACCOUNT


def _element(given: dict[str, Any], name: str) -> tuple[Any, bool]:
    """An element, and whether it stands there as its opposite."""
    other = "Not" + name
    return (given[other], True) if other in given else (given.get(name), False)
