"""Fan-out: a topic with a queue a service, what a day of absence costs, and what is lost with one queue for two."""

from __future__ import annotations

import json
import time
from typing import Any

from labkit.aws.lab import Lab
from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_publishing as publishing
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import ACCEPTED, AtLeast, Bench
from labkit.probes.dead_letter_bench import arn, policy, waiting
from labkit.probes.registry import probe
from labkit.probes.topic_bench import RAW, messages, publish, subscribe, subscribed, texts, topic
from labkit.probes.worlds import MOCK_ALONE, World

KEPT = quota("sqs.retention.maximum")
EVENTS, DAY = 20, 86_400
OWN_QUEUES = World("the same experiment with a queue for each service", instead={"shared": False})
ONE_QUEUE = World("the same experiment with one queue for both services", instead={"shared": True})
SHORT_OUTAGE = World("the same experiment with a function that fails for two minutes", instead={"down": 120.0})


@probe("fanout-1", "One publish; the services received from their own queues: {received}", wrong=answers.ONE_SUBSCRIBER)
def by_way_of_queues(bench: Bench) -> None:
    orders, *queues = subscribed(bench, "stock", "mail", attributes=RAW)
    publish(bench, orders)
    bench.see("received", [one["Body"] for url in queues for one in messages(bench, url)], ["order-1", "order-1"])


@probe(
    "fanout-2",
    "One queue was deleted, later one was added; the publisher's call answered {answers}, the new queue got {received}",
    wrong=MOCK_ALONE,
)
def come_and_go(bench: Bench) -> None:
    orders = topic(bench)

    def publisher(order: str) -> str:
        return bench.answer("publish", "sns", TopicArn=orders, Message=order)

    bench.sqs.delete_queue(QueueUrl=subscribe(bench, orders, "mail"))
    said = [publisher("order-1")]
    stock = subscribe(bench, orders, "stock")
    said.append(publisher("order-2"))
    bench.see("answers", said, [ACCEPTED, ACCEPTED])
    bench.see("received", texts(bench, stock), ["order-2"])


@probe(
    "fanout-3",
    "Two queues were deleted, one of them with a dead-letter queue at its subscription, which has {kept} of two copies",
    wrong=MOCK_ALONE,
)
def lost_without_dead_letters(bench: Bench) -> None:
    orders = topic(bench)
    dead = bench.create("dead-orders")
    redrive = json.dumps({"deadLetterTargetArn": bench.let_sns(dead, orders)})
    for name, attributes in (("stock", {"RedrivePolicy": redrive}), ("mail", {})):
        bench.sqs.delete_queue(QueueUrl=subscribe(bench, orders, name, attributes))
    publish(bench, orders)
    bench.see("kept", texts(bench, dead), ["order-1"])


@probe(
    "fanout-4",
    "Kept for {kept} days; a consumer that came after 13 days found {early}, one that came after 15 days {late}",
    wrong=rules.NEVER_EXPIRES,
)
def kept_for_a_consumer(bench: Bench) -> None:
    orders, *queues = subscribed(bench, "stock", "mail", attributes=RAW)
    for url in queues:
        given = {"MessageRetentionPeriod": str(KEPT)}
        bench.sqs.set_queue_attributes(QueueUrl=url, Attributes=given)
    publish(bench, orders)
    bench.see("kept", KEPT // DAY, 14)
    for name, url, days in (("early", queues[0], 13), ("late", queues[1], 15)):
        bench.wait_until(days * DAY)
        bench.see(name, [one["Body"] for one in messages(bench, url)], ["order-1"] if name == "early" else [])


def _serve(bench: Bench, url: str, seconds: float, done: list[str]) -> None:
    """A service: it takes one event after another, and needs some time for each."""
    while True:
        for message in bench.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            time.sleep(seconds)
            done.append(message["Body"])
            bench.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def _two_services(bench: Bench, shared: bool, *paces: float) -> list[list[str]]:
    """Start two services of these paces, and publish; what each has done grows as time goes on."""
    orders, *urls = subscribed(bench, *(("stock",) if shared else ("stock", "mail")), attributes=RAW)
    done: list[list[str]] = [[], []]
    for number, pace in enumerate(paces):
        bench.lab.start(_serve, bench, urls[number % len(urls)], pace, done[number], name=f"service {number}")
    for number in range(EVENTS):
        publish(bench, orders, f"order-{number}")
    return done


@probe(
    "fanout-5",
    "Of {events} events, after half a minute the fast service had done {fast}, the slow one {slow}; after five minutes"
    " {both}",
    wrong=ONE_QUEUE,
)
def at_its_own_rate(bench: Bench, shared: bool = False) -> None:
    fast, slow = _two_services(bench, shared, 1, 12)
    bench.lab.run(until="30 s")
    bench.see("events", EVENTS)
    bench.see("fast", len(fast), EVENTS)
    bench.see("slow", len(slow), 2)
    bench.lab.run(until="270 s")
    bench.see("both", [len(set(fast)), len(set(slow))], [EVENTS, EVENTS])


@probe(
    "fanout-shared-queue",
    "Two services at one queue, {events} events: they had {each}, together {together}",
    wrong=OWN_QUEUES,
)
def sharing_is_not_copying(bench: Bench, shared: bool = True) -> None:
    first, second = _two_services(bench, shared, 1, 1)
    bench.lab.run(until="1 min")
    bench.see("events", EVENTS)
    bench.see("each", [len(first), len(second)], [AtLeast(1), AtLeast(1)])
    bench.see("together", len(first) + len(second), EVENTS)


@probe(
    "fanout-6",
    "maxReceiveCount 2 and a service that fails: received {receives} times, then dead letters: {dead}",
    wrong=rules.NEVER_DEAD_LETTERED,
)
def until_too_often(bench: Bench) -> None:
    orders = topic(bench)
    dead = bench.create("dead-orders")
    url = subscribe(bench, orders, "stock", RAW)
    bench.sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy(arn(bench, dead), 2)})
    publish(bench, orders)
    receives = 0
    for _ in range(4):
        receives += len(messages(bench, url))
        bench.wait(31)
    bench.see("receives", receives, 2)
    bench.see("dead", waiting(bench, dead), 1)


@probe(
    "fanout-7",
    "A service was added between two orders, by a queue, its policy and a subscription; it received {received}",
    wrong=publishing.KEEPS_MESSAGES,
)
def added_later(bench: Bench) -> None:
    orders = topic(bench)
    subscribe(bench, orders, "stock")
    publish(bench, orders, "order-1")
    added = subscribe(bench, orders, "mail")
    publish(bench, orders, "order-2")
    bench.see("received", texts(bench, added), ["order-2"])


@probe(
    "fanout-function-down",
    "A day with {events} orders and no service: the function ran {runs} times and was left with {function}, the queue"
    " has {queue}; dead letters of the function's subscription: {dead}",
    wrong=SHORT_OUTAGE,
)
def a_day_without(bench: Bench, down: float = DAY) -> None:
    assert isinstance(bench.lab, Lab)
    orders, handled, runs = topic(bench), [], []

    def fraud(event: Any, context: Any) -> None:
        runs.append(event)
        if bench.now < down:
            raise TimeoutError
        handled.append(event["Records"][0]["Sns"]["Message"])

    stock, dead = subscribe(bench, orders, "stock"), bench.create("dead-orders")
    redrive = json.dumps({"deadLetterTargetArn": bench.let_sns(dead, orders)})
    given = {"Protocol": "lambda", "Endpoint": bench.lab.function("fraud", fraud)}
    bench.client("sns").subscribe(TopicArn=orders, **given, Attributes={"RedrivePolicy": redrive})
    for order in ("order-1", "order-2"):
        publish(bench, orders, order)
    bench.lab.run(until="25 h")
    bench.see("events", 2)
    bench.see("runs", len(runs), 6)
    bench.see("function", handled, [])
    bench.see("queue", texts(bench, stock), ["order-1", "order-2"])
    bench.see("dead", waiting(bench, dead), 0)


@probe(
    "fanout-two-repeats",
    "One message received {receives} times has {again} MessageId of SNS; one text published twice has {twice}",
    wrong=publishing.RECOGNISES,
)
def which_id_knows_what(bench: Bench) -> None:
    orders, stock, mail = subscribed(bench, "stock", "mail")
    publish(bench, orders)
    received = messages(bench, stock)
    bench.wait(31)
    received += messages(bench, stock)
    bench.see("receives", len(received), AtLeast(2))
    bench.see("again", len({_id_of_sns(one) for one in received}), 1)
    publish(bench, orders)
    bench.see("twice", len({_id_of_sns(one) for one in messages(bench, mail)}), 2)


def _id_of_sns(message: dict[str, Any]) -> str:
    return str(json.loads(message["Body"])["MessageId"])
