"""Dead-letter queues: what moves a message there, and what it keeps."""

from __future__ import annotations

import json
import time

from labkit.ledger import quota
from labkit.probes import wrong_dead_letters as wrong
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import AtLeast, Bench
from labkit.probes.dead_letter_bench import (
    ALL,
    arn,
    bodies,
    dead_letter,
    most,
    policy,
    waiting,
    with_dead_letters,
)
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE
from labkit.rules import Faults

TIMEOUT = quota("sqs.visibility_timeout.default")
DAY = 24 * 3_600
INSTANT = 0.001


# What moves a message


@probe(
    "redrive-without-queue",
    "A message that nobody can process was received {received} times in {seconds} s, then it expired; visible / in "
    "flight / delayed: {counts}",
    wrong=wrong.GIVES_UP,
)
def received_until_it_expires(bench: Bench) -> None:
    bench.url = bench.create("orders", MessageRetentionPeriod=10 * TIMEOUT)
    bench.send("poison")
    received = 0
    for nth in range(12):
        bench.wait_until(nth * TIMEOUT)
        received += len(bench.receive())
    bench.see("received", received, 10)
    bench.see("seconds", 10 * TIMEOUT)
    bench.see("counts", bench.counts(), [0, 0, 0])


@probe(
    "missing-dead-letter-queues",
    "Three receives of a poison message and an order that is deleted brought {received} messages; in the dead-letter"
    " queue: {dead}",
    wrong=wrong.NO_POLICY,
)
def moves_after_two_receives(bench: Bench) -> None:
    dead = with_dead_letters(bench, 2)
    bench.send("poison", "order-1")
    got = []
    for nth in range(3):
        bench.wait_until(nth * TIMEOUT)
        messages = bench.receive(10)
        got.append(len(messages))
        for message in messages:
            if message["Body"] != "poison":
                bench.delete(message)
    bench.see("received", got, [2, 1, 0])
    bench.see("dead", bodies(bench, dead), ["poison"])


@probe(
    "redrive-counts-receives",
    "Three looks with VisibilityTimeout 0 brought {received} messages; in the dead-letter queue: {dead}",
    wrong=wrong.LOOKING_IS_FREE,
)
def a_look_counts(bench: Bench) -> None:
    dead = with_dead_letters(bench, 2)
    bench.send()
    bench.see("received", [len(bench.receive(VisibilityTimeout=0)) for _ in range(3)], [1, 1, 0])
    bench.see("dead", bodies(bench, dead), ["order-1"])


@probe("redrive-number", "maxReceiveCount 3, a receive every 30 s: {received} messages", wrong=wrong.LAST_RECEIVE_MOVES)
def handed_out_as_often_as_allowed(bench: Bench) -> None:
    with_dead_letters(bench, 3)
    bench.send()
    got = []
    for nth in range(5):
        bench.wait_until(nth * TIMEOUT)
        got.append(len(bench.receive()))
    bench.see("received", got, [1, 1, 1, 0, 0])


@probe(
    "redrive-next-receive",
    "In queue / dead-letter queue an hour after the last receive allowed: {before}; after a long poll of {waited} s:"
    " {after}",
    wrong=wrong.MOVED_WHEN_HIDDEN_ENDS,
)
def a_receive_moves(bench: Bench) -> None:
    dead = with_dead_letters(bench, 1)
    bench.send()
    bench.take()
    bench.wait(3_600)
    bench.see("before", [waiting(bench, bench.url), waiting(bench, dead)], [1, 0])
    began = bench.now
    bench.receive(WaitTimeSeconds=20)
    bench.see("waited", bench.now - began, 20.0)
    bench.see("after", [waiting(bench, bench.url), waiting(bench, dead)], [0, 1])


@probe(
    "redrive-lapsed-timeout",
    "Work of {work} s on a queue of {seconds} s: charged {charges} times, and in the dead-letter queue: {dead}",
    wrong=rules.HIDDEN_UNTIL_DELETED,
)
def slow_work_is_dead_lettered(bench: Bench) -> None:
    dead, work = with_dead_letters(bench, 2), TIMEOUT + 15
    charged: list[str] = []

    def consumer() -> None:
        while messages := bench.receive(WaitTimeSeconds=20) or bench.receive(WaitTimeSeconds=20):
            charged.append(messages[0]["Body"])
            time.sleep(work)
            bench.delete(messages[0])

    bench.send()
    for name in ("consumer 1", "consumer 2"):
        bench.lab.start(consumer, name=name)
    bench.lab.run()
    bench.see("charges", len(charged), 2)
    bench.see("dead", bodies(bench, dead), ["order-1"])
    bench.see("work", work)
    bench.see("seconds", TIMEOUT)


@probe(
    "redrive-one-receive",
    "100 orders whose consumer never fails, a tenth of all answers lost; dead letters with a maxReceiveCount of 1: "
    "{one}, of 5: {five}",
    wrong=wrong.NO_POLICY,
    faults=Faults(lost_response=0.1),
    seed=5,
)
def one_lost_answer_is_enough(bench: Bench) -> None:
    left = []
    for receives in (1, 5):
        dead = bench.create(f"dead-{receives}")
        bench.url = bench.create(f"orders-{receives}", RedrivePolicy=policy(arn(bench, dead), receives))
        bench.send_many(100)
        for _ in range(4):
            while messages := bench.receive(10):
                entries = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(messages)]
                bench.sqs.delete_message_batch(QueueUrl=bench.url, Entries=entries)
            bench.wait(TIMEOUT)
        left.append(waiting(bench, dead))
    bench.see("one", left[0], AtLeast(1))
    bench.see("five", left[1], 0)


@probe(
    "redrive-back-of-queue",
    "Two receives of one order, then another is sent; the third receive brought {third}, and then came {bodies}",
    wrong=wrong.KEEPS_ITS_PLACE,
)
def often_received_goes_back(bench: Bench) -> None:
    with_dead_letters(bench, 10)
    bench.send("often")
    for _ in range(2):
        bench.change(bench.take(), 0)
    bench.send("later")
    third = bench.take()
    bench.change(third, 0)
    bench.see("third", third["Body"], "often")
    bench.see("bodies", [bench.take()["Body"] for _ in range(2)], ["later", "often"])


@probe(
    "redrive-breaks-order",
    "A group of three steps, of which the first failed: the consumer got {bodies}; in the dead-letter queue: {dead}",
    wrong=wrong.NO_POLICY,
)
def a_group_goes_on(bench: Bench) -> None:
    dead = bench.create("dead-orders.fifo", FifoQueue="true")
    attributes = {"FifoQueue": "true", "RedrivePolicy": policy(arn(bench, dead), 1)}
    bench.url = bench.create("orders.fifo", **attributes)
    for step in ("reserve", "charge", "ship"):
        bench.send(step, MessageGroupId="order-1", MessageDeduplicationId=step)
    bench.take()
    bench.wait(TIMEOUT)
    bench.see("bodies", bench.bodies(), ["charge", "ship"])
    bench.see("dead", bodies(bench, dead), ["reserve"])


@probe(
    "redrive-not-sent",
    "Three messages moved and one sent by hand: NumberOfMessagesSent of the dead-letter queue {sent}, visible "
    "{visible}",
    wrong=wrong.MOVES_COUNT_AS_SENT,
)
def a_move_is_no_send(bench: Bench) -> None:
    dead_letter(bench, 3)
    bench.sqs.send_message(QueueUrl=bench.url.replace("orders", "dead-orders"), MessageBody="sent by hand")
    bench.wait(120)
    bench.see("sent", most(bench, "NumberOfMessagesSent"), 1)
    bench.see("visible", most(bench, "ApproximateNumberOfMessagesVisible"), 4)


# What a dead-letter queue may be


@probe("redrive-range", "maxReceiveCount {numbers}: {answers}", wrong=MOCK_ALONE)
def range_of_the_count(bench: Bench) -> None:
    target = arn(bench, bench.create("dead-orders"))
    numbers = [0, 1, quota("sqs.redrive.max_receive_count.maximum"), 1_001]
    given = [{"RedrivePolicy": policy(target, number)} for number in numbers]
    seen = bench.answers("set_queue_attributes", "Attributes", given, QueueUrl=bench.url)
    bench.see("numbers", numbers)
    bench.see("answers", seen, ["InvalidParameterValue", "accepted", "accepted", "InvalidParameterValue"])


@probe("redrive-same-type", "Standard names FIFO / FIFO names standard: {answers}", wrong=MOCK_ALONE)
def types_go_together(bench: Bench) -> None:
    fifo = bench.create("orders.fifo", FifoQueue="true")
    pairs = [(bench.url, fifo), (fifo, bench.url)]
    seen = [
        bench.answer("set_queue_attributes", QueueUrl=one, Attributes={"RedrivePolicy": policy(arn(bench, other), 3)})
        for one, other in pairs
    ]
    bench.see("answers", seen, ["InvalidParameterValue"] * 2)


@probe(
    "redrive-allow",
    "denyAll, two queues name it: {denied}; byQueue with one of them: {by_queue}",
    wrong=wrong.ALLOWED_TO_ALL,
)
def who_may_name_it(bench: Bench) -> None:
    dead = bench.create("dead-orders")
    own = arn(bench, bench.url)
    seen = []
    for permission in ({"redrivePermission": "denyAll"}, {"redrivePermission": "byQueue", "sourceQueueArns": [own]}):
        bench.sqs.set_queue_attributes(QueueUrl=dead, Attributes={"RedriveAllowPolicy": json.dumps(permission)})
        for url in (bench.url, bench.create("payments")):
            given = {"RedrivePolicy": policy(arn(bench, dead), 3)}
            seen.append(bench.answer("set_queue_attributes", QueueUrl=url, Attributes=given))
    bench.see("denied", seen[:2], ["InvalidParameterValue"] * 2)
    bench.see("by_queue", seen[2:], ["accepted", "InvalidParameterValue"])


# What a message keeps when it moves


@probe(
    "redrive-keeps-send-time",
    "Moved at {moved:clock} to a queue that keeps messages for four days: there / gone at {gone:clock}: {there}",
    wrong=wrong.RETENTION_RESTARTS,
)
def retention_goes_on(bench: Bench) -> None:
    dead = with_dead_letters(bench, 1, MessageRetentionPeriod=4 * DAY)
    bench.set(MessageRetentionPeriod=14 * DAY)
    bench.send()
    bench.take()
    bench.wait_until(DAY)
    bench.receive()
    bench.see("moved", bench.now)
    bench.wait_until(4 * DAY - INSTANT)
    before = waiting(bench, dead)
    bench.wait_until(4 * DAY)
    bench.see("there", [before, waiting(bench, dead)], [1, 0])
    bench.see("gone", bench.now)


@probe(
    "redrive-keeps-receive-count",
    "ApproximateReceiveCount twice in the queue, then in the dead-letter queue: {counts}; the same message id: "
    "{same}; DeadLetterQueueSourceArn names {source}",
    wrong=wrong.COUNT_RESTARTS,
)
def the_count_goes_on(bench: Bench) -> None:
    dead = with_dead_letters(bench, 2)
    bench.send()
    sent = [bench.take(VisibilityTimeout=0, **ALL) for _ in range(2)]
    bench.receive()
    moved = bench.sqs.receive_message(QueueUrl=dead, **ALL)["Messages"][0]
    counts = [int(one["Attributes"]["ApproximateReceiveCount"]) for one in (*sent, moved)]
    bench.see("counts", counts, [1, 2, 3])
    bench.see("same", moved["MessageId"] == sent[0]["MessageId"], True)
    bench.see("source", moved["Attributes"]["DeadLetterQueueSourceArn"].rsplit(":", 1)[1], "orders")
