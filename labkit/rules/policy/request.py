"""A request as policies see it: who asks for which action on what, and what else is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from labkit.rules.message import SECOND
from labkit.rules.policy.principals import Principal, PrincipalType
from labkit.rules.policy.wildcards import Value

Given = Value | bool | int | float | Iterable[Value]
# Calls of a lab come from its own machine, whichever door they take.
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for what. `account` owns the resource; the keys of `context` are in small letters, as is `act`."""

    principal: Principal
    action: str
    resource: str
    account: str
    context: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    act: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "act", self.action.lower())

    @classmethod
    def of(
        cls, principal: Principal, action: str, resource: str,
        context: Mapping[str, Given] | None = None, account: str | None = None,
    ) -> Request:  # fmt: skip
        """A request with what is known of it as one likes to write it; the owner is in the ARN, but not in all."""
        owner = account if account is not None else (resource.split(":", 5) + [""] * 5)[4]
        values = {key.lower(): _values(value) for key, value in (context or {}).items()}
        return cls(principal, action, resource, owner, values)


def _values(given: Given) -> tuple[Value, ...]:
    if isinstance(given, str | bytes):
        return (given,)
    if isinstance(given, bool):
        return (str(given).lower(),)
    return (str(given),) if isinstance(given, int | float) else tuple(given)


def context_of_call(principal: Principal, account: str, region: str, now: int, secure: bool = True) -> dict[str, Given]:
    """The global keys of a call that somebody makes through the API at `now` on a resource of `account`.

    AWS's endpoints for programs are https, whatever carries a lab's calls. `now` in microseconds since 1970.
    """
    keys: dict[str, Given] = _of_any(account, region, now, secure) | {
        "aws:SourceIp": LOOPBACK,
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalType": principal.type.value,
    }
    if principal.account is not None:
        keys |= {"aws:PrincipalAccount": principal.account, "aws:PrincipalArn": _acting(principal)}
    if principal.is_root:
        keys["aws:userid"] = str(principal.account)
    return keys


def _acting(principal: Principal) -> str:
    """aws:PrincipalArn: of a role's session the role's ARN, not the session's."""
    return principal.names[1][1] if principal.type is PrincipalType.ROLE else principal.arn


def context_of_service(
    service: str, source: str, source_account: str, account: str, region: str, now: int
) -> dict[str, Given]:
    """The global keys of a call that a service makes because of a resource: `source` is the ARN, a topic's say."""
    return _of_any(account, region, now, True) | {
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": service,
        "aws:PrincipalServiceNamesList": [service],
        "aws:SourceArn": source,
        "aws:SourceAccount": source_account,
    }


def _of_any(account: str, region: str, now: int, secure: bool) -> dict[str, Given]:
    at = datetime.fromtimestamp(now // SECOND, UTC)
    return {
        "aws:CurrentTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": str(now // SECOND),
        "aws:SecureTransport": secure,
        "aws:RequestedRegion": region,
        "aws:ResourceAccount": account,
        "aws:ViaAWSService": "false",
    }
