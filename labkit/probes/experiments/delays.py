"""Messages that cannot be received yet."""

from __future__ import annotations

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE

LONGEST = quota("sqs.delay.maximum")
INSTANT = 0.001


@probe("delay-hides", "Sent with DelaySeconds 45, first received at {received:clock}", wrong=answers.DELAY_IGNORED)
def hides(bench: Bench) -> None:
    bench.send(DelaySeconds=45)
    bench.see("received", bench.first_seen(0, 45 - INSTANT, 45), 45)


@probe("delay-maximum", "DelaySeconds {delays}: of a message {messages}; of a queue {queues}", wrong=MOCK_ALONE)
def longest(bench: Bench) -> None:
    delays = [0, LONGEST, LONGEST + 1, -1]
    sent = bench.answers("send_message", "DelaySeconds", delays, QueueUrl=bench.url, MessageBody="order-1")
    given = [{"DelaySeconds": str(delay)} for delay in delays]
    queues = bench.answers("set_queue_attributes", "Attributes", given, QueueUrl=bench.url)
    bench.see("delays", delays)
    bench.see("messages", sent, ["accepted"] * 2 + ["InvalidParameterValue"] * 2)
    bench.see("queues", queues, ["accepted"] * 2 + ["InvalidAttributeValue"] * 2)


@probe(
    "delay-of-message-wins",
    "A queue with 60 s, one message sent with 0: received at once {now}; the other after 60 s: {later}",
    wrong=answers.DELAY_IGNORED,
)
def message_wins(bench: Bench) -> None:
    bench.set(DelaySeconds=60)
    bench.send("order-1")
    bench.send("order-2", DelaySeconds=0)
    bench.see("now", bench.bodies(), ["order-2"])
    bench.wait_until(60)
    bench.see("later", "order-1" in bench.bodies(), True)


@probe(
    "delay-not-retroactive",
    "60 s set to 0 after the first send: {second} received at once, order-1 at {first:clock}",
    wrong=rules.DELAY_RETROACTIVE,
)
def not_retroactive(bench: Bench) -> None:
    bench.set(DelaySeconds=60)
    bench.send("order-1")
    bench.set(DelaySeconds=0)
    bench.send("order-2")
    second = bench.take()
    bench.delete(second)
    bench.see("second", second["Body"], "order-2")
    bench.see("first", bench.first_seen(60 - INSTANT, 60), 60)
