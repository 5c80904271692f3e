"""What a topic takes at most: how large a message, how many at once, how many attributes on the way to a queue."""

from __future__ import annotations

from labkit.ledger import quota
from labkit.probes import wrong_publishing as wrong
from labkit.probes.bench import ACCEPTED, Bench
from labkit.probes.registry import probe
from labkit.probes.topic_bench import RAW, attribute, messages, publish, subscribe, subscribed, texts, topic
from labkit.probes.worlds import MOCK_ALONE

LARGEST, MEBIBYTE = quota("sns.message_size.default"), quota("sns.message_size.maximum")
MOST_ENTRIES, MOST_ATTRIBUTES = quota("sns.batch.maximum_entries"), quota("sns.raw_delivery.maximum_attributes")
REFUSED = "InvalidParameter"


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
    orders, stock = subscribed(bench, "stock")
    bench.see("answer", _batch(bench, orders, "order-1", "", "order-3"), REFUSED)
    bench.see("received", texts(bench, stock), [])


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
