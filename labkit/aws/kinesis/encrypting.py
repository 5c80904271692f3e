"""Server-side encryption of a stream: the key is asked of whoever writes or reads, not of Kinesis."""

from __future__ import annotations

from typing import Any

from moto.kinesis.models import Stream

from labkit.aws.asked import Asked, Given
from labkit.aws.keys import key_of, unusable
from labkit.aws.records import Records
from labkit.rules import Refused
from labkit.rules.policy import Kind, Policy, decide_call, refusal

from .stores import rules_of, stream_of

KMS, NONE = "KMS", "NONE"
# The key that AWS manages for Kinesis lets in the account's own callers alone.
MANAGED = "alias/aws/kinesis"
WRITING, READING = "kms:GenerateDataKey", "kms:Decrypt"


def start_stream_encryption(lab: Records, asked: Asked) -> Given:
    """StartStreamEncryption: what is written from now on is encrypted. [kinsec-3]"""
    stream = stream_of(lab, asked)
    rules_of(stream, lab).check_active()
    name = asked.given["KeyId"]
    if name != MANAGED:
        _usable(name, stream)
    stream.encryption_type, stream.key_id = KMS, name
    return {}


def stop_stream_encryption(lab: Records, asked: Asked) -> Given:
    """StopStreamEncryption."""
    stream = stream_of(lab, asked)
    rules_of(stream, lab).check_active()
    stream.encryption_type, stream.key_id = NONE, None
    return {}


def told(stream: Stream) -> Given:
    """What answers say of the encryption; nothing where there is none."""
    return {"EncryptionType": KMS} if stream.encryption_type == KMS else {}


def check_key(lab: Records, stream: Stream, account: str, action: str) -> None:
    """Raise `Refused` where a caller cannot use the key of an encrypted stream. [kinsec-3]"""
    name = stream.key_id
    if stream.encryption_type != KMS or (name == MANAGED and account == stream.account_id):
        return
    if name == MANAGED:
        raise Refused("KMSAccessDeniedException", "The key alias/aws/kinesis lets in callers of its own account alone")
    key = _usable(str(name), stream)
    policy, now = Policy.of(key.policy), lab.scheduler.now
    request, decided = decide_call(policy, account, action, key.arn, stream.region, now, kind=Kind.KEY)
    if not decided.allowed:
        raise Refused("KMSAccessDeniedException", refusal(request, decided))


def _usable(name: str, stream: Stream) -> Any:
    key = key_of(name, stream.account_id, stream.region)
    reason = unusable(name, key)
    if reason is not None:
        raise Refused(f"KMS{reason.code}Exception", reason.text)
    return key
