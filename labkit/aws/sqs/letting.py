"""Whether a queue lets a service send to it: its own policy, and that of the KMS key that encrypts it."""

from __future__ import annotations

from typing import Any

from labkit.aws.keys import ENCRYPTING, unusable
from labkit.aws.policies import policy_of
from labkit.aws.records import Records
from labkit.causes import Obstacle
from labkit.rules.policy import Kind, Policy, decide_service_call

from . import encryption

SENDING = "sqs:SendMessage"


def obstacle(lab: Records, queue: Any, service: str, source: str, account: str) -> Obstacle | None:
    """What keeps a service from sending for a resource of an account, `source` its ARN; None when nothing does.

    [fanout-2] [snssec-6]
    """
    by = (service, source, account)
    if not _may(lab, policy_of(queue), by, SENDING, queue.queue_arn, Kind.RESOURCE):
        return Obstacle.NOT_ALLOWED
    name = queue.kms_master_key_id
    if not name:
        return None
    key = encryption.key_of(queue)
    # The policy of a key that AWS manages can't be changed, and lets in nobody but SQS.
    if name == encryption.MANAGED or unusable(name, key) is not None:
        return Obstacle.KEY_NOT_ALLOWED
    policy = Policy.of(key.policy)
    allowed = all(_may(lab, policy, by, action, key.arn, Kind.KEY) for action in ENCRYPTING)
    return None if allowed else Obstacle.KEY_NOT_ALLOWED


def _may(lab: Records, policy: Policy, by: tuple[str, str, str], action: str, resource: str, kind: Kind) -> bool:
    region = by[1].split(":")[3] or resource.split(":")[3]  # a bucket's ARN has none
    return decide_service_call(policy, *by, action, resource, region, lab.scheduler.now, kind=kind)[1].allowed
