"""FIFO topics: what is a duplicate at the topic and at its queues, for how long, and how many messages a second."""

from __future__ import annotations

from hashlib import sha256

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_fifo_topics as fifo
from labkit.probes.bench import ACCEPTED, Bench
from labkit.probes.fifo_topic_bench import bodies, connect, fifo_topic, publish, take
from labkit.probes.registry import probe
from labkit.probes.topic_bench import attribute
from labkit.probes.worlds import MOCK_ALONE

REFUSED = "InvalidParameter"
CONTENT = {"ContentBasedDeduplication": "true"}
INTERVAL = quota("sns.fifo.deduplication_interval")
OF_TOPIC, OF_GROUP = quota("sns.fifo.topic_messages"), quota("sns.fifo.group_messages")


@probe(
    "snsfifo-4",
    "One id published twice: {by_id} received; one text twice, with content-based deduplication: {by_content}",
    wrong=MOCK_ALONE,
)
def by_id_or_content(bench: Bench) -> None:
    orders = fifo_topic(bench)
    audit = connect(bench, orders, "audit")
    publish(bench, orders, "a1", "a2", MessageDeduplicationId="one")
    bench.see("by_id", bodies(bench, audit), ["a1"])
    bench.client("sns").set_topic_attributes(
        TopicArn=orders, AttributeName="ContentBasedDeduplication", AttributeValue="true"
    )
    for _ in range(2):
        bench.client("sns").publish(TopicArn=orders, Message="a3", MessageGroupId="a")
    bench.see("by_content", bodies(bench, audit), ["a3"])


@probe(
    "fifo-topic-repeat",
    "An id published twice: {answer}, with the first answer's id and number: {same}; received {received}",
    wrong=fifo.REFUSES_REPETITIONS,
)
def answered_as_the_first(bench: Bench) -> None:
    orders = fifo_topic(bench)
    stock = connect(bench, orders, "stock.fifo")
    (first,) = publish(bench, orders, "a1", MessageDeduplicationId="one")
    given = {"TopicArn": orders, "Message": "a2", "MessageGroupId": "a", "MessageDeduplicationId": "one"}
    bench.see("answer", bench.answer("publish", "sns", **given), ACCEPTED)
    again = bench.client("sns").publish(**given)
    bench.see("same", all(again[name] == first[name] for name in ("MessageId", "SequenceNumber")), True)
    bench.see("received", bodies(bench, stock), ["a1"])


@probe(
    "fifo-topic-required",
    "Without an id: {without}; with content-based deduplication: {content}",
    wrong=fifo.ID_OPTIONAL,
)
def an_id_is_required(bench: Bench) -> None:
    given = {"TopicArn": fifo_topic(bench), "Message": "a1", "MessageGroupId": "a"}
    bench.see("without", bench.answer("publish", "sns", **given), REFUSED)
    set_to = {"AttributeName": "ContentBasedDeduplication", "AttributeValue": "true"}
    bench.client("sns").set_topic_attributes(TopicArn=given["TopicArn"], **set_to)
    bench.see("content", bench.answer("publish", "sns", **given), ACCEPTED)


@probe(
    "fifo-topic-content",
    "One text with two attributes: {received} received by a queue without the setting; its id is the SHA-256: {id}",
    wrong=MOCK_ALONE,
)
def content_is_handed_on(bench: Bench) -> None:
    orders = fifo_topic(bench, **CONTENT)
    stock = connect(bench, orders, "stock.fifo")
    for kind in ("gift", "book"):
        given = {"MessageGroupId": "a", "MessageAttributes": {"kind": attribute(kind)}}
        bench.client("sns").publish(TopicArn=orders, Message="a1", **given)
    found = take(bench, stock)
    bench.see("received", len(found), 1)
    id = found[0]["Attributes"]["MessageDeduplicationId"] if found else ""
    bench.see("id", id == sha256(b"a1").hexdigest(), True)


@probe(
    "fifo-topic-interval",
    "One id published at {seconds} s: {stored} stored in all",
    wrong=fifo.REMEMBERS_FOR_EVER,
)
def five_minutes(bench: Bench) -> None:
    orders = fifo_topic(bench)
    bench.url = connect(bench, orders, "audit")
    numbers: list[int] = []
    for second in (0, INTERVAL - 1, INTERVAL):
        bench.wait_until(second)
        publish(bench, orders, "a1")
        numbers.append(sum(bench.counts()))
    bench.see("seconds", [0, INTERVAL - 1, INTERVAL])
    bench.see("stored", numbers, [1, 1, 2])


def _one_id_in_two_groups(bench: Bench, topic: str) -> None:
    for group in ("a", "b"):
        publish(bench, topic, "1", MessageGroupId=group, MessageDeduplicationId="one")


@probe(
    "fifo-topic-scope",
    "One id in two groups: {Topic} received with the scope Topic, {MessageGroup} with MessageGroup; set back: {back}",
    wrong=fifo.ALWAYS_TOPIC_WIDE,
)
def scopes(bench: Bench) -> None:
    for scope, expected in (("Topic", 1), ("MessageGroup", 2)):
        orders = fifo_topic(bench, name=f"{scope}.fifo", FifoThroughputScope=scope)
        audit = connect(bench, orders, scope)
        _one_id_in_two_groups(bench, orders)
        bench.see(scope, len(take(bench, audit)), expected)
    given = {"AttributeName": "FifoThroughputScope", "AttributeValue": "Topic"}
    bench.see("back", bench.answer("set_topic_attributes", "sns", TopicArn=orders, **given), REFUSED)


@probe(
    "fifo-topic-queue-scope",
    "A topic with the scope MessageGroup, one id in two groups: {group} stored in a queue with messageGroup, "
    "{queue} in one with its default",
    wrong=answers.other_default(DeduplicationScope="messageGroup"),
)
def the_queue_looks_again(bench: Bench) -> None:
    orders = fifo_topic(bench, FifoThroughputScope="MessageGroup")
    by_group = connect(bench, orders, "stock.fifo", DeduplicationScope="messageGroup")
    by_queue = connect(bench, orders, "mail.fifo")
    _one_id_in_two_groups(bench, orders)
    bench.see("group", len(take(bench, by_group)), 2)
    bench.see("queue", len(take(bench, by_queue)), 1)


# How many a second


def _published(bench: Bench, scope: str, groups: int) -> int:
    """How many messages a topic has taken in a second of four programs that publish ten each 10 ms; the SDK repeats."""
    topic, taken = fifo_topic(bench, name=f"{scope}-{groups}.fifo", FifoThroughputScope=scope), []

    def program(number: int) -> None:
        for batch in range(100):
            entries = [_entry(f"{number}-{batch}-{one}", (10 * number + one) % groups) for one in range(10)]
            given = {"TopicArn": topic, "PublishBatchRequestEntries": entries}
            if bench.answer("publish_batch", "sns", **given) != ACCEPTED:
                return
            taken.append(len(entries))

    for number in range(4):
        bench.lab.start(program, number, name=f"program {scope} {groups} {number}")
    bench.lab.run(until="999 ms")
    return sum(taken)


def _entry(id: str, group: int) -> dict[str, str]:
    return {"Id": id, "Message": id, "MessageGroupId": f"group-{group}", "MessageDeduplicationId": id}


@probe(
    "snsfifo-6",
    "3,960 messages published in a second, in forty groups: taken {Topic} with the scope Topic, {MessageGroup} with "
    "MessageGroup",
    wrong=MOCK_ALONE,
    latency="10 ms",
)
def by_topic(bench: Bench) -> None:
    bench.see("Topic", _published(bench, "Topic", 40), OF_TOPIC)
    bench.see("MessageGroup", _published(bench, "MessageGroup", 40), 3_960)


@probe(
    "fifo-topic-group-quota",
    "With the scope MessageGroup, published in one group for a second: taken {taken}",
    wrong=fifo.ALWAYS_TOPIC_WIDE,
    latency="10 ms",
)
def by_group(bench: Bench) -> None:
    bench.see("taken", _published(bench, "MessageGroup", 1), OF_GROUP)
