"""The sentence in which AWS refuses a request, for services that say why."""

from __future__ import annotations

from labkit.rules.policy.decision import Decision, Kind, Outcome
from labkit.rules.policy.request import Request

NOUNS = {
    Kind.RESOURCE: "a resource-based policy",
    Kind.KEY: "a resource-based policy",
    Kind.IDENTITY: "an identity-based policy",
    Kind.BOUNDARY: "a permissions boundary",
    Kind.SESSION: "a session policy",
    Kind.SERVICE_CONTROL: "a service control policy",
    Kind.RESOURCE_CONTROL: "a resource control policy",
    Kind.ENDPOINT: "a VPC endpoint policy",
}


def refusal(request: Request, decision: Decision) -> str:
    """Say that a request isn't allowed and by what; the action stands as the request has it."""
    who = f"User: {request.principal.arn} is not authorized to perform: {request.action}"
    noun = NOUNS[decision.kind or Kind.IDENTITY]
    if decision.outcome is Outcome.EXPLICIT_DENY:
        return f"{who} on resource: {request.resource} with an explicit deny in {noun}"
    _, bare = noun.split(" ", 1)
    return f"{who} on resource: {request.resource} because no {bare} allows the {request.action} action"
