"""Decisions on calls through an API, of which a lab knows the account and no more."""

from __future__ import annotations

from collections.abc import Mapping

from labkit.rules.policy.decision import Decision, Kind, decide
from labkit.rules.policy.document import Policy
from labkit.rules.policy.principals import Principal
from labkit.rules.policy.request import Given, Request, context_of_call, context_of_service

# The policies of users and roles, which a lab doesn't have: as if theirs let them do everything.
MAY_ALL = Policy.of({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, identity=True)


def decide_call(
    policy: Policy, account: str, action: str, resource: str, region: str, now: int, more: Mapping[str, Given] = {},
    kind: Kind = Kind.RESOURCE,
) -> tuple[Request, Decision]:  # fmt: skip
    """Decide by a resource's policy on an account's call on it; also returns the request that it makes.

    A call in a lab doesn't say which identity makes it: it is the root user's, or else that of a user or role whom
    the policy names, because such a one could be made. `more` are the service's own keys.
    """
    root = _decide(policy, Principal.root(account, resource.split(":")[1]), action, resource, region, now, more, kind)
    if root[1].allowed:
        return root
    others = (
        _decide(policy, Principal.of_arn(arn), action, resource, region, now, more, kind)
        for arn in policy.identities(account)
    )
    return next((one for one in others if one[1].allowed), root)


def decide_service_call(
    policy: Policy, service: str, source: str, source_account: str, action: str, resource: str, region: str, now: int,
    more: Mapping[str, Given] = {}, kind: Kind = Kind.RESOURCE,
) -> tuple[Request, Decision]:  # fmt: skip
    """Decide by a resource's policy on what a service does there because of another resource, `source` its ARN."""
    owner = resource.split(":")[4]
    context = context_of_service(service, source, source_account, owner, region, now) | dict(more)
    request = Request.of(Principal.service(service), action, resource, context, owner)
    return request, decide(request, [(kind, policy)])


def _decide(
    policy: Policy, who: Principal, action: str, resource: str, region: str, now: int, more: Mapping[str, Given],
    kind: Kind,
) -> tuple[Request, Decision]:  # fmt: skip
    owner = resource.split(":")[4]
    context = context_of_call(who, owner, region, now) | dict(more)
    request = Request.of(who, action, resource, context, owner)
    return request, decide(request, [(kind, policy), *([] if who.is_root else [(Kind.IDENTITY, MAY_ALL)])])
