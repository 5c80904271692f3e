"""FIFO topics: their type, the order of a group at each subscriber, and who may subscribe."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from labkit.aws.sns import delivering
from labkit.aws.sns.outcomes import Failed
from labkit.causes import Obstacle
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_fifo_topics as fifo
from labkit.probes import wrong_publishing as wrong
from labkit.probes.bench import ACCEPTED, Bench
from labkit.probes.fifo_topic_bench import FIFO, QUEUE, bodies, connect, fifo_topic, publish, take
from labkit.probes.registry import probe
from labkit.probes.topic_bench import RAW, attribute, topic
from labkit.probes.worlds import MOCK_ALONE
from labkit.rules import Faults

REFUSED = "InvalidParameter"


# The type


@probe(
    "snsfifo-1",
    "CreateTopic with FifoTopic and .fifo: {both}; without .fifo: {no_ending}; .fifo without FifoTopic: {no_attribute}",
    wrong=wrong.TAKES_ALL,
)
def first_in_first_out(bench: Bench) -> None:
    for name, given, expected in (
        ("both", {"Name": "orders.fifo", "Attributes": FIFO}, ACCEPTED),
        ("no_ending", {"Name": "orders", "Attributes": FIFO}, REFUSED),
        ("no_attribute", {"Name": "other.fifo"}, REFUSED),
    ):
        bench.see(name, bench.answer("create_topic", "sns", **given), expected)


@probe(
    "snsfifo-2",
    "Three messages, one of them twice: received from a FIFO queue {queue}, through a FIFO topic {topic}",
    wrong=fifo.REFUSES_REPETITIONS,
)
def like_a_fifo_queue(bench: Bench) -> None:
    orders, direct = fifo_topic(bench), bench.create("direct.fifo", **QUEUE)
    stock = connect(bench, orders, "stock.fifo")
    for one in ("a1", "a2", "a1", "a3"):
        given = {"MessageGroupId": one[0], "MessageDeduplicationId": one}
        bench.sqs.send_message(QueueUrl=direct, MessageBody=one, **given)
        bench.client("sns").publish(TopicArn=orders, Message=one, **given)
    bench.see("queue", bodies(bench, direct), ["a1", "a2", "a3"])
    bench.see("topic", bodies(bench, stock), ["a1", "a2", "a3"])


# Order


@probe(
    "snsfifo-3",
    "Published {published}; received {received}; without a group: {no_group}",
    wrong=fifo.OVERTAKING,
)
def order_of_a_group(bench: Bench) -> None:
    orders = fifo_topic(bench)
    stock, published = connect(bench, orders, "stock.fifo"), ["a1", "a2", "b1", "b2"]
    publish(bench, orders, *published)
    bench.see("published", published)
    bench.see("received", bodies(bench, stock), published)
    given = {"TopicArn": orders, "Message": "a3", "MessageDeduplicationId": "a3"}
    bench.see("no_group", bench.answer("publish", "sns", **given), REFUSED)


@probe(
    "fifofan-1", "Published a1, a2, a1, a3: one queue received {stock}, the other {mail}", wrong=answers.ONE_SUBSCRIBER
)
def the_same_for_all(bench: Bench) -> None:
    orders = fifo_topic(bench)
    queues = {name: connect(bench, orders, f"{name}.fifo") for name in ("stock", "mail")}
    publish(bench, orders, "a1", "a2", "a1", "a3")
    for name, url in queues.items():
        bench.see(name, bodies(bench, url), ["a1", "a2", "a3"])


@probe(
    "fifo-topic-number",
    "The answers' numbers grow: {grow}; the envelopes have them: {same}; the queue's own are others: {own}",
    wrong=MOCK_ALONE,
)
def two_numbers(bench: Bench) -> None:
    orders = fifo_topic(bench)
    stock = connect(bench, orders, "stock.fifo", raw=False)
    numbers = [answer.get("SequenceNumber", "") for answer in publish(bench, orders, "a1", "a2", "a3")]
    found = take(bench, stock)
    bench.see("grow", numbers == sorted(set(numbers)), True)
    bench.see("same", [json.loads(one["Body"]).get("SequenceNumber") for one in found] == numbers, True)
    bench.see("own", {one["Attributes"]["SequenceNumber"] for one in found}.isdisjoint(numbers), True)


@probe(
    "fifo-topic-no-fifo-queue",
    "A FIFO queue subscribed to a standard topic: {standard}; to a FIFO topic: {fifo}",
    wrong=wrong.TAKES_ALL,
)
def no_fifo_queue(bench: Bench) -> None:
    for name, arn, expected in (("standard", topic(bench), REFUSED), ("fifo", fifo_topic(bench), ACCEPTED)):
        endpoint = bench.let_sns(bench.create(f"{name}.fifo", **QUEUE), arn)
        given = {"TopicArn": arn, "Protocol": "sqs", "Endpoint": endpoint}
        bench.see(name, bench.answer("subscribe", "sns", **given), expected)


@probe(
    "fifo-topic-own-pace",
    "One consumer keeps a1: its queue then brings {slow}; the other queue brought {quick}",
    wrong=answers.ONE_SUBSCRIBER,
)
def each_at_its_own_pace(bench: Bench) -> None:
    orders = fifo_topic(bench)
    slow, quick = (connect(bench, orders, f"{name}.fifo") for name in ("slow", "quick"))
    publish(bench, orders, "a1")
    take(bench, slow)
    publish(bench, orders, "a2", "b1")
    bench.see("slow", bodies(bench, slow), ["b1"])
    bench.see("quick", bodies(bench, quick), ["a1", "a2", "b1"])


@contextmanager
def _away(queue: str, waits: bool) -> Iterator[list[Any]]:
    """A queue that fails its first try, as AWS's own service may. Without `waits` a topic goes on meanwhile."""
    deliver, policy = delivering.ENDPOINTS["sqs"]
    left = [Failed(Obstacle.UNAVAILABLE, "500")] * 4  # as many as SNS makes without a pause, and one more

    def failing(lab: Any, notice: Any, subscription: Any) -> Any:
        fails = left and subscription.endpoint.endswith(f":{queue}") and notice.publication.message == "a1"
        return left.pop() if fails else deliver(lab, notice, subscription)

    with patch.dict(delivering.ENDPOINTS, {"sqs": (failing, policy)}):
        if waits:
            yield left
        else:
            with patch.object(delivering.Ways, "_line", lambda self, way: None):
                yield left


@probe(
    "fifo-topic-holds-group",
    "A first delivery fails, a2 and b1 are published: its queue holds {held}, the other {other}; later: {later}",
    wrong=fifo.GOES_ON,
)
def holds_its_own_group(bench: Bench, waits: bool = True) -> None:
    orders = fifo_topic(bench)
    stock, mail = (connect(bench, orders, f"{name}.fifo") for name in ("stock", "mail"))
    with _away("stock.fifo", waits):
        publish(bench, orders, "a1", "a2", "b1")
        held = bodies(bench, stock)
        bench.see("held", held, ["b1"])
        bench.see("other", bodies(bench, mail), ["a1", "a2", "b1"])
        bench.wait(10)
        bench.see("later", bodies(bench, stock), ["a1", "a2"])


@probe(
    "fifo-topic-gap",
    "Published a1, a2, a3; the queue's policy was away for a2; received {received}",
    wrong=MOCK_ALONE,
)
def goes_on_with_a_gap(bench: Bench) -> None:
    orders = fifo_topic(bench)
    stock = connect(bench, orders, "stock.fifo")
    publish(bench, orders, "a1")
    bench.sqs.set_queue_attributes(QueueUrl=stock, Attributes={"Policy": ""})
    publish(bench, orders, "a2")
    bench.let_sns(stock, orders)
    publish(bench, orders, "a3")
    bench.see("received", bodies(bench, stock), ["a1", "a3"])


@probe(
    "fifo-topic-dead-letters",
    "A standard queue for dead letters: {standard}; a FIFO queue: {fifo}, and it holds {dead} of the groups {groups}",
    wrong=MOCK_ALONE,
)
def dead_letters_in_order(bench: Bench) -> None:
    orders, sns = fifo_topic(bench), bench.client("sns")
    stock = bench.create("stock.fifo", **QUEUE)
    given = {"TopicArn": orders, "Protocol": "sqs", "Endpoint": bench.let_sns(stock, orders)}
    arn = sns.subscribe(**given, Attributes=RAW)["SubscriptionArn"]
    for name, queue in (("standard", "dead"), ("fifo", "dead.fifo")):
        dead = bench.create(queue, **(QUEUE if name == "fifo" else {}))
        policy = json.dumps({"deadLetterTargetArn": bench.let_sns(dead, orders)})
        given = {"SubscriptionArn": arn, "AttributeName": "RedrivePolicy", "AttributeValue": policy}
        answer = bench.answer("set_subscription_attributes", "sns", **given)
        bench.see(name, answer, ACCEPTED if name == "fifo" else REFUSED)
    bench.sqs.set_queue_attributes(QueueUrl=stock, Attributes={"Policy": ""})
    publish(bench, orders, "a1", "a2")
    found = take(bench, dead)
    bench.see("dead", [one["Body"] for one in found], ["a1", "a2"])
    bench.see("groups", [one["Attributes"].get("MessageGroupId") for one in found], ["a", "a"])


@probe(
    "fifo-topic-filter",
    "Published a1 to a4, the first and third as gifts: one queue received {all}, one that wants gifts {gifts}",
    wrong=wrong.NO_FILTER,
)
def filtered_in_order(bench: Bench) -> None:
    orders = fifo_topic(bench)
    stock, gifts = connect(bench, orders, "stock.fifo"), bench.create("gifts.fifo", **QUEUE)
    given = {"TopicArn": orders, "Protocol": "sqs", "Endpoint": bench.let_sns(gifts, orders)}
    bench.client("sns").subscribe(**given, Attributes=RAW | {"FilterPolicy": '{"kind": ["gift"]}'})
    for one, kind in (("a1", "gift"), ("a2", "book"), ("a3", "gift"), ("a4", "book")):
        publish(bench, orders, one, MessageAttributes={"kind": attribute(kind)})
    bench.see("all", bodies(bench, stock), ["a1", "a2", "a3", "a4"])
    bench.see("gifts", bodies(bench, gifts), ["a1", "a3"])


# Who may subscribe


ENDPOINTS = {
    "https": "https://shop.example.com/orders",
    "email": "stock@example.com",
    "sms": "+34911234567",
    "lambda": "arn:aws:lambda:us-east-1:123456789012:function:stock",
}


@probe(
    "snsfifo-5",
    "A FIFO queue and a standard queue received {fifo} and {standard}; by https, email, sms and lambda: {others}",
    wrong=MOCK_ALONE,
)
def queues_alone(bench: Bench) -> None:
    orders = fifo_topic(bench)
    queues = {"fifo": connect(bench, orders, "stock.fifo"), "standard": connect(bench, orders, "stock")}
    publish(bench, orders, "a1")
    for name, url in queues.items():
        bench.see(name, bodies(bench, url), ["a1"])
    given = [{"TopicArn": orders, "Protocol": name, "Endpoint": one} for name, one in ENDPOINTS.items()]
    bench.see("others", [bench.answer("subscribe", "sns", **one) for one in given], [REFUSED] * len(ENDPOINTS))


@probe(
    "fifo-topic-standard-queue",
    "Published a1 to a8, a1 twice: a FIFO queue received {fifo}, a standard queue the same in another order: {other}; "
    "with a group: {groups}",
    wrong=MOCK_ALONE,
    faults=Faults(reorder=0.5),
)
def order_is_lost(bench: Bench) -> None:
    orders = fifo_topic(bench)
    stock, audit = connect(bench, orders, "stock.fifo"), connect(bench, orders, "audit")
    sent = [f"a{number}" for number in range(1, 9)]
    publish(bench, orders, *sent, "a1")
    found = take(bench, audit)
    bench.see("fifo", bodies(bench, stock), sent)
    came = [one["Body"] for one in found]
    bench.see("other", sorted(came) == sent != came, True)
    bench.see("groups", sum("MessageGroupId" in one["Attributes"] for one in found), 0)
