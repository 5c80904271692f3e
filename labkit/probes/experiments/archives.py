"""The archive of a FIFO topic: how long it keeps messages, how it ends, and what a replay brings to a subscription."""

from __future__ import annotations

import json
from typing import Any

from labkit.probes import wrong_fifo as queues
from labkit.probes import wrong_fifo_topics as fifo
from labkit.probes import wrong_publishing as wrong
from labkit.probes.bench import ACCEPTED, Bench
from labkit.probes.fifo_topic_bench import QUEUE, bodies, connect, fifo_topic, publish, take
from labkit.probes.registry import probe
from labkit.probes.topic_bench import RAW
from labkit.probes.worlds import MOCK_ALONE

DAY, HOUR = 86_400, 3_600
BEGINNING = "BeginningArchiveTime"


def archive(days: int) -> dict[str, str]:
    """The attribute by which a topic keeps its messages for so many days."""
    return {"ArchivePolicy": json.dumps({"MessageRetentionPeriod": str(days)})}


def told(second: float) -> str:
    """An instant since the lab was opened, as a replay policy has it."""
    days, rest = divmod(round(second), DAY)
    return f"2026-01-{days + 1:02}T{rest // HOUR:02}:{rest // 60 % 60:02}:{rest % 60:02}.000Z"


def points(start: str, end: str | None = None) -> str:
    """A replay policy."""
    policy = {"PointType": "Timestamp", "StartingPoint": start}
    return json.dumps(policy | ({"EndingPoint": end} if end else {}))


def subscribe(bench: Bench, topic: str, name: str, start: str, **attributes: str) -> tuple[str, str]:
    """A queue that is subscribed with a replay from a time on: its URL and the subscription's ARN."""
    url = bench.create(name, **(QUEUE if name.endswith(".fifo") else {}))
    given: dict[str, Any] = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": bench.let_sns(url, topic)}
    given["Attributes"] = {"ReplayPolicy": points(start)} | attributes
    return url, bench.client("sns").subscribe(**given)["SubscriptionArn"]


def replay(bench: Bench, subscription: str, *from_to: str) -> None:
    """Ask a subscription's topic for a replay, and wait for it."""
    given = {"AttributeName": "ReplayPolicy", "AttributeValue": points(*from_to)}
    bench.client("sns").set_subscription_attributes(SubscriptionArn=subscription, **given)
    bench.wait(60)


def received(bench: Bench, url: str) -> list[str]:
    """All that a queue holds, deleted as it comes."""
    found = []
    while messages := take(bench, url):
        found += [one["Body"] for one in messages]
        for one in messages:
            bench.sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return found


@probe(
    "missing-sns-replay",
    "ArchivePolicy on a standard topic: {standard}; on a FIFO topic, replayed an hour later: {received}",
    wrong=MOCK_ALONE,
)
def archived_and_replayed(bench: Bench) -> None:
    given = {"Name": "orders", "Attributes": archive(7)}
    bench.see("standard", bench.answer("create_topic", "sns", **given), "InvalidParameter")
    orders = fifo_topic(bench, **archive(7))
    publish(bench, orders, "a1", "a2")
    bench.wait(HOUR)
    url, _ = subscribe(bench, orders, "audit.fifo", told(0), **RAW)
    bench.wait(60)
    bench.see("received", bodies(bench, url), ["a1", "a2"])


@probe(
    "archive-retention",
    "Kept for two days; published on the first day and the third; on the fourth, since {since}, replayed: {received}",
    wrong=fifo.KEEPS_A_YEAR,
)
def kept_for_so_long(bench: Bench) -> None:
    orders = fifo_topic(bench, **archive(2))
    publish(bench, orders, "a1")
    bench.wait(2 * DAY)
    publish(bench, orders, "a2")
    bench.wait(DAY)
    since = bench.client("sns").get_topic_attributes(TopicArn=orders)["Attributes"][BEGINNING]
    bench.see("since", since, told(DAY))
    url, _ = subscribe(bench, orders, "audit.fifo", since, **RAW)
    bench.wait(60)
    bench.see("received", bodies(bench, url), ["a2"])


@probe(
    "archive-delete",
    "DeleteTopic with an archive: {delete}; ended and begun anew, its replay brought {received}; ended: {ended}",
    wrong=wrong.TAKES_ALL,
)
def ended_before_deleted(bench: Bench) -> None:
    orders, sns = fifo_topic(bench, **archive(7)), bench.client("sns")
    publish(bench, orders, "a1")
    bench.see("delete", bench.answer("delete_topic", "sns", TopicArn=orders), "InvalidState")
    given = {"TopicArn": orders, "AttributeName": "ArchivePolicy"}
    for policy in ("{}", archive(7)["ArchivePolicy"]):
        sns.set_topic_attributes(**given, AttributeValue=policy)
    url, _ = subscribe(bench, orders, "audit", told(0), **RAW)
    bench.wait(60)
    bench.see("received", bodies(bench, url), [])
    sns.set_topic_attributes(**given, AttributeValue="{}")
    bench.see("ended", bench.answer("delete_topic", "sns", TopicArn=orders), ACCEPTED)


@probe(
    "replay-catches-up",
    "Published a1, subscribed an hour later with a replay, published a2: received {received}, replayed {replayed}; "
    "the id is the first's: {same}",
    wrong=fifo.NO_REPLAY,
)
def catches_up_and_goes_on(bench: Bench) -> None:
    orders = fifo_topic(bench, **archive(7))
    (first,) = publish(bench, orders, "a1")
    bench.wait(HOUR)
    url, _ = subscribe(bench, orders, "audit.fifo", told(0))
    bench.wait(60)
    publish(bench, orders, "a2")
    found = [json.loads(one["Body"]) for one in take(bench, url)]
    bench.see("received", [one["Message"] for one in found], ["a1", "a2"])
    bench.see("replayed", [one["Message"] for one in found if "Replayed" in one], ["a1"])
    bench.see("same", found[0]["MessageId"] == first["MessageId"] if found else False, True)


@probe(
    "replay-end",
    "A replay of the first hour brought {first}, and a3, published then: {paused}; after a replay from there: {later}",
    wrong=fifo.NO_END,
)
def paused_at_its_end(bench: Bench) -> None:
    orders = fifo_topic(bench, **archive(7))
    publish(bench, orders, "a1")
    bench.wait(HOUR)
    publish(bench, orders, "a2")
    bench.wait(HOUR)
    url = connect(bench, orders, "audit.fifo")
    arn = bench.client("sns").list_subscriptions()["Subscriptions"][0]["SubscriptionArn"]
    replay(bench, arn, told(0), told(HOUR))
    bench.see("first", received(bench, url), ["a1"])
    publish(bench, orders, "a3")
    bench.see("paused", received(bench, url), [])
    replay(bench, arn, told(HOUR))
    bench.see("later", received(bench, url), ["a2", "a3"])


@probe(
    "replay-duplicate",
    "Delivered, and replayed a minute later: {soon} more received; replayed an hour later: {late}",
    wrong=queues.NEVER_REMEMBERED,
)
def known_to_the_queue(bench: Bench) -> None:
    orders = fifo_topic(bench, **archive(7))
    url = connect(bench, orders, "audit.fifo")
    arn = bench.client("sns").list_subscriptions()["Subscriptions"][0]["SubscriptionArn"]
    publish(bench, orders, "a1")
    received(bench, url)
    replay(bench, arn, told(0))
    bench.see("soon", received(bench, url), [])
    bench.wait(HOUR)
    replay(bench, arn, told(0))
    bench.see("late", received(bench, url), ["a1"])
