"""Whether a queue lets SNS send to it for a topic: its own policy, and that of the KMS key that encrypts it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.sns.models import Topic

from labkit.aws.records import Records
from labkit.aws.sqs import encryption
from labkit.aws.sqs.access import policy_of
from labkit.causes import Obstacle
from labkit.rules.policy import Kind, Policy, Principal, Request, context_of_service, decide

SERVICE = "sns.amazonaws.com"
SNS = Principal.service(SERVICE)
SENDING = "sqs:SendMessage"
ENCRYPTING = ("kms:GenerateDataKey", "kms:Decrypt")


def obstacle(lab: Records, topic: Topic, queue: Any) -> Obstacle | None:
    """What keeps SNS from sending to a queue; None when nothing does. [fanout-2] [snssec-6]"""
    if not _may(lab, topic, (SENDING,), queue.queue_arn, Kind.RESOURCE, policy_of(queue)):
        return Obstacle.NOT_ALLOWED
    name = queue.kms_master_key_id
    if not name:
        return None
    key = encryption.key_of(queue)
    # The policy of a key that AWS manages can't be changed, and lets in nobody but SQS.
    if key is None or name == encryption.MANAGED or key.key_state != encryption.USABLE:
        return Obstacle.KEY_NOT_ALLOWED
    allowed = _may(lab, topic, ENCRYPTING, key.arn, Kind.KEY, Policy.of(key.policy))
    return None if allowed else Obstacle.KEY_NOT_ALLOWED


def _may(lab: Records, topic: Topic, actions: Iterable[str], resource: str, kind: Kind, policy: Policy) -> bool:
    """Whether a policy lets SNS do all of these for a topic."""
    owner, region = resource.split(":")[4], topic.sns_backend.region_name
    context = context_of_service(SERVICE, topic.arn, topic.account_id, owner, region, lab.scheduler.now)
    requests = (Request.of(SNS, action, resource, context) for action in actions)
    return all(decide(request, [(kind, policy)]).allowed for request in requests)
