"""A topic's policy: the form in which SNS takes one."""

from __future__ import annotations

from typing import Any

from labkit.rules.policy import form
from labkit.rules.policy.wildcards import actions
from labkit.rules.topics.publication import wrong

# What a topic's policy can be about: "Amazon SNS API permissions", docs.aws.amazon.com/sns/latest/dg, 2026-11-30;
# Receive stands in the policy that SNS gives a new topic.
ACTIONS = frozenset(
    "AddPermission DeleteTopic GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource "
    "Publish PutDataProtectionPolicy Receive RemovePermission SetTopicAttributes Subscribe".split()
)
_WHOLE = frozenset(f"sns:{action}".lower() for action in ACTIONS)


def check(policy: Any) -> None:
    """Raise `Refused` for a policy that is none, or one about actions that are not a topic's.

    Both sentences are reported by users of SNS. That an action with a wildcard is taken where it means one of a topic's
    is read from AWS's own example with sns:*.
    """
    found = form.parsed(policy)
    if not form.is_policy(found):
        raise wrong("Policy Error: null")
    named = [action for one in form.statements(found) for action in form.texts(one.get("Action", []))]
    if not all(map(_is_in_scope, named)):
        raise wrong("Policy statement action out of service scope!")


def _is_in_scope(action: str) -> bool:
    means = actions([action])
    return any(one in means for one in _WHOLE)
