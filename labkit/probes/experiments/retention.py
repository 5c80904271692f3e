"""How long a queue keeps a message that nobody deletes."""

from __future__ import annotations

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE
from labkit.rules import Faults

DEFAULT = quota("sqs.retention.default")
LONGEST = quota("sqs.retention.maximum")
SHORTEST = quota("sqs.retention.minimum")
HOUR = 3600
DAY = 24 * HOUR
PEEK = {"VisibilityTimeout": 0}


def _settings(bench: Bench, *seconds: int) -> list[str]:
    values = [{"MessageRetentionPeriod": str(value)} for value in seconds]
    return bench.answers("set_queue_attributes", "Attributes", values, QueueUrl=bench.url)


@probe(
    "std-6",
    "MessageRetentionPeriod of a new queue: {attribute}; a second before the end of it {before} message, at the end "
    "{after}",
    wrong=answers.other_default(MessageRetentionPeriod=DEFAULT + 1),
)
def four_days_by_default(bench: Bench) -> None:
    bench.send()
    bench.see("attribute", bench.attribute("MessageRetentionPeriod"), DEFAULT)
    bench.wait_until(DEFAULT - 1)
    bench.see("before", len(bench.receive(**PEEK)), 1)
    bench.wait_until(DEFAULT)
    bench.see("after", len(bench.receive(**PEEK)), 0)


@probe("std-7", "MessageRetentionPeriod {seconds}: {answers}", wrong=MOCK_ALONE)
def fourteen_days_at_most(bench: Bench) -> None:
    bench.see("answers", _settings(bench, LONGEST, LONGEST + 1), ["accepted", "InvalidAttributeValue"])
    bench.see("seconds", [LONGEST, LONGEST + 1])


@probe("retention-minimum", "MessageRetentionPeriod {seconds}: {answers}", wrong=MOCK_ALONE)
def a_minute_at_least(bench: Bench) -> None:
    bench.see("answers", _settings(bench, SHORTEST, SHORTEST - 1), ["accepted", "InvalidAttributeValue"])
    bench.see("seconds", [SHORTEST, SHORTEST - 1])


@probe(
    "retention-lowered",
    "A message two hours old: {before} visible / in flight / delayed; after the period was set to an hour {after}",
    wrong=rules.RETENTION_AS_SENT,
)
def lowered(bench: Bench) -> None:
    bench.send()
    bench.wait(2 * HOUR)
    bench.see("before", bench.counts(), [1, 0, 0])
    bench.set(MessageRetentionPeriod=HOUR)
    bench.see("after", bench.counts(), [0, 0, 0])


@probe(
    "retention-from-send",
    "A period of an hour, received after 59 minutes ({before} message); after 61 minutes {after}",
    wrong=rules.RECEIVING_RENEWS,
)
def counts_from_the_send(bench: Bench) -> None:
    bench.set(MessageRetentionPeriod=HOUR)
    bench.send()
    bench.wait_until(HOUR - 60)
    bench.see("before", len(bench.receive()), 1)
    bench.wait_until(HOUR + 60)
    bench.see("after", len(bench.receive()), 0)


@probe(
    "produce-2",
    "Received without a delete: {back} message came back an hour later; at the end of {days} days {expired}",
    wrong=rules.NEVER_EXPIRES,
)
def stays_until_deleted_or_expired(bench: Bench) -> None:
    bench.send()
    bench.take()
    bench.wait_until(HOUR)
    bench.see("back", len(bench.receive()), 1)
    bench.wait_until(DEFAULT)
    bench.see("expired", len(bench.receive()), 0)
    bench.see("days", DEFAULT // DAY)


@probe(
    "produce-3",
    "order-1 sent on day 0, order-3 on day {sent_on}, nobody receives before day {received_on}; found: {found}",
    wrong=rules.NEVER_EXPIRES,
)
def lost_after_the_retention_period(bench: Bench) -> None:
    sent_on, received_on = DEFAULT // 2, DEFAULT + DAY
    bench.send("order-1")
    bench.wait_until(sent_on)
    bench.send("order-3")
    bench.wait_until(received_on)
    bench.see("sent_on", sent_on // DAY)
    bench.see("received_on", received_on // DAY)
    bench.see("found", bench.bodies(), ["order-3"])


@probe(
    "retention-settings-late",
    "A message two hours old, visible / in flight / delayed: {at_once} right after the period was set to an hour, "
    "{later} 15 minutes later",
    wrong=MOCK_ALONE,
    faults=Faults(late_settings=1),
)
def lowered_late(bench: Bench) -> None:
    bench.send()
    bench.wait(2 * HOUR)
    bench.set(MessageRetentionPeriod=HOUR)
    bench.see("at_once", bench.counts(), [1, 0, 0])
    bench.wait(quota("sqs.retention.propagation"))
    bench.see("later", bench.counts(), [0, 0, 0])
