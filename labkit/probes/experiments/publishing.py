"""Topics: whom a published message reaches, what Publish says of it, and what a queue gets."""

from __future__ import annotations

import json
from typing import Any

from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_publishing as wrong
from labkit.probes.bench import ACCEPTED, Bench
from labkit.probes.registry import probe
from labkit.probes.topic_bench import RAW, attribute, messages, publish, subscribe, subscribed, texts, topic
from labkit.probes.worlds import MOCK_ALONE

MANY = 25
REFUSED = "InvalidParameter"


# Whom a message reaches


@probe("sns-1", "One publish reached {queues}", wrong=answers.ONE_SUBSCRIBER)
def several_services(bench: Bench) -> None:
    names = ["payments", "stock", "mail"]
    orders, *urls = subscribed(bench, *names)
    publish(bench, orders)
    bench.see("queues", [name for name, url in zip(names, urls, strict=True) if texts(bench, url)], names)


@probe(
    "sns-2",
    "The same publisher before and after a third service subscribed: {before} and {after} copies",
    wrong=answers.ONE_SUBSCRIBER,
)
def added_without_the_publisher(bench: Bench) -> None:
    orders, *queues = subscribed(bench, "payments", "stock")

    def publisher(order: str) -> None:
        publish(bench, orders, order)

    publisher("order-1")
    bench.see("before", sum(len(texts(bench, url)) for url in queues), 2)
    queues.append(subscribe(bench, orders, "mail"))
    publisher("order-2")
    bench.see("after", sum(len(texts(bench, url)) for url in queues), 3)


@probe("sns-4", "{calls} call of Publish, copies in two queues: {copies}", wrong=answers.ONE_SUBSCRIBER)
def one_message(bench: Bench) -> None:
    orders, *queues = subscribed(bench, "payments", "stock")
    calls = [publish(bench, orders)]
    bench.see("calls", len(calls), 1)
    bench.see("copies", [text for url in queues for text in texts(bench, url)], ["order-1", "order-1"])


@probe("sns-5", "{subscribed} queues subscribed, {reached} reached by one publish", wrong=answers.ONE_SUBSCRIBER)
def as_many_as_needed(bench: Bench) -> None:
    orders, *queues = subscribed(bench, *(f"service-{number}" for number in range(MANY)))
    publish(bench, orders)
    bench.see("subscribed", len(queues))
    bench.see("reached", sum(texts(bench, url) == ["order-1"] for url in queues), MANY)


@probe(
    "sns-6",
    "A queue without a filter policy got {all}, one that wants gifts got {gifts}",
    wrong=wrong.NO_FILTER,
)
def every_message_unless_filtered(bench: Bench) -> None:
    orders, stock = subscribed(bench, "stock")
    gifts = subscribe(bench, orders, "gifts", {"FilterPolicy": json.dumps({"kind": ["gift"]})})
    for order, kind in (("order-1", "gift"), ("order-2", "book")):
        publish(bench, orders, order, MessageAttributes={"kind": attribute(kind)})
    bench.see("all", texts(bench, stock), ["order-1", "order-2"])
    bench.see("gifts", texts(bench, gifts), ["order-1"])


@probe("snspub-1", "Published with the topic's ARN, received: {received}", wrong=wrong.LOST)
def by_the_topics_arn(bench: Bench) -> None:
    orders, stock = subscribed(bench, "stock")
    publish(bench, orders)
    bench.see("received", texts(bench, stock), ["order-1"])


@probe("snspub-2", "Two CreateTopic of one name, different ARNs: {arns}", wrong=wrong.NEW_TOPIC_EACH_TIME)
def created_twice(bench: Bench) -> None:
    bench.see("arns", len({topic(bench), topic(bench)}), 1)


@probe(
    "snspub-3",
    "Subscribe answered for a queue: {queue}; for a web address: {address}",
    wrong=MOCK_ALONE,
)
def confirmed_or_pending(bench: Bench) -> None:
    orders, sns = topic(bench), bench.client("sns")
    arn = bench.let_sns(bench.create("stock"), orders)
    queue = sns.subscribe(TopicArn=orders, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]
    address = sns.subscribe(TopicArn=orders, Protocol="https", Endpoint="https://shop.example.com/orders")
    bench.see("queue", "its ARN" if queue.startswith(orders) else queue, "its ARN")
    arn = address["SubscriptionArn"]
    bench.see("address", "an ARN" if arn.startswith(orders) else arn, "pending confirmation")


@probe(
    "publish-subscribe-again",
    "A queue subscribed twice has {subscriptions} subscription and got {copies} copy; a third time with another"
    " attribute: {other}",
    wrong=MOCK_ALONE,
)
def subscribed_again(bench: Bench) -> None:
    orders, sns = topic(bench), bench.client("sns")
    url = bench.create("stock")
    given = {"TopicArn": orders, "Protocol": "sqs", "Endpoint": bench.let_sns(url, orders)}
    arns = {sns.subscribe(**given)["SubscriptionArn"] for _ in range(2)}
    publish(bench, orders)
    bench.see("subscriptions", len(arns), 1)
    bench.see("copies", len(texts(bench, url)), 1)
    bench.see("other", bench.answer("subscribe", "sns", **given, Attributes=RAW), REFUSED)


# What Publish says


def see_accepted(bench: Bench, orders: str) -> None:
    """See that SNS takes a message, whatever becomes of it."""
    bench.see("answer", bench.answer("publish", "sns", TopicArn=orders, Message="order-1"), ACCEPTED)


@probe(
    "publish-saved",
    "A subscribed queue was deleted; Publish answered: {answer}",
    wrong=MOCK_ALONE,
)
def saved_not_delivered(bench: Bench) -> None:
    orders, stock = subscribed(bench, "stock")
    bench.sqs.delete_queue(QueueUrl=stock)
    see_accepted(bench, orders)


@probe(
    "publish-independent",
    "The first of three queues was deleted; Publish answered: {answer}, the other two got {others}",
    wrong=MOCK_ALONE,
)
def failures_are_not_felt(bench: Bench) -> None:
    orders, first, *others = subscribed(bench, "payments", "stock", "mail")
    bench.sqs.delete_queue(QueueUrl=first)
    see_accepted(bench, orders)
    bench.see("others", [text for url in others for text in texts(bench, url)], ["order-1", "order-1"])


@probe("publish-no-subscriber", "Nobody had subscribed; Publish answered: {answer}", wrong=wrong.WANTS_SUBSCRIBERS)
def accepted_for_nobody(bench: Bench) -> None:
    see_accepted(bench, topic(bench))


@probe(
    "publish-late-subscriber",
    "One message before the subscription and one after it; received: {received}",
    wrong=wrong.KEEPS_MESSAGES,
)
def from_its_subscription_on(bench: Bench) -> None:
    orders = topic(bench)
    publish(bench, orders, "order-1")
    stock = subscribe(bench, orders, "stock")
    publish(bench, orders, "order-2")
    bench.see("received", texts(bench, stock), ["order-2"])


@probe(
    "publish-no-policy",
    "Two queues subscribed, one without a policy; Publish answered: {answer}; received with a policy: {let}, without:"
    " {unlet}",
    wrong=MOCK_ALONE,
)
def policy_lets_in(bench: Bench) -> None:
    orders, let = subscribed(bench, "stock")
    unlet = subscribe(bench, orders, "mail", lets=False)
    see_accepted(bench, orders)
    bench.see("let", texts(bench, let), ["order-1"])
    bench.see("unlet", texts(bench, unlet), [])


@probe(
    "publish-twice",
    "The same text published twice: {ids} ids of SNS, received: {received}",
    wrong=wrong.RECOGNISES,
)
def two_calls_two_messages(bench: Bench) -> None:
    orders, stock = subscribed(bench, "stock")
    bench.see("ids", len({publish(bench, orders), publish(bench, orders)}), 2)
    bench.see("received", texts(bench, stock), ["order-1", "order-1"])


# What a queue gets


def gift(bench: Bench, message: str, attributes: dict[str, str]) -> dict[str, Any]:
    """How a published message that has an attribute reaches a queue that is subscribed with some."""
    orders, stock = subscribed(bench, "stock", attributes=attributes)
    publish(bench, orders, message, MessageAttributes={"kind": attribute("gift")})
    (received,) = messages(bench, stock)
    return received


@probe(
    "publish-envelope",
    "The body has the keys {keys}; attributes inside: {inside}, at the message: {outside}",
    wrong=wrong.RAW_BY_DEFAULT,
)
def in_an_envelope(bench: Bench) -> None:
    message = gift(bench, '{"order": 1}', {})
    body = json.loads(message["Body"])
    wanted = ["Type", "MessageId", "TopicArn", "Message", "Timestamp", "Signature"]
    bench.see("keys", [key for key in wanted if key in body], wanted)
    bench.see("inside", list(body.get("MessageAttributes", {})), ["kind"])
    bench.see("outside", list(message.get("MessageAttributes", {})), [])


@probe(
    "publish-raw",
    "A raw subscription got the body {body} and the attributes {attributes}",
    wrong=wrong.NEVER_RAW,
)
def as_it_was_published(bench: Bench) -> None:
    message = gift(bench, "order-1", RAW)
    bench.see("body", message["Body"][:20], "order-1")
    bench.see("attributes", list(message.get("MessageAttributes", {})), ["kind"])


@probe(
    "publish-structure",
    "A queue got {text}; without a text for all, Publish answered: {answer}",
    wrong=wrong.ONE_TEXT,
)
def a_text_a_protocol(bench: Bench) -> None:
    orders, stock = subscribed(bench, "stock", attributes=RAW)
    given = {"TopicArn": orders, "MessageStructure": "json"}
    publish(bench, orders, json.dumps({"default": "for all", "sqs": "for queues"}), MessageStructure="json")
    bench.see("text", [one["Body"] for one in messages(bench, stock)], ["for queues"])
    bench.see("answer", bench.answer("publish", "sns", **given, Message=json.dumps({"sqs": "no more"})), REFUSED)
