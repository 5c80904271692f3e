"""KMS keys by the names that queues and topics give them, and whether they can be used."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

USABLE = "Enabled"
# What whoever writes to something encrypted needs of its key: a data key, and to verify it.
ENCRYPTING = ("kms:GenerateDataKey", "kms:Decrypt")


class Unusable(NamedTuple):
    """Why a key cannot be used; `code` without the prefix, which each service writes in its own way."""

    code: str
    text: str


def key_of(name: str, account: str, region: str) -> Any:
    """moto's KMS key of that id, ARN or alias; None when there is none. An ARN may be another account's."""
    if "moto.kms.models" not in sys.modules:
        return None
    from moto.kms.models import kms_backends

    if name.startswith("arn:") and name.count(":") >= 5:
        region, account = name.split(":")[3:5]
    if (account, region) == ("", ""):
        return None
    backend = kms_backends[account][region]
    identity = backend.get_key_id_from_alias(name) if "alias/" in name else name
    return backend.keys.get(backend.get_key_id(identity)) if identity else None


def unusable(name: str, key: Any) -> Unusable | None:
    """Why a key, found or not, cannot be used; None when it can."""
    if key is None:
        return Unusable("NotFound", f"Key '{name}' does not exist")
    if key.key_state == "PendingDeletion":
        return Unusable("InvalidState", f"{key.arn} is pending deletion.")
    if key.key_state != USABLE:
        return Unusable("Disabled", f"{key.arn} is disabled.")
    return None
