"""Who lets a topic into a queue: the queue's policy, its KMS key's, and whoever owns the topic."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from labkit.aws.clients import ACCOUNT
from labkit.aws.lab import Lab
from labkit.probes import wrong_fan_out as wrong
from labkit.probes.bench import ACCEPTED, Bench
from labkit.probes.dead_letter_bench import arn, waiting
from labkit.probes.registry import probe
from labkit.probes.topic_bench import lets, messages, policy_of, publish, subscribe, texts, topic, total
from labkit.probes.worlds import MOCK_ALONE

OTHER = "222233334444"
DAY = 86_400
SEND, KEY_USES = "sqs:SendMessage", ("kms:GenerateDataKey", "kms:Decrypt")


def _from(source: str) -> dict[str, dict[str, str]]:
    return {"ArnEquals": {"aws:SourceArn": source}}


def _set_policy(bench: Bench, url: str, *statements: Mapping[str, Any]) -> None:
    bench.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy_of(*statements)})


@probe(
    "fanout-8",
    "Received with the policy: {right}; with none: {none}; for another action: {action}; from another ARN: {source}",
    wrong=MOCK_ALONE,
)
def let_in_or_not(bench: Bench) -> None:
    orders = topic(bench)
    urls = {name: subscribe(bench, orders, name, lets=False) for name in ("right", "none", "action", "source")}
    for name, action, source in (
        ("right", SEND, orders),
        ("action", "sqs:ReceiveMessage", orders),
        ("source", SEND, ""),
    ):
        queue = arn(bench, urls[name])
        _set_policy(bench, urls[name], lets("sns", action, queue, _from(source or queue)))
    publish(bench, orders)
    for name, url in urls.items():
        bench.see(name, texts(bench, url), ["order-1"] if name == "right" else [])


@probe(
    "fanout-not-retried",
    "Published without a policy, received a day after it was set: {before}; published with it: {after}",
    wrong=MOCK_ALONE,
)
def denied_once_for_all(bench: Bench) -> None:
    orders = topic(bench)
    url = subscribe(bench, orders, "stock", lets=False)
    publish(bench, orders, "order-1")
    bench.let_sns(url, orders)
    bench.wait(DAY)
    bench.see("before", texts(bench, url), [])
    publish(bench, orders, "order-2")
    bench.see("after", texts(bench, url), ["order-2"])


@probe(
    "topic-metrics",
    "Two orders for a queue that lets nobody in and one that does; failed: {failed}, delivered: {delivered}",
    wrong=MOCK_ALONE,
)
def counted_by_the_minute(bench: Bench) -> None:
    orders = topic(bench)
    subscribe(bench, orders, "stock", lets=False)
    subscribe(bench, orders, "mail")
    for order in ("order-1", "order-2"):
        publish(bench, orders, order)
    bench.wait(120)
    bench.see("failed", total(bench, "NumberOfNotificationsFailed"), 2.0)
    bench.see("delivered", total(bench, "NumberOfNotificationsDelivered"), 2.0)


def _dead_letters(bench: Bench, lets: bool) -> str:
    """A dead-letter queue behind a subscription whose queue lets nobody in; one order is published."""
    orders, dead = topic(bench, f"orders-{lets}"), bench.create(f"dead-orders-{lets}")
    if lets:
        bench.let_sns(dead, orders)
    redrive = json.dumps({"deadLetterTargetArn": arn(bench, dead)})
    subscribe(bench, orders, f"stock-{lets}", {"RedrivePolicy": redrive}, lets=False)
    subscribe(bench, orders, f"mail-{lets}", lets=False)
    publish(bench, orders)
    return dead


@probe(
    "fanout-dead-letters",
    "Two deliveries denied, one subscription with a dead-letter queue; it keeps {kept}",
    wrong=MOCK_ALONE,
)
def kept_for_one_subscription(bench: Bench) -> None:
    bench.see("kept", texts(bench, _dead_letters(bench, lets=True)), ["order-1"])


@probe(
    "fanout-dead-letters-policy",
    "The dead-letter queue keeps with a policy: {let}; without: {unlet}",
    wrong=MOCK_ALONE,
)
def dead_letters_need_a_policy(bench: Bench) -> None:
    bench.see("let", waiting(bench, _dead_letters(bench, lets=True)), 1)
    bench.see("unlet", waiting(bench, _dead_letters(bench, lets=False)), 0)


@probe(
    "fanout-source-arn",
    "Topics that could send without a condition: {any}; with aws:SourceAccount: {account}; with aws:SourceArn: {topic}",
    wrong=wrong.CONFINED,
)
def whom_a_condition_keeps_out(bench: Bench) -> None:
    assert isinstance(bench.lab, Lab)
    theirs = bench.lab.client("sns", account=OTHER)
    topics = {"orders": topic(bench), "news": topic(bench, "news")}
    topics["theirs"] = theirs.create_topic(Name="theirs")["TopicArn"]
    conditions = {
        "any": None,
        "account": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        "topic": _from(topics["orders"]),
    }
    expected = {"any": ["news", "orders", "theirs"], "account": ["news", "orders"], "topic": ["orders"]}
    for name, condition in conditions.items():
        url = bench.create(name)
        _set_policy(bench, url, lets("sns", SEND, arn(bench, url), condition))
        for source, one in topics.items():
            sns = theirs if source == "theirs" else bench.client("sns")
            sns.subscribe(TopicArn=one, Protocol="sqs", Endpoint=arn(bench, url))
            sns.publish(TopicArn=one, Message=source)
        came = {json.loads(one["Body"])["TopicArn"].rpartition(":")[2] for one in messages(bench, url)}
        bench.see(name, sorted(came), expected[name])


@probe(
    "fanout-asked",
    "A topic of another account subscribes a queue: {answer}; the queue is sent {first} and not {kept}; after"
    " ConfirmSubscription: {then}",
    wrong=wrong.NO_CONSENT,
)
def asked_by_a_stranger(bench: Bench) -> None:
    assert isinstance(bench.lab, Lab)
    theirs = bench.lab.client("sns", account=OTHER)
    news = theirs.create_topic(Name="news")["TopicArn"]
    url = bench.create("stock")
    given = {"TopicArn": news, "Protocol": "sqs", "Endpoint": bench.let_sns(url, news)}
    bench.see("answer", theirs.subscribe(**given)["SubscriptionArn"], "pending confirmation")
    bench.see("kept", "news-1")
    theirs.publish(TopicArn=news, Message="news-1")
    came = [json.loads(one["Body"]) for one in messages(bench, url)]
    bench.see("first", [one["Type"] for one in came], ["SubscriptionConfirmation"])
    bench.client("sns").confirm_subscription(TopicArn=news, Token=came[0].get("Token", ""))
    theirs.publish(TopicArn=news, Message="news-2")
    bench.see("then", texts(bench, url), ["news-2"])


@probe(
    "fanout-policy-replaced",
    "A policy for the first topic, then one for the second; received: {received}",
    wrong=wrong.ADDS,
)
def the_last_policy_is_all(bench: Bench) -> None:
    orders, refunds = topic(bench), topic(bench, "refunds")
    url = subscribe(bench, orders, "stock")
    queue = bench.let_sns(url, refunds)
    bench.client("sns").subscribe(TopicArn=refunds, Protocol="sqs", Endpoint=queue)
    publish(bench, orders, "order-1")
    publish(bench, refunds, "refund-1")
    bench.see("received", texts(bench, url), ["refund-1"])


# Encryption


def _through(bench: Bench, name: str, **encryption: Any) -> list[str]:
    """What reaches an encrypted queue that lets SNS in."""
    orders = topic(bench, f"orders-{name}")
    url = bench.create(name, **encryption)
    bench.client("sns").subscribe(TopicArn=orders, Protocol="sqs", Endpoint=bench.let_sns(url, orders))
    publish(bench, orders)
    return texts(bench, url)


@probe("fanout-sse-sqs", "Encrypted by SQS with its own keys; received: {received}", wrong=wrong.ONE_ENCRYPTION)
def encrypted_by_sqs(bench: Bench) -> None:
    bench.see("received", _through(bench, "stock", SqsManagedSseEnabled="true"), ["order-1"])


@probe("fanout-managed-key", "Encrypted with alias/aws/sqs; received: {received}", wrong=MOCK_ALONE)
def the_key_of_aws(bench: Bench) -> None:
    bench.see("received", _through(bench, "stock", KmsMasterKeyId="alias/aws/sqs"), [])


@probe(
    "fanout-own-key",
    "A customer managed key; received with its default policy: {default}; with one of the two permissions: {one}; with"
    " both: {both}",
    wrong=MOCK_ALONE,
)
def a_key_of_ones_own(bench: Bench) -> None:
    kms = bench.client("kms")
    for name, actions in (("default", []), ("one", [KEY_USES[0]]), ("both", list(KEY_USES))):
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        if actions:
            found = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
            found["Statement"].append(lets("sns", actions, "*"))
            kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(found))
        bench.see(name, _through(bench, name, KmsMasterKeyId=key), ["order-1"] if name == "both" else [])


# Other accounts


@probe(
    "snssec-6",
    "Another account subscribes its queue: {before}; after AddPermission: {after}, and its queue got {received}",
    wrong=wrong.PERMITS_NOTHING,
)
def another_account(bench: Bench) -> None:
    assert isinstance(bench.lab, Lab)
    orders = topic(bench)
    sns, sqs = (bench.lab.client(service, account=OTHER) for service in ("sns", "sqs"))
    url = sqs.create_queue(QueueName="partner")["QueueUrl"]
    queue = f"arn:aws:sqs:us-east-1:{OTHER}:partner"
    given = {"QueueUrl": url, "Attributes": {"Policy": policy_of(lets("sns", SEND, queue, _from(orders)))}}
    sqs.set_queue_attributes(**given)
    for when in ("before", "after"):
        bench.see(when, *_subscribing(sns, orders, queue, when))
        bench.client("sns").add_permission(TopicArn=orders, Label=when, AWSAccountId=[OTHER], ActionName=["Subscribe"])
    publish(bench, orders)
    bench.see("received", len(sqs.receive_message(QueueUrl=url).get("Messages", [])), 1)


def _subscribing(sns: Any, orders: str, queue: str, when: str) -> tuple[str, str]:
    expected = ACCEPTED if when == "after" else "AuthorizationError"
    try:
        sns.subscribe(TopicArn=orders, Protocol="sqs", Endpoint=queue)
    except sns.exceptions.AuthorizationErrorException as refused:
        return refused.response["Error"]["Code"], expected
    return ACCEPTED, expected
