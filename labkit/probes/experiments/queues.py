"""Queues as such: names, attributes, counters, purging."""

from __future__ import annotations

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE
from labkit.rules import Faults

PURGE_INTERVAL = quota("sqs.purge.interval")
DELETE_INTERVAL = quota("sqs.delete_queue.interval")
LONGEST_NAME = quota("sqs.queue_name.maximum_length")
INSTANT = 0.001
SQS = "AWS.SimpleQueueService."
ABOVE_RANGE = {
    "VisibilityTimeout": quota("sqs.visibility_timeout.maximum") + 1,
    "DelaySeconds": quota("sqs.delay.maximum") + 1,
    "ReceiveMessageWaitTimeSeconds": quota("sqs.wait_time.maximum") + 1,
    "MaximumMessageSize": quota("sqs.message_size.maximum") + 1,
    "MessageRetentionPeriod": quota("sqs.retention.maximum") + 1,
}


@probe(
    "queue-counters",
    "Five sent, two of them delayed, one received; visible / in flight / delayed: {counts}",
    wrong=answers.COUNTS_ALL,
)
def counters(bench: Bench) -> None:
    bench.send("order-1", "order-2", "order-3")
    bench.send("order-4", "order-5", DelaySeconds=60)
    bench.take()
    bench.see("counts", bench.counts(), [2, 1, 2])


@probe(
    "purge-removes-all",
    "Visible / in flight / delayed: {before} before the purge, {after} after it; a minute later {later} messages",
    wrong=rules.PURGE_SPARES_IN_FLIGHT,
)
def purge(bench: Bench) -> None:
    bench.send("order-1", "order-2")
    bench.send("order-3", DelaySeconds=10)
    bench.take()
    bench.see("before", bench.counts(), [1, 1, 1])
    bench.sqs.purge_queue(QueueUrl=bench.url)
    bench.see("after", bench.counts(), [0, 0, 0])
    bench.wait(60)
    bench.see("later", len(bench.receive(10)), 0)


@probe("purge-once-a-minute", "Purged at {seconds:clock}: {answers}", wrong=answers.NEVER_REFUSED)
def purge_twice(bench: Bench) -> None:
    seen = []
    for second in (0, PURGE_INTERVAL - INSTANT, PURGE_INTERVAL):
        bench.wait_until(second)
        seen.append(bench.answer("purge_queue", QueueUrl=bench.url))
    bench.see("answers", seen, ["accepted", SQS + "PurgeQueueInProgress", "accepted"])
    bench.see("seconds", [0, PURGE_INTERVAL - INSTANT, PURGE_INTERVAL])


@probe("queue-recreate", "Created again {seconds:clock} after the delete: {answers}", wrong=MOCK_ALONE)
def recreate(bench: Bench) -> None:
    bench.sqs.delete_queue(QueueUrl=bench.url)
    seen = []
    for second in (DELETE_INTERVAL - INSTANT, DELETE_INTERVAL):
        bench.wait_until(second)
        seen.append(bench.answer("create_queue", QueueName="orders"))
    bench.see("answers", seen, [SQS + "QueueDeletedRecently", "accepted"])
    bench.see("seconds", [DELETE_INTERVAL - INSTANT, DELETE_INTERVAL])


@probe(
    "queue-create-again",
    "Created again without attributes: same URL: {same}; with another DelaySeconds: {code}, {text}",
    wrong=MOCK_ALONE,
)
def create_again(bench: Bench) -> None:
    bench.url = bench.create("orders", VisibilityTimeout=45)
    bench.see("same", bench.create("orders") == bench.url, True)
    code, text = bench.answer_text("create_queue", QueueName="orders", Attributes={"DelaySeconds": "5"})
    bench.see("code", code, "QueueAlreadyExists")
    bench.see(
        "text", text, "A queue already exists with the same name and a different value for attribute DelaySeconds"
    )


@probe("queue-unknown", "{code}: {text}", wrong=answers.NEVER_REFUSED)
def unknown_queue(bench: Bench) -> None:
    url = bench.url.replace("orders", "payments")
    code, text = bench.answer_text("send_message", QueueUrl=url, MessageBody="order-1")
    bench.see("code", code, SQS + "NonExistentQueue")
    bench.see("text", text, "The specified queue does not exist.")


@probe(
    "queue-name", "Names of {longest} letters, of one more, and with a slash: {answers}", wrong=answers.NEVER_REFUSED
)
def name_of_a_queue(bench: Bench) -> None:
    names = ["a" * LONGEST_NAME, "a" * (LONGEST_NAME + 1), "orders/new"]
    refused = "InvalidParameterValue"
    bench.see("answers", bench.answers("create_queue", "QueueName", names), ["accepted", refused, refused])
    bench.see("longest", LONGEST_NAME)


@probe(
    "queue-attribute-range",
    "{refused} values outside of their range refused with InvalidAttributeValue, {accepted} largest values accepted",
    wrong=MOCK_ALONE,
)
def range_of_attributes(bench: Bench) -> None:
    below = {"VisibilityTimeout": -1, "MaximumMessageSize": quota("sqs.message_size.minimum_setting") - 1}
    given = [{name: str(value)} for name, value in [*ABOVE_RANGE.items(), *below.items()]]
    inside = [{name: str(value - 1)} for name, value in ABOVE_RANGE.items()]
    refused = bench.answers("set_queue_attributes", "Attributes", given, QueueUrl=bench.url)
    accepted = bench.answers("set_queue_attributes", "Attributes", inside, QueueUrl=bench.url)
    bench.see("refused", refused.count("InvalidAttributeValue"), len(given))
    bench.see("accepted", accepted.count("accepted"), len(inside))


@probe(
    "queue-settings-late",
    "VisibilityTimeout set to {given}: {at_once} right after the call, {later} a minute later",
    wrong=MOCK_ALONE,
    faults=Faults(late_settings=1),
)
def settings_take_their_time(bench: Bench) -> None:
    bench.see("given", 5)
    bench.set(VisibilityTimeout=5)
    bench.see("at_once", bench.attribute("VisibilityTimeout"), quota("sqs.visibility_timeout.default"))
    bench.wait(quota("sqs.attributes.propagation"))
    bench.see("later", bench.attribute("VisibilityTimeout"), 5)


@probe("queue-attribute-unknown", "An attribute Nope, FifoQueue on a standard queue: {answers}", wrong=MOCK_ALONE)
def unknown_attribute(bench: Bench) -> None:
    nope = bench.answer("create_queue", QueueName="payments", Attributes={"Nope": "1"})
    fifo = bench.answer("set_queue_attributes", QueueUrl=bench.url, Attributes={"FifoQueue": "true"})
    bench.see("answers", [nope, fifo], ["InvalidAttributeName", "InvalidAttributeName"])
