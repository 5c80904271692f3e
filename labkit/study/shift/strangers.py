"""Who gets in that should not: other accounts and other topics at queues, other accounts at a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from labkit.aws.sqs.stores import all_queues, rules_of
from labkit.rules.policy import Kind, Policy, Principal, Request, context_of_call, decide

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

STRANGER = "333344445555"
ACCOUNT, TOPIC = "account", "topic"


def bodies(lab: Lab, name: str) -> list[str]:
    """What a queue of the lab's own account holds."""
    found = [queue for queue in all_queues() if queue.name == name]
    return [one.body for queue in found for one in rules_of(queue, lab).stored()]


def send(lab: Lab, account: str, name: str) -> str:
    """Let another account send to a queue; returns the error's code, none where it could."""
    url = f"https://sqs.{lab.region}.amazonaws.com/{lab.account}/{name}"
    try:
        lab.client("sqs", account=account).send_message(QueueUrl=url, MessageBody="return-1")
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return ""


def intruders(lab: Lab, names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Let another account and two topics, one of them one's own, try queues; yields (queue, kind, who) got in."""
    for name in names:
        if not send(lab, STRANGER, name):
            yield name, ACCOUNT, STRANGER
        queue = f"arn:aws:sqs:{lab.region}:{lab.account}:{name}"
        for topic, sns in (("news", lab.client("sns")), ("spam", lab.client("sns", account=STRANGER))):
            before = len(bodies(lab, name))
            source = sns.create_topic(Name=topic)["TopicArn"]
            sns.subscribe(TopicArn=source, Protocol="sqs", Endpoint=queue)
            sns.publish(TopicArn=source, Message="advertisement")
            if len(bodies(lab, name)) > before:
                yield name, TOPIC, topic


def may_use_key(lab: Lab, key: str, policy: Any, account: str, action: str) -> bool:
    """Whether the policy of a KMS key lets an account's root user do something."""
    who = Principal.root(account)
    context = context_of_call(who, lab.account, lab.region, lab.scheduler.now)
    request = Request.of(who, action, key, context, lab.account)
    return decide(request, [(Kind.KEY, Policy.of(policy))]).allowed
