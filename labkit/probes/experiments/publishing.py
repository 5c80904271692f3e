"""Topics: whom a published message reaches, what Publish says of it, and how large it may be."""

from __future__ import annotations

import json

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_publishing as wrong
from labkit.probes.bench import ACCEPTED, Bench
from labkit.probes.registry import probe
from labkit.probes.topic_bench import RAW, attribute, messages, publish, subscribe, texts, topic
from labkit.probes.worlds import MOCK_ALONE

LARGEST, MEBIBYTE = quota("sns.message_size.default"), quota("sns.message_size.maximum")
MOST_ENTRIES, MOST_ATTRIBUTES = quota("sns.batch.maximum_entries"), quota("sns.raw_delivery.maximum_attributes")
MANY = 25
REFUSED = "InvalidParameter"


# Whom a message reaches


@probe("sns-1", "One publish reached {queues}", wrong=answers.ONE_SUBSCRIBER)
def several_services(bench: Bench) -> None:
    orders = topic(bench)
    queues = {name: subscribe(bench, orders, name) for name in ("payments", "stock", "mail")}
    publish(bench, orders)
    bench.see("queues", [name for name, url in queues.items() if texts(bench, url)], list(queues))


@probe(
    "sns-2",
    "The same publisher before and after a third service subscribed: {before} and {after} copies",
    wrong=answers.ONE_SUBSCRIBER,
)
def added_without_the_publisher(bench: Bench) -> None:
    orders = topic(bench)

    def publisher(order: str) -> None:
        publish(bench, orders, order)

    queues = [subscribe(bench, orders, name) for name in ("payments", "stock")]
    publisher("order-1")
    bench.see("before", sum(len(texts(bench, url)) for url in queues), 2)
    queues.append(subscribe(bench, orders, "mail"))
    publisher("order-2")
    bench.see("after", sum(len(texts(bench, url)) for url in queues), 3)


@probe("sns-4", "{calls} call of Publish, copies in two queues: {copies}", wrong=answers.ONE_SUBSCRIBER)
def one_message(bench: Bench) -> None:
    orders = topic(bench)
    queues = [subscribe(bench, orders, name) for name in ("payments", "stock")]
    calls = [publish(bench, orders)]
    bench.see("calls", len(calls), 1)
    bench.see("copies", [text for url in queues for text in texts(bench, url)], ["order-1", "order-1"])


@probe("sns-5", "{subscribed} queues subscribed, {reached} reached by one publish", wrong=answers.ONE_SUBSCRIBER)
def as_many_as_needed(bench: Bench) -> None:
    orders = topic(bench)
    queues = [subscribe(bench, orders, f"service-{number}") for number in range(MANY)]
    publish(bench, orders)
    bench.see("subscribed", len(queues))
    bench.see("reached", sum(texts(bench, url) == ["order-1"] for url in queues), MANY)


@probe(
    "sns-6",
    "A queue without a filter policy got {all}, one that wants gifts got {gifts}",
    wrong=wrong.NO_FILTER,
)
def every_message_unless_filtered(bench: Bench) -> None:
    orders = topic(bench)
    stock = subscribe(bench, orders, "stock")
    gifts = subscribe(bench, orders, "gifts", {"FilterPolicy": json.dumps({"kind": ["gift"]})})
    for order, kind in (("order-1", "gift"), ("order-2", "book")):
        publish(bench, orders, order, MessageAttributes={"kind": attribute(kind)})
    bench.see("all", texts(bench, stock), ["order-1", "order-2"])
    bench.see("gifts", texts(bench, gifts), ["order-1"])


@probe("snspub-1", "Published with the topic's ARN, received: {received}", wrong=wrong.LOST)
def by_the_topics_arn(bench: Bench) -> None:
    orders = topic(bench)
    stock = subscribe(bench, orders, "stock")
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


@probe(
    "publish-saved",
    "A subscribed queue was deleted; Publish answered: {answer}",
    wrong=MOCK_ALONE,
)
def saved_not_delivered(bench: Bench) -> None:
    orders = topic(bench)
    bench.sqs.delete_queue(QueueUrl=subscribe(bench, orders, "stock"))
    bench.see("answer", bench.answer("publish", "sns", TopicArn=orders, Message="order-1"), ACCEPTED)


@probe(
    "publish-independent",
    "The first of three queues was deleted; Publish answered: {answer}, the other two got {others}",
    wrong=MOCK_ALONE,
)
def failures_are_not_felt(bench: Bench) -> None:
    orders = topic(bench)
    first, *others = (subscribe(bench, orders, name) for name in ("payments", "stock", "mail"))
    bench.sqs.delete_queue(QueueUrl=first)
    bench.see("answer", bench.answer("publish", "sns", TopicArn=orders, Message="order-1"), ACCEPTED)
    bench.see("others", [text for url in others for text in texts(bench, url)], ["order-1", "order-1"])


@probe("publish-no-subscriber", "Nobody had subscribed; Publish answered: {answer}", wrong=wrong.WANTS_SUBSCRIBERS)
def accepted_for_nobody(bench: Bench) -> None:
    bench.see("answer", bench.answer("publish", "sns", TopicArn=topic(bench), Message="order-1"), ACCEPTED)


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
    orders = topic(bench)
    let = subscribe(bench, orders, "stock")
    unlet = subscribe(bench, orders, "mail", lets=False)
    bench.see("answer", bench.answer("publish", "sns", TopicArn=orders, Message="order-1"), ACCEPTED)
    bench.see("let", texts(bench, let), ["order-1"])
    bench.see("unlet", texts(bench, unlet), [])


@probe(
    "publish-twice",
    "The same text published twice: {ids} ids of SNS, received: {received}",
    wrong=wrong.RECOGNISES,
)
def two_calls_two_messages(bench: Bench) -> None:
    orders = topic(bench)
    stock = subscribe(bench, orders, "stock")
    bench.see("ids", len({publish(bench, orders), publish(bench, orders)}), 2)
    bench.see("received", texts(bench, stock), ["order-1", "order-1"])


# How large, how many


def _sizes(bench: Bench, arn: str, **messages: object) -> dict[str, str]:
    """What Publish answers to messages by name."""
    return {
        name: bench.answer("publish", "sns", TopicArn=arn, **(one if isinstance(one, dict) else {"Message": one}))
        for name, one in messages.items()
    }


@probe(
    "publish-size",
    "{largest} bytes: {fits}; one more: {more}; as many letters of two bytes: {letters}; with an attribute:"
    " {attribute}",
    wrong=wrong.TAKES_ALL,
)
def bytes_with_attributes(bench: Bench) -> None:
    largest = {"Message": "x" * LARGEST, "MessageAttributes": {"kind": attribute("gift")}}
    seen = _sizes(
        bench, topic(bench), fits="x" * LARGEST, more="x" * (LARGEST + 1), letters="ä" * LARGEST, attribute=largest
    )
    bench.see("largest", LARGEST)
    for name, answer in seen.items():
        bench.see(name, answer, ACCEPTED if name == "fits" else REFUSED)


@probe(
    "missing-sns-payloads",
    "A message of 1 MiB by default: {before}; with MaximumMessageSize {size}: {after}",
    wrong=MOCK_ALONE,
)
def up_to_a_mebibyte(bench: Bench) -> None:
    orders = topic(bench)
    bench.see("before", _sizes(bench, orders, it="x" * MEBIBYTE)["it"], REFUSED)
    given = {"TopicArn": orders, "AttributeName": "MaximumMessageSize", "AttributeValue": str(MEBIBYTE)}
    bench.client("sns").set_topic_attributes(**given)
    bench.see("size", MEBIBYTE)
    bench.see("after", _sizes(bench, orders, it="x" * MEBIBYTE)["it"], ACCEPTED)


def _batch(bench: Bench, arn: str, *texts: str) -> str:
    entries = [{"Id": str(number), "Message": text} for number, text in enumerate(texts)]
    return bench.answer("publish_batch", "sns", TopicArn=arn, PublishBatchRequestEntries=entries)


@probe(
    "publish-batch-ten",
    "A batch of {most}: {ten}; one more: {more}; two that are too large together: {large}",
    wrong=wrong.TAKES_ALL,
)
def ten_at_once(bench: Bench) -> None:
    orders = topic(bench)
    bench.see("most", MOST_ENTRIES)
    bench.see("ten", _batch(bench, orders, *["order"] * MOST_ENTRIES), ACCEPTED)
    bench.see("more", _batch(bench, orders, *["order"] * (MOST_ENTRIES + 1)), "TooManyEntriesInBatchRequest")
    bench.see("large", _batch(bench, orders, "x" * (LARGEST - 1), "xx"), "BatchRequestTooLong")


@probe(
    "publish-batch-whole",
    "A batch of three with an empty message: {answer}; received: {received}",
    wrong=wrong.ENTRY_BY_ENTRY,
)
def refused_whole(bench: Bench) -> None:
    orders = topic(bench)
    stock = subscribe(bench, orders, "stock")
    bench.see("answer", _batch(bench, orders, "order-1", "", "order-3"), REFUSED)
    bench.see("received", texts(bench, stock), [])


# What a queue gets


@probe(
    "publish-envelope",
    "The body has the keys {keys}; attributes inside: {inside}, at the message: {outside}",
    wrong=wrong.RAW_BY_DEFAULT,
)
def in_an_envelope(bench: Bench) -> None:
    orders = topic(bench)
    stock = subscribe(bench, orders, "stock")
    publish(bench, orders, '{"order": 1}', MessageAttributes={"kind": attribute("gift")})
    (message,) = messages(bench, stock)
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
    orders = topic(bench)
    stock = subscribe(bench, orders, "stock", RAW)
    publish(bench, orders, MessageAttributes={"kind": attribute("gift")})
    (message,) = messages(bench, stock)
    bench.see("body", message["Body"][:20], "order-1")
    bench.see("attributes", list(message.get("MessageAttributes", {})), ["kind"])


@probe(
    "publish-raw-attributes",
    "{most} attributes: raw {raw}, in an envelope {envelope}; one more: raw {raw_more}, in an envelope {envelope_more}",
    wrong=MOCK_ALONE,
)
def ten_attributes(bench: Bench) -> None:
    orders = topic(bench)
    queues = {"raw": subscribe(bench, orders, "stock", RAW), "envelope": subscribe(bench, orders, "mail")}
    bench.see("most", MOST_ATTRIBUTES)
    for number, after in ((MOST_ATTRIBUTES, ""), (MOST_ATTRIBUTES + 1, "_more")):
        given = {f"name-{place}": attribute("x") for place in range(number)}
        publish(bench, orders, MessageAttributes=given)
        for name, url in queues.items():
            bench.see(name + after, len(messages(bench, url)), 0 if name + after == "raw_more" else 1)


@probe(
    "publish-structure",
    "A queue got {text}; without a text for all, Publish answered: {answer}",
    wrong=wrong.ONE_TEXT,
)
def a_text_a_protocol(bench: Bench) -> None:
    orders = topic(bench)
    stock = subscribe(bench, orders, "stock", RAW)
    given = {"TopicArn": orders, "MessageStructure": "json"}
    publish(bench, orders, json.dumps({"default": "for all", "sqs": "for queues"}), MessageStructure="json")
    bench.see("text", [one["Body"] for one in messages(bench, stock)], ["for queues"])
    bench.see("answer", bench.answer("publish", "sns", **given, Message=json.dumps({"sqs": "no more"})), REFUSED)
