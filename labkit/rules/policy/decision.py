"""The decision over all policies that bear on a request: an explicit Deny first, an implicit one last.

As AWS draws it, within an account and across accounts. A further kind of policy is a further pair in the list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from labkit.rules.policy.document import Policy
from labkit.rules.policy.principals import Grant, PrincipalType
from labkit.rules.policy.request import Request
from labkit.rules.policy.statement import Effect, Miss, Statement


class Kind(Enum):
    """What a policy is attached to, and so what it can do."""

    RESOURCE = "resource"  # of a queue, topic, bucket, function
    KEY = "key"  # of a KMS key: without it nobody gets in, not even the owner
    IDENTITY = "identity"  # of a user, a role, a group
    BOUNDARY = "boundary"
    SESSION = "session"
    SERVICE_CONTROL = "service control"
    RESOURCE_CONTROL = "resource control"
    ENDPOINT = "endpoint"


OF_RESOURCES = (Kind.RESOURCE, Kind.KEY)
# They never let anybody in; where one is attached, it must allow too. Several of one level count as one policy.
LIMITS = (Kind.SERVICE_CONTROL, Kind.RESOURCE_CONTROL, Kind.ENDPOINT)
LIMITS_OF_WHO_ASKS = (Kind.BOUNDARY, Kind.SESSION)


class Outcome(Enum):
    """What became of a request."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicit deny"
    IMPLICIT_DENY = "implicit deny"


class Looked(NamedTuple):
    """One statement that was looked at, and why it doesn't apply, or None."""

    kind: Kind
    statement: Statement
    miss: Miss | None

    @property
    def allows(self) -> bool:
        """Whether it applies and allows."""
        return self.miss is None and self.statement.effect is Effect.ALLOW

    @property
    def denies(self) -> bool:
        """Whether it applies and denies."""
        return self.miss is None and self.statement.effect is Effect.DENY


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, and what it comes from: the kind of policy that decided, and its statement.

    An implicit deny has no statement; `kind` then says what should have allowed. An account's root user needs neither.
    """

    outcome: Outcome
    kind: Kind | None
    statement: Statement | None
    looked: tuple[Looked, ...]

    @property
    def allowed(self) -> bool:
        """Whether the request is allowed."""
        return self.outcome is Outcome.ALLOWED


Attached = tuple[Kind, Policy]


def decide(request: Request, policies: Iterable[Attached]) -> Decision:
    """Decide on a request by the policies that bear on it, each with its kind."""
    read = [
        (kind, [Looked(kind, statement, statement.miss(request)) for statement in policy.statements])
        for kind, policy in policies
    ]
    looked = tuple(one for _, found in read for one in found)
    for one in looked:
        if one.denies:
            return Decision(Outcome.EXPLICIT_DENY, one.kind, one.statement, looked)
    granting = max(
        (one for one in looked if one.kind in OF_RESOURCES and one.allows),
        key=lambda one: one.statement.grant(request).value,
        default=None,
    )
    missing = _missing(request, read, granting and granting.statement.grant(request))
    if missing is not None:
        return Decision(Outcome.IMPLICIT_DENY, missing, None, looked)
    by = granting or next((one for one in looked if one.kind is Kind.IDENTITY and one.allows), None)
    return Decision(Outcome.ALLOWED, by and by.kind, by and by.statement, looked)


Read = list[tuple[Kind, list[Looked]]]


def _missing(request: Request, read: Read, granted: Grant | None) -> Kind | None:
    """The kind of policy that should allow and doesn't, in the order in which AWS asks; `granted` by the resource."""
    limit = _limit(read, LIMITS)
    if limit is not None:
        return limit
    who = request.principal
    is_own = who.account == request.account
    key = any(kind is Kind.KEY for kind, _ in read)
    if granted is None and (key or not is_own):
        return Kind.KEY if key else Kind.RESOURCE
    if who.account is None:  # a service or nobody in particular: there is no identity to attach a policy to
        return None
    # Within an account a policy of the resource that names who asks is enough. One that names the account leaves it
    # to the account, and one of another account's resource always does.
    enough = is_own and granted in (Grant.DIRECT, Grant.THROUGH)
    if not enough and not who.is_root and not _allowed(read, Kind.IDENTITY):
        return Kind.IDENTITY
    if is_own and granted is Grant.DIRECT:
        return None
    # A federated user's session can do what a policy of the session says, and without one nothing.
    if who.type is PrincipalType.FEDERATED and not any(kind is Kind.SESSION for kind, _ in read):
        return Kind.SESSION
    return _limit(read, LIMITS_OF_WHO_ASKS)


def _limit(read: Read, limits: tuple[Kind, ...]) -> Kind | None:
    missing = {kind for kind, found in read if kind in limits and not any(one.allows for one in found)}
    return next((kind for kind in limits if kind in missing), None)


def _allowed(read: Read, wanted: Kind) -> bool:
    return any(one.allows for kind, found in read if kind is wanted for one in found)
