"""Whose topic a call means, and whether the topic's policy lets the caller in; how permissions are added to it."""

from __future__ import annotations

import json
from typing import Any

from moto.sns.models import Topic

from labkit.aws.asked import Asked, Given
from labkit.aws.current import current_lab
from labkit.aws.policies import NO_POLICY, policy_of
from labkit.aws.records import Records
from labkit.rules import Refused, topic_policy
from labkit.rules.policy import decide_call, decide_service_call, form, refusal
from labkit.rules.topics.publication import wrong

from .stores import topic_of

# What AWS lets one do to a topic of another account, when its policy does.
ACROSS = frozenset(
    "AddPermission DeleteTopic GetTopicAttributes ListSubscriptionsByTopic Publish RemovePermission "
    "SetTopicAttributes Subscribe".split()
)
# Services that say so. AWS's pages name none; alarms reach new topics, and S3 is refused there (public case s05).
OF_OWNERS = ("cloudwatch.amazonaws.com",)


def topic(asked: Asked, arn: str | None = None) -> Topic:
    """The topic that a call means. Raises `Refused` where there is none, or the caller may not. [snssec-5]"""
    found = topic_of(arn if arn is not None else asked.given["TopicArn"], asked.region)
    owns = found.account_id == asked.account
    if owns and not policy_of(found).denies:  # its own account needs no Allow
        return found
    action = asked.operation.removesuffix("Batch")
    policy = policy_of(found) if owns or action in ACROSS else NO_POLICY
    # AWS's name of the owner of whatever calls, from the days before aws:SourceAccount; a new topic's policy asks it.
    more = {"aws:SourceOwner": asked.account}
    now = current_lab().scheduler.now
    request, decided = decide_call(policy, asked.account, f"SNS:{action}", found.arn, asked.region, now, more)
    if not decided.allowed:
        raise Refused("AuthorizationError", refusal(request, decided))
    return found


def check_service(lab: Records, found: Topic, service: str, source: str, account: str) -> None:
    """Raise `Refused` where a topic's policy does not let a service publish for a resource of an account.

    A new topic's policy lets in who says for whom it acts by AWS:SourceOwner, as alarms do and buckets don't.
    """
    region, more = found.sns_backend.region_name, {"aws:SourceOwner": account} if service in OF_OWNERS else {}
    now, action = lab.scheduler.now, "SNS:Publish"
    request, decided = decide_service_call(
        policy_of(found), service, source, account, action, found.arn, region, now, more
    )
    if not decided.allowed:
        raise Refused("AuthorizationError", refusal(request, decided))


def add_permission(lab: Records, asked: Asked) -> Given:
    """AddPermission: one more statement, which lets accounts do actions."""
    found, label = topic(asked), asked.given["Label"]
    statements = form.statements(found._policy_json)
    if any(one.get("Sid") == label for one in statements):
        raise wrong("Statement already exists")
    accounts = [f"arn:aws:iam::{account}:root" for account in asked.given.get("AWSAccountId") or []]
    actions = [f"SNS:{action}" for action in asked.given.get("ActionName") or []]
    made = {
        "Sid": label,
        "Effect": "Allow",
        "Principal": {"AWS": accounts[0] if len(accounts) == 1 else accounts},
        "Action": actions[0] if len(actions) == 1 else actions,
        "Resource": found.arn,
    }
    put_policy(found, found._policy_json | {"Statement": [*statements, made]})
    return {}


def remove_permission(lab: Records, asked: Asked) -> Given:
    """RemovePermission: the statement of that label goes, if there is one."""
    found = topic(asked)
    left = [one for one in form.statements(found._policy_json) if one.get("Sid") != asked.given["Label"]]
    found._policy_json = found._policy_json | {"Statement": left}
    return {}


def put_policy(topic: Topic, policy: Any) -> None:
    """Set a topic's policy. Raises `Refused` for one in a form that SNS does not take."""
    topic_policy.check(policy)
    topic._policy_json = json.loads(policy) if isinstance(policy, str) else policy
