"""FIFO queues: names, order in a group, and what holds a group back."""

from __future__ import annotations

import json
import time
from itertools import pairwise

from labkit.ledger import quota
from labkit.probes import wrong_fifo as fifo
from labkit.probes.bench import Bench
from labkit.probes.fifo_bench import NAME, open_fifo, send
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE
from labkit.rules import Faults

TIMEOUT = quota("sqs.visibility_timeout.default")
AT_ONCE = quota("sqs.receive.maximum_messages")
GROUPS = 150


@probe(
    "fifo-1",
    "Name without suffix, suffix without the attribute, both: {creates}; FifoQueue changed later: {change}",
    wrong=MOCK_ALONE,
)
def fifo_type(bench: Bench) -> None:
    attribute = {"FifoQueue": "true"}
    creates = [
        bench.answer("create_queue", QueueName="orders", Attributes=attribute),
        bench.answer("create_queue", QueueName=NAME),
        bench.answer("create_queue", QueueName=NAME, Attributes=attribute),
    ]
    bench.see("creates", creates, ["InvalidParameterValue", "InvalidParameterValue", "accepted"])
    url = bench.sqs.get_queue_url(QueueName=NAME)["QueueUrl"]
    other = bench.answer("set_queue_attributes", QueueUrl=url, Attributes={"FifoQueue": "false"})
    bench.see("change", other, "InvalidAttributeValue")


def _finished(bench: Bench, *bodies: str) -> list[str]:
    """What two consumers finish, one message at a time: those that end in 1 take 10 s, the others 1 s."""
    finished: list[str] = []

    def consumer() -> None:
        for message in bench.receive(WaitTimeSeconds=20) or bench.receive(WaitTimeSeconds=20):
            time.sleep(10 if message["Body"].endswith("1") else 1)
            finished.append(message["Body"])
            bench.delete(message)

    def works() -> None:
        for _ in bodies:
            consumer()

    send(bench, *bodies)
    for name in ("Ann", "Bob"):
        bench.lab.start(works, name=name)
    bench.lab.run(until="60 s")
    return finished


@probe(
    "fifo-2",
    "Two consumers finished {finished}: of one group {first}, of the other {second}",
    wrong=fifo.GROUP_IN_PARALLEL,
)
def order_in_a_group(bench: Bench) -> None:
    open_fifo(bench)
    finished = _finished(bench, "a1", "a2", "b1", "b2")
    bench.see("finished", finished)
    bench.see("first", [body for body in finished if body[0] == "a"], ["a1", "a2"])
    bench.see("second", [body for body in finished if body[0] == "b"], ["b1", "b2"])


@probe(
    "sqsord-1",
    "Sent order-1 to order-6 where AWS may reorder (a teaching rate), received {received}; in the order of sending: "
    "{in_order}",
    wrong=fifo.IN_ORDER,
    faults=Faults(reorder=0.5),
    seed=7,
)
def standard_order(bench: Bench) -> None:
    sent = [f"order-{number}" for number in range(1, 7)]
    bench.send(*sent)
    received = bench.bodies()
    bench.see("received", received)
    bench.see("in_order", received == sent, False)


@probe("sqsord-2", "Sent a1, b1, a2, b2; one receive returned {received}", wrong=MOCK_ALONE)
def group_first(bench: Bench) -> None:
    open_fifo(bench)
    send(bench, "a1", "b1", "a2", "b2")
    bench.see("received", bench.bodies(), ["a1", "a2", "b1", "b2"])


@probe("sqsord-3", "{code}: {text}", wrong=fifo.GROUP_OPTIONAL)
def group_required(bench: Bench) -> None:
    open_fifo(bench)
    code, text = bench.answer_text("send_message", QueueUrl=bench.url, MessageBody="order-1")
    bench.see("code", code, "MissingParameter")
    bench.see("text", text, "The request must contain the parameter MessageGroupId.")


@probe("kvso-4", "{groups} messages of as many groups: {received} received at the same time", wrong=fifo.HUNDRED_GROUPS)
def many_groups(bench: Bench) -> None:
    open_fifo(bench)
    for first in range(0, GROUPS, 10):
        ids = [str(number) for number in range(first, first + 10)]
        entries = [{"Id": id, "MessageBody": id, "MessageGroupId": f"customer-{id}"} for id in ids]
        bench.sqs.send_message_batch(QueueUrl=bench.url, Entries=entries)
    received = 0
    while batch := bench.receive(AT_ONCE):
        received += len(batch)
    bench.see("groups", GROUPS)
    bench.see("received", received, GROUPS)


@probe(
    "fifo-7",
    "Sent a1, a2, b1; the first receive returned {first}, the second {second}, and after the delete of a1 {after}",
    wrong=fifo.GROUP_IN_PARALLEL,
)
def group_blocked(bench: Bench) -> None:
    open_fifo(bench)
    send(bench, "a1", "a2", "b1")
    first = bench.take()
    bench.see("first", first["Body"], "a1")
    bench.see("second", bench.bodies(), ["b1"])
    bench.delete(first)
    bench.see("after", bench.bodies(), ["a2"])


@probe(
    "fifo-group-batch",
    "Twelve messages of one group: two receives for ten returned {received}",
    wrong=fifo.ONE_OF_A_GROUP,
)
def ten_of_a_group(bench: Bench) -> None:
    open_fifo(bench)
    send(bench, *(f"a{number}" for number in range(AT_ONCE + 2)))
    bench.see("received", [len(bench.receive(AT_ONCE)), len(bench.receive(AT_ONCE))], [AT_ONCE, 0])


@probe("fifo-resume-head", "Received {first}; after the visibility timeout {again}", wrong=MOCK_ALONE)
def resumes_from_head(bench: Bench) -> None:
    open_fifo(bench)
    send(bench, "a1", "a2", "a3")
    bench.see("first", bench.bodies(), ["a1", "a2", "a3"])
    bench.wait(TIMEOUT)
    bench.see("again", bench.bodies(), ["a1", "a2", "a3"])


@probe(
    "fifo-up-to-invisible",
    "Of a1, a2, a3 in flight a2 was extended; when the others were back, a receive returned {received}",
    wrong=MOCK_ALONE,
)
def up_to_invisible(bench: Bench) -> None:
    open_fifo(bench)
    send(bench, "a1", "a2", "a3")
    bench.change(bench.receive(AT_ONCE)[1], 2 * TIMEOUT)
    bench.wait(TIMEOUT)
    bench.see("received", bench.bodies(), ["a1"])


def _seconds_for_eight(bench: Bench, groups: int) -> float:
    """How long four consumers take for eight messages of ten seconds each."""
    open_fifo(bench, f"orders-{groups}.fifo")
    send(bench, *(f"{'abcd'[number % groups]}{number}" for number in range(8)))
    done: list[float] = []

    def consumer() -> None:
        while len(done) < 8:
            for message in bench.receive(WaitTimeSeconds=20):
                time.sleep(10)
                bench.delete(message)
                done.append(bench.now)

    began = bench.now
    for number in range(4):
        bench.lab.start(consumer, name=f"consumer {groups}-{number}")
    bench.lab.run(until=lambda: len(done) == 8)
    return round(done[-1] - began, 1)


@probe(
    "fifo-parallel-groups",
    "Eight jobs of 10 s, four consumers: {one} s with one group, {four} s with four",
    wrong=fifo.GROUP_IN_PARALLEL,
)
def lanes(bench: Bench) -> None:
    bench.see("one", _seconds_for_eight(bench, 1), 80)
    bench.see("four", _seconds_for_eight(bench, 4), 20)


@probe(
    "fifo-sequence-number",
    "Digits of five sequence numbers: {digits}; increasing: {grows}; consecutive: {consecutive}",
    wrong=MOCK_ALONE,
)
def sequence_numbers(bench: Bench) -> None:
    open_fifo(bench, ContentBasedDeduplication="false")
    numbers = [send(bench, "a1", MessageDeduplicationId=str(id))[0]["SequenceNumber"] for id in range(5)]
    bench.see("digits", sorted({len(number) for number in numbers}), [20])
    bench.see("grows", numbers == sorted(numbers), True)
    steps = {int(later) - int(earlier) for earlier, later in pairwise(numbers)}
    bench.see("consecutive", steps == {1}, False)


@probe(
    "fifo-look-ahead",
    "A limit lowered from {real} to {low} messages, five of a blocked group in front of b1: received {blocked}; "
    "after a1 was deleted {after}",
    wrong=fifo.HIDES_NOTHING,
    rules={"sqs": fifo.LooksAtFive},
)
def backlog(bench: Bench) -> None:
    open_fifo(bench)
    send(bench, *(f"a{number}" for number in range(1, 6)), "b1")
    held = bench.take()
    bench.see("blocked", bench.bodies(), [])
    bench.delete(held)
    bench.see("after", bench.bodies(), ["a2", "a3", "a4", "a5", "b1"])
    bench.see("low", 5)
    bench.see("real", quota("sqs.fifo.group_lookup"))


@probe(
    "fifo-dead-letter-order",
    "a1 was received once and moved away; the next receive returned {next}",
    wrong=fifo.NEVER_EXHAUSTED,
)
def dead_letter_breaks_order(bench: Bench) -> None:
    fifo_queue = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    dead = bench.create("dead-orders.fifo", **fifo_queue)
    arn = bench.sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    open_fifo(bench, RedrivePolicy=json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1}))
    send(bench, "a1", "a2", "a3")
    bench.take()
    bench.wait(TIMEOUT)
    bench.see("next", bench.bodies(), ["a2", "a3"])
