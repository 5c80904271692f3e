"""Who asks, and whom a statement names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

from labkit.rules.policy.form import texts

AWS, SERVICE, FEDERATED, CANONICAL = "AWS", "Service", "Federated", "CanonicalUser"
KINDS = (AWS, SERVICE, FEDERATED, CANONICAL)
# The kind and the text by which a statement can name somebody; an account by its number alone.
Name = tuple[str, str]
ROOT = re.compile(r"arn:[^:]*:iam::([0-9]{12}):root")
IDENTITY = re.compile(r"(arn:[^:]*):(?:iam|sts)::([0-9]{12}):(user|role|assumed-role|federated-user)/(.+)", re.DOTALL)


class PrincipalType(Enum):
    """What somebody is; the values are those of aws:PrincipalType, as far as AWS has one."""

    ACCOUNT = "Account"
    USER = "User"
    ROLE = "AssumedRole"
    FEDERATED = "FederatedUser"
    SERVICE = "Service"
    ANONYMOUS = "Anonymous"


class Grant(Enum):
    """How near a statement names somebody: themselves, what they act as (a role), or their account."""

    DIRECT = 3
    THROUGH = 2
    ACCOUNT = 1


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes a request. `names` goes from the account inward: account, user or role, session."""

    type: PrincipalType
    arn: str
    account: str | None
    names: tuple[Name, ...]

    @classmethod
    def root(cls, account: str, partition: str = "aws") -> Principal:
        """An account's root user."""
        return cls(PrincipalType.ACCOUNT, f"arn:{partition}:iam::{account}:root", account, ((AWS, account),))

    @classmethod
    def service(cls, name: str) -> Principal:
        """An AWS service by its service principal, such as sns.amazonaws.com."""
        return cls(PrincipalType.SERVICE, name, None, ((SERVICE, name),))

    @classmethod
    def anonymous(cls) -> Principal:
        """Somebody who signs nothing."""
        return cls(PrincipalType.ANONYMOUS, "", None, ())

    @classmethod
    def of_arn(cls, arn: str) -> Principal:
        """A root, user, role, role session or federated session by ARN. Raises `ValueError` for another ARN.

        A role's own ARN stands for a session of it that nobody has named.
        """
        if root := ROOT.fullmatch(arn):
            return cls.root(root[1], arn.split(":")[1])
        form = IDENTITY.fullmatch(arn)
        if form is None:
            raise ValueError(f"{arn!r} is no principal's ARN")
        start, account, kind, rest = form.groups()
        inward = [(AWS, account)]
        own = arn
        if kind == "role":
            inward.append((AWS, arn))
            own = ""  # which no policy can name
        if kind == "assumed-role":
            inward.append((AWS, f"{start}:iam::{account}:role/{rest.rpartition('/')[0]}"))
        if kind == "federated-user":
            inward.append((AWS, f"{start}:iam::{account}:user/{rest}"))
        return cls(_TYPES[kind], arn, account, (*inward, (AWS, own)))

    @property
    def is_root(self) -> bool:
        """Whether this is an account's root user."""
        return self.type is PrincipalType.ACCOUNT


_TYPES = {
    "user": PrincipalType.USER,
    "role": PrincipalType.ROLE,
    "assumed-role": PrincipalType.ROLE,
    "federated-user": PrincipalType.FEDERATED,
}


@dataclass(frozen=True, slots=True)
class Named:
    """A Principal element: everybody, or some by name."""

    everyone: bool
    names: frozenset[Name]

    @classmethod
    def of(cls, element: Any) -> Named:
        """Read the element: "*", or texts by their kind."""
        given = element if isinstance(element, dict) else {AWS: element}
        names = {(kind, _normal(text)) for kind, several in given.items() for text in texts(several)}
        return cls((AWS, "*") in names, frozenset(names))

    def grant(self, principal: Principal) -> Grant | None:
        """How the element names somebody; None where it doesn't. A part of a name is never enough."""
        if self.everyone:
            return Grant.DIRECT
        if not principal.names:
            return None
        *outer, own = principal.names
        if own in self.names or (own[0], "*") in self.names:
            return Grant.DIRECT
        if any(name in self.names for name in outer[1:]):
            return Grant.THROUGH
        return Grant.ACCOUNT if outer and outer[0] in self.names else None

    def exempts(self, principal: Principal) -> bool:
        """Whether a NotPrincipal leaves somebody out: only if it names them and all that they act through.

        AWS says that without the account's ARN in it the whole account might be meant; here it always is.
        """
        return self.everyone or (bool(principal.names) and self.names.issuperset(principal.names))

    def identities(self, account: str) -> list[str]:
        """The ARNs of an account's users and roles that it names."""
        found = [text for kind, text in self.names if kind == AWS]
        return sorted(text for text in found if (form := IDENTITY.fullmatch(text)) and form[2] == account)


def _normal(text: str) -> str:
    root = ROOT.fullmatch(text)
    return root[1] if root else text
