"""Dead-letter queues: what moves a message there, what it keeps, and how it comes back."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_dead_letters as wrong
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import AtLeast, Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE
from labkit.rules import Faults

TIMEOUT = quota("sqs.visibility_timeout.default")
DAY = 24 * 3_600
INSTANT = 0.001
ALL = {"MessageSystemAttributeNames": ["All"]}


def arn(bench: Bench, url: str) -> str:
    """The ARN of a queue."""
    answer = bench.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])


def policy(target: str, receives: int) -> str:
    """A redrive policy as the API takes it."""
    return json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": receives})


def with_dead_letters(bench: Bench, receives: int, **attributes: Any) -> str:
    """Create `orders` with a dead-letter queue, whose URL is returned; `attributes` are those of the latter."""
    dead = bench.create("dead-orders", **attributes)
    bench.url = bench.create("orders", RedrivePolicy=policy(arn(bench, dead), receives))
    return dead


def dead_letter(bench: Bench, number: int = 1) -> str:
    """Create both queues, let orders be received once too often, and return the ARN of the dead-letter queue."""
    dead = with_dead_letters(bench, 1)
    bench.send_many(number)
    for _ in range(2):
        while bench.receive(10, VisibilityTimeout=0):
            pass
    return arn(bench, dead)


def waiting(bench: Bench, url: str) -> int:
    """How many messages of a queue are visible."""
    name = "ApproximateNumberOfMessages"
    return int(bench.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])


def bodies(bench: Bench, url: str) -> list[str]:
    """The bodies that one receive from a queue returns."""
    messages = bench.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [message["Body"] for message in messages]


def most(bench: Bench, metric: str) -> int:
    """The largest data point of a metric of the dead-letter queue."""
    points = bench.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SQS", MetricName=metric, Dimensions=[{"Name": "QueueName", "Value": "dead-orders"}],
        StartTime=bench.lab.clock.now() - timedelta(hours=1), EndTime=bench.lab.clock.now(), Period=60,
        Statistics=["Maximum", "Sum"],
    )["Datapoints"]  # fmt: skip
    return max((int(max(point["Maximum"], point["Sum"] if "Sent" in metric else 0)) for point in points), default=0)


def task_of(bench: Bench, source: str) -> dict[str, Any]:
    """The latest move task of a dead-letter queue."""
    results: list[dict[str, Any]] = bench.sqs.list_message_move_tasks(SourceArn=source)["Results"]
    return results[0]


# What moves a message


@probe("redrive-without-queue", wrong=wrong.GIVES_UP)
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


@probe("missing-dead-letter-queues", wrong=wrong.NO_POLICY)
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


@probe("redrive-counts-receives", wrong=wrong.LOOKING_IS_FREE)
def a_look_counts(bench: Bench) -> None:
    dead = with_dead_letters(bench, 2)
    bench.send()
    bench.see("received", [len(bench.receive(VisibilityTimeout=0)) for _ in range(3)], [1, 1, 0])
    bench.see("dead", bodies(bench, dead), ["order-1"])


@probe("redrive-number", wrong=wrong.LAST_RECEIVE_MOVES)
def handed_out_as_often_as_allowed(bench: Bench) -> None:
    with_dead_letters(bench, 3)
    bench.send()
    got = []
    for nth in range(5):
        bench.wait_until(nth * TIMEOUT)
        got.append(len(bench.receive()))
    bench.see("received", got, [1, 1, 1, 0, 0])


@probe("redrive-next-receive", wrong=wrong.MOVED_WHEN_HIDDEN_ENDS)
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


@probe("redrive-lapsed-timeout", wrong=rules.HIDDEN_UNTIL_DELETED)
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


@probe("redrive-one-receive", wrong=wrong.NO_POLICY, faults=Faults(lost_response=0.1), seed=5)
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


@probe("redrive-back-of-queue", wrong=wrong.KEEPS_ITS_PLACE)
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


@probe("redrive-breaks-order", wrong=wrong.NO_POLICY)
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


@probe("redrive-not-sent", wrong=wrong.MOVES_COUNT_AS_SENT)
def a_move_is_no_send(bench: Bench) -> None:
    dead_letter(bench, 3)
    bench.sqs.send_message(QueueUrl=bench.url.replace("orders", "dead-orders"), MessageBody="sent by hand")
    bench.wait(120)
    bench.see("sent", most(bench, "NumberOfMessagesSent"), 1)
    bench.see("visible", most(bench, "ApproximateNumberOfMessagesVisible"), 4)


# What a dead-letter queue may be


@probe("redrive-range", wrong=MOCK_ALONE)
def range_of_the_count(bench: Bench) -> None:
    target = arn(bench, bench.create("dead-orders"))
    numbers = [0, 1, quota("sqs.redrive.max_receive_count.maximum"), 1_001]
    given = [{"RedrivePolicy": policy(target, number)} for number in numbers]
    seen = bench.answers("set_queue_attributes", "Attributes", given, QueueUrl=bench.url)
    bench.see("numbers", numbers)
    bench.see("answers", seen, ["InvalidParameterValue", "accepted", "accepted", "InvalidParameterValue"])


@probe("redrive-same-type", wrong=MOCK_ALONE)
def types_go_together(bench: Bench) -> None:
    fifo = bench.create("orders.fifo", FifoQueue="true")
    pairs = [(bench.url, fifo), (fifo, bench.url)]
    seen = [
        bench.answer("set_queue_attributes", QueueUrl=one, Attributes={"RedrivePolicy": policy(arn(bench, other), 3)})
        for one, other in pairs
    ]
    bench.see("answers", seen, ["InvalidParameterValue"] * 2)


@probe("redrive-allow", wrong=wrong.ALLOWED_TO_ALL)
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


@probe("redrive-keeps-send-time", wrong=wrong.RETENTION_RESTARTS)
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


@probe("redrive-keeps-receive-count", wrong=wrong.COUNT_RESTARTS)
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


# The way back


@probe("redrive-new-message", wrong=wrong.SAME_ID)
def comes_back_as_a_new_one(bench: Bench) -> None:
    source = dead_letter(bench)
    dead = bench.url.replace("orders", "dead-orders")
    before = bench.sqs.receive_message(QueueUrl=dead, VisibilityTimeout=0, **ALL)["Messages"][0]
    bench.wait(DAY)
    bench.sqs.start_message_move_task(SourceArn=source)
    bench.wait(1)
    after = bench.take(**ALL)
    sent = [int(one["Attributes"]["SentTimestamp"]) // 1_000 for one in (before, after)]
    bench.see("same", before["MessageId"] == after["MessageId"], False)
    bench.see("younger", sent[1] - sent[0], DAY)
    counts = [int(one["Attributes"]["ApproximateReceiveCount"]) for one in (before, after)]
    bench.see("counts", counts, [2, 1])


@probe("redrive-rate", wrong=wrong.RATE_IGNORED)
def as_fast_as_asked(bench: Bench) -> None:
    source = dead_letter(bench, 10)
    bench.sqs.start_message_move_task(SourceArn=source, MaxNumberOfMessagesPerSecond=2)
    bench.wait(2.5)
    bench.see("moved", waiting(bench, bench.url), 5)
    bench.wait(10)
    above = quota("sqs.move_task.maximum_rate") + 1
    answer = bench.answer("start_message_move_task", SourceArn=source, MaxNumberOfMessagesPerSecond=above)
    bench.see("above", above)
    bench.see("answer", answer, "InvalidParameterValue")


@probe("redrive-oldest-first", wrong=wrong.NEWEST_FIRST)
def oldest_first_among_the_new(bench: Bench) -> None:
    source = dead_letter(bench, 3)
    bench.sqs.start_message_move_task(SourceArn=source, MaxNumberOfMessagesPerSecond=1)
    bench.wait(1.5)
    bench.send("new order")
    bench.wait(2)
    bench.see("bodies", bench.bodies(), ["order-1", "new order", "order-2", "order-3"])


@probe("redrive-one-task", wrong=answers.NEVER_REFUSED)
def one_at_a_time(bench: Bench) -> None:
    source = dead_letter(bench, 3)
    seen = []
    for second in (0, 1, 10):
        bench.wait_until(second)
        seen.append(bench.answer("start_message_move_task", SourceArn=source, MaxNumberOfMessagesPerSecond=1))
    bench.see("answers", seen, ["accepted", "InvalidParameterValue", "accepted"])


@probe("redrive-task-ends", wrong=wrong.PROTECTED)
def the_destination_goes_away(bench: Bench) -> None:
    source = dead_letter(bench, 5)
    bench.sqs.start_message_move_task(SourceArn=source, MaxNumberOfMessagesPerSecond=1)
    bench.wait(2)
    bench.sqs.delete_queue(QueueUrl=bench.url)
    bench.wait(10)
    task = task_of(bench, source)
    bench.see("status", task["Status"], "FAILED")
    bench.see("reason", task.get("FailureReason"), "AWS.SimpleQueueService.NonExistentQueue")
    bench.see("left", waiting(bench, bench.url.replace("orders", "dead-orders")), 3)


@probe("redrive-task-cancel", wrong=wrong.CANCEL_UNDOES)
def cancelled_on_the_way(bench: Bench) -> None:
    source = dead_letter(bench, 5)
    started = bench.sqs.start_message_move_task(SourceArn=source, MaxNumberOfMessagesPerSecond=1)
    bench.wait(2)
    moved = bench.sqs.cancel_message_move_task(TaskHandle=started["TaskHandle"])["ApproximateNumberOfMessagesMoved"]
    seen = [task_of(bench, source)["Status"]]
    bench.wait(10)
    bench.see("moved", moved, 2)
    bench.see("statuses", [*seen, task_of(bench, source)["Status"]], ["CANCELLING", "CANCELLED"])
    dead = bench.url.replace("orders", "dead-orders")
    bench.see("left", [waiting(bench, bench.url), waiting(bench, dead)], [2, 3])


@probe("redrive-unknown-source", wrong=wrong.SOURCE_IS_KNOWN)
def sent_by_hand(bench: Bench) -> None:
    source = dead_letter(bench, 0)
    dead = bench.url.replace("orders", "dead-orders")
    bench.sqs.send_message(QueueUrl=dead, MessageBody="sent by hand")
    bench.sqs.start_message_move_task(SourceArn=source)
    bench.wait(1)
    task = task_of(bench, source)
    bench.see("status", task["Status"], "FAILED")
    bench.see("reason", task.get("FailureReason"), "CouldNotDetermineMessageSource")
    bench.sqs.start_message_move_task(SourceArn=source, DestinationArn=arn(bench, bench.url))
    bench.wait(1)
    bench.see("then", task_of(bench, source)["Status"], "COMPLETED")


@probe("redrive-needs-source", wrong=answers.NEVER_REFUSED)
def any_other_queue(bench: Bench) -> None:
    dead_letter(bench)
    seen = bench.answer("start_message_move_task", SourceArn=arn(bench, bench.url))
    bench.see("answer", seen, "InvalidParameterValue")
