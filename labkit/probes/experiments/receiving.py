"""What a receive returns, and how long it waits."""

from __future__ import annotations

import time

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import Bench
from labkit.probes.registry import probe
from labkit.rules import Faults

MOST = quota("sqs.receive.maximum_messages")
DEFAULT = quota("sqs.receive.default_messages")
LONGEST_WAIT = quota("sqs.wait_time.maximum")
TIMEOUT = quota("sqs.visibility_timeout.default")
INVALID = "InvalidParameterValue"


@probe(
    "consume-2",
    "An hour without a call: {visible} message visible; ApproximateReceiveCount at the first receive {count}",
    wrong=answers.PUSHED,
)
def nothing_is_pushed(bench: Bench) -> None:
    bench.send()
    bench.wait(3600)
    bench.see("visible", bench.counts()[0], 1)
    message = bench.take(MessageSystemAttributeNames=["ApproximateReceiveCount"])
    bench.see("count", int(message["Attributes"]["ApproximateReceiveCount"]), 1)


@probe(
    "consume-3",
    "{sent} messages: a default receive returns {default}, one for {number} returns {most}; one more: {above}",
    wrong=answers.NEVER_REFUSED,
)
def ten_at_most(bench: Bench) -> None:
    bench.send_many(MOST + 2)
    bench.see("default", len(bench.receive(VisibilityTimeout=0)), DEFAULT)
    bench.see("most", len(bench.receive(MOST)), MOST)
    bench.see("above", bench.answer("receive_message", QueueUrl=bench.url, MaxNumberOfMessages=MOST + 1), INVALID)
    bench.see("number", MOST)
    bench.see("sent", MOST + 2)


@probe(
    "receive-default-one",
    "Five messages, a receive that does not say how many: {received}",
    wrong=answers.TEN_BY_DEFAULT,
)
def one_by_default(bench: Bench) -> None:
    bench.send_many(5)
    bench.see("received", len(bench.receive()), DEFAULT)


@probe("receive-range", "MaxNumberOfMessages {numbers}: {answers}", wrong=answers.NEVER_REFUSED)
def range_of_a_receive(bench: Bench) -> None:
    bench.send()
    numbers = [0, 1, MOST, MOST + 1]
    seen = bench.answers("receive_message", "MaxNumberOfMessages", numbers, QueueUrl=bench.url)
    bench.see("numbers", numbers)
    bench.see("answers", seen, [INVALID, "accepted", "accepted", INVALID])


@probe(
    "receive-absent-key", "Messages in an empty answer: short poll {short}, long poll {long}", wrong=answers.EMPTY_LIST
)
def no_messages_key(bench: Bench) -> None:
    short = bench.sqs.receive_message(QueueUrl=bench.url)
    long = bench.sqs.receive_message(QueueUrl=bench.url, WaitTimeSeconds=1)
    bench.see("short", "Messages" in short, False)
    bench.see("long", "Messages" in long, False)


@probe(
    "receive-keeps",
    "Visible / in flight / delayed after a receive: {counts}; after the timeout {again} received again",
    wrong=rules.RECEIVING_REMOVES,
)
def receiving_keeps(bench: Bench) -> None:
    bench.send()
    bench.take()
    bench.see("counts", bench.counts(), [0, 1, 0])
    bench.wait(TIMEOUT)
    bench.see("again", len(bench.receive()), 1)


@probe(
    "receive-attributes-on-request",
    "A receive that asks for nothing returns {without}, one that asks: {asking}",
    wrong=answers.ATTRIBUTES_ALWAYS,
)
def attributes_on_request(bench: Bench) -> None:
    bench.send(MessageAttributes={"order.customer": {"DataType": "String", "StringValue": "42"}})
    without = bench.take(VisibilityTimeout=0)
    asked = {"MessageAttributeNames": ["order.*"], "MessageSystemAttributeNames": ["All"]}
    asking = bench.take(**asked)
    kinds = ("MessageAttributes", "Attributes")
    bench.see("without", [kind for kind in kinds if kind in without], [])
    bench.see("asking", [kind for kind in kinds if kind in asking], list(kinds))


@probe(
    "receive-short-poll",
    "A receive from an empty queue returned {received} messages at {now:clock}",
    wrong=answers.other_default(ReceiveMessageWaitTimeSeconds=LONGEST_WAIT),
)
def does_not_wait(bench: Bench) -> None:
    bench.see("received", len(bench.receive()), 0)
    bench.see("now", bench.now, 0)


@probe(
    "receive-wait-limit",
    "An empty queue, WaitTimeSeconds {longest}: {received} messages at {now:clock}; WaitTimeSeconds {outside}: "
    "{answers}",
    wrong=answers.NEVER_REFUSED,
)
def longest_wait(bench: Bench) -> None:
    bench.see("received", len(bench.receive(WaitTimeSeconds=LONGEST_WAIT)), 0)
    bench.see("now", bench.now, LONGEST_WAIT)
    bench.see("longest", LONGEST_WAIT)
    outside = [LONGEST_WAIT + 1, -1]
    seen = bench.answers("receive_message", "WaitTimeSeconds", outside, QueueUrl=bench.url)
    bench.see("answers", seen, [INVALID, INVALID])
    bench.see("outside", outside)


@probe(
    "receive-wait-ends-early",
    "Another actor sends after 1 s: a receive that waits 20 s returned {received} message at {now:clock}",
    wrong=rules.TAKES_WHOLE_WAIT,
)
def wait_ends_early(bench: Bench) -> None:
    def producer() -> None:
        time.sleep(1)
        bench.send()

    bench.url = bench.create("orders")
    bench.lab.start(producer)
    bench.see("received", len(bench.receive(WaitTimeSeconds=LONGEST_WAIT)), 1)
    bench.see("now", bench.now, 1)


@probe(
    "receive-wait-of-call-wins",
    "A queue that waits 10 s: a call with 0 answered at {with_zero:clock}, one without at {without:clock}",
    wrong=answers.QUEUE_WAIT_WINS,
)
def wait_of_the_call(bench: Bench) -> None:
    bench.set(ReceiveMessageWaitTimeSeconds=10)
    bench.receive(WaitTimeSeconds=0)
    bench.see("with_zero", bench.now, 0)
    bench.receive()
    bench.see("without", bench.now, 10)


@probe(
    "receive-fewer",
    "Three messages, eight short polls that ask half of the servers (a teaching rate): {short}; fewer than three at "
    "least once: {fewest}; a long poll: {long}",
    wrong=rules.SHORT_POLL_ASKS_ALL,
    faults=Faults(sample=0.5),
)
def fewer_than_there_are(bench: Bench) -> None:
    bench.send("order-1", "order-2", "order-3")
    short = [len(bench.receive(10, VisibilityTimeout=0)) for _ in range(8)]
    bench.see("short", short)
    bench.see("fewest", min(short) < 3, True)
    bench.see("long", len(bench.receive(10, WaitTimeSeconds=1)), 3)


@probe(
    "empty-answer",
    "Two messages received: the next receive returned {received}; visible / in flight / delayed: {counts}",
    wrong=rules.NOT_HIDDEN,
)
def empty_answer(bench: Bench) -> None:
    bench.send("order-1", "order-2")
    bench.receive(10)
    bench.see("received", len(bench.receive(10)), 0)
    bench.see("counts", bench.counts(), [0, 2, 0])
