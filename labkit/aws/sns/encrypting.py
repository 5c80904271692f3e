"""Topics that are encrypted at rest: who publishes to one must be let in by its KMS key, as well as by the topic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.sns.models import Topic

from labkit.aws.keys import ENCRYPTING, key_of, unusable
from labkit.aws.records import Records
from labkit.rules import Refused
from labkit.rules.policy import Kind, Policy, decide_call, decide_service_call, refusal

from .errors import SERVICE
from .stores import TopicSettings

# The key that AWS manages for SNS: its policy cannot be changed, and lets in callers of its own account alone.
MANAGED = "alias/aws/sns"
DENIED = "KMSAccessDenied"
Decide = Callable[[Policy, str, str], Any]


def check_call(lab: Records, topic: Topic, account: str) -> None:
    """Raise `Refused` where an account's call cannot use the topic's key. [snssec-2]"""
    now, region = lab.scheduler.now, topic.sns_backend.region_name
    _check(
        topic,
        account == topic.account_id,
        lambda policy, action, key: decide_call(policy, account, action, key, region, now, kind=Kind.KEY),
    )


def check_service(lab: Records, topic: Topic, service: str, source: str, account: str) -> None:
    """Raise `Refused` where a service cannot use the topic's key for a resource of an account, `source` its ARN.

    This is why alarms are silent at topics that are encrypted with alias/aws/sns. [topic-key-services]
    """
    now, region = lab.scheduler.now, topic.sns_backend.region_name

    def decided(policy: Policy, action: str, key: str) -> Any:
        return decide_service_call(policy, service, source, account, action, key, region, now, kind=Kind.KEY)

    _check(topic, False, decided)


def can_read_archive(lab: Records, topic: Topic) -> bool:
    """Whether SNS itself may use the topic's key, without which it cannot replay what it has archived.

    The key that counts is the one that the messages were encrypted with; here the one that the topic has now.
    """
    try:
        check_service(lab, topic, SERVICE, topic.arn, topic.account_id)
    except Refused:
        return False
    return True


def _check(topic: Topic, is_own: bool, decided: Decide) -> None:
    name = TopicSettings(topic).text("KmsMasterKeyId")
    if not name or (name == MANAGED and is_own):
        return
    if name == MANAGED:
        raise Refused(DENIED, "The key alias/aws/sns lets in callers of its own account alone")  # our wording
    key = key_of(name, topic.account_id, topic.sns_backend.region_name)
    reason = unusable(name, key)
    if reason is not None:
        raise Refused(f"KMS{reason.code}", reason.text)
    policy = Policy.of(key.policy)
    for action in ENCRYPTING:
        request, decision = decided(policy, action, key.arn)
        if not decision.allowed:
            raise Refused(DENIED, refusal(request, decision))
