"""Server-side encryption of a queue: one type at a time, and a KMS key that exists and can be used."""

from __future__ import annotations

from typing import Any

from labkit.aws import keys
from labkit.aws.keys import unusable
from labkit.rules import Refused

MANAGED = "alias/aws/sqs"
BOTH = "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE."


def check(attributes: dict[str, Any]) -> None:
    """Raise `Refused` where both types are asked for, or a switch is neither true nor false."""
    managed = str(attributes.get("SqsManagedSseEnabled", "false")).lower()
    if managed not in ("true", "false"):
        raise Refused("InvalidAttributeValue", "Invalid value for the parameter SqsManagedSseEnabled.")
    if attributes.get("KmsMasterKeyId") and managed == "true":
        raise Refused("InvalidAttributeValue", BOTH)


def one_type(queue: Any, attributes: dict[str, Any]) -> dict[str, Any]:
    """What else a change means: SSE-SQS turned on takes the place of a KMS key, and of one that is taken away.

    That it comes back with the key's end is reported (localstack, pull request 13780).
    """
    if str(attributes.get("SqsManagedSseEnabled", "")).lower() == "true":
        return attributes | {"KmsMasterKeyId": None}
    if queue.kms_master_key_id and attributes.get("KmsMasterKeyId") == "":
        return {"SqsManagedSseEnabled": True} | attributes
    return attributes


def check_key(queue: Any) -> None:
    """Raise `Refused` for a call on messages whose queue names a KMS key that is unknown or not enabled.

    At once: AWS may go on with a data key that it has, for up to KmsDataKeyReusePeriodSeconds. No key policy is asked.
    """
    name = queue.kms_master_key_id
    if not name or name == MANAGED:
        return
    reason = unusable(name, key_of(queue))
    if reason is not None:
        raise Refused(f"Kms{reason.code}", reason.text)


def key_of(queue: Any) -> Any:
    """moto's KMS key that encrypts a queue; None when there is none of that name."""
    return keys.key_of(queue.kms_master_key_id, queue.account_id, queue.region)
