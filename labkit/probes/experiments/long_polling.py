"""How long a poll waits, what ends the wait, and what asking costs."""

from __future__ import annotations

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import AtLeast, Bench
from labkit.probes.registry import probe
from labkit.rules import Faults

LONGEST = quota("sqs.wait_time.maximum")
TIMEOUT = quota("sqs.visibility_timeout.default")
ARRIVALS = (3.3, 9.1, 27.4, 55.0)
PAUSE = 5


def took(bench: Bench, **options: int) -> float:
    """How long an empty receive takes, in seconds."""
    began = bench.now
    bench.receive(**options)
    return bench.now - began


def polls(bench: Bench, wait: int, seconds: int) -> int:
    """Count the polls of an idle queue; a wait that does not happen is slept, so that time passes."""
    end, number = bench.now + seconds, 0
    while bench.now < end:
        if not took(bench, WaitTimeSeconds=wait):
            bench.wait(1)
        number += 1
    return number


def a_minute(bench: Bench, wait: int, pause: int) -> tuple[int, float]:
    """Four orders in a minute, polled with a wait or with pauses: how many polls, and the slowest delivery."""
    start, url = bench.now, bench.create(f"orders-{wait}")
    delays, asked = [0.0], [0]

    def producer() -> None:
        for at in ARRIVALS:
            bench.wait_until(start + at)
            bench.sqs.send_message(QueueUrl=url, MessageBody=str(start + at))

    def consumer() -> None:
        while True:
            asked[0] += 1
            for message in bench.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=wait).get("Messages", []):
                delays.append(round(bench.now - float(message["Body"]), 3))
                bench.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            if pause:
                bench.wait(pause)

    bench.lab.start(producer, name=f"producer {wait}")
    bench.lab.start(consumer, name=f"consumer {wait}")
    bench.lab.run(until=60)
    return asked[0], max(delays)


@probe(
    "longpoll-1",
    "Empty polls with a wait of {waits} s took {took} s; a wait of {above} s: {answer}",
    wrong=answers.QUEUE_WAIT_WINS,
)
def waits_for_a_message(bench: Bench) -> None:
    waits = [1, LONGEST]
    bench.see("waits", waits)
    bench.see("took", [took(bench, WaitTimeSeconds=wait) for wait in waits], waits)
    bench.see("above", LONGEST + 1)
    answer = bench.answer("receive_message", QueueUrl=bench.url, WaitTimeSeconds=LONGEST + 1)
    bench.see("answer", answer, "InvalidParameterValue")


@probe(
    "longpoll-2",
    "Two idle minutes: {one} polls with a wait of 1 s, {longest} with one of {wait} s",
    wrong=answers.QUEUE_WAIT_WINS,
)
def fewer_requests(bench: Bench) -> None:
    bench.see("wait", LONGEST)
    bench.see("one", polls(bench, 1, 120), 120)
    bench.see("longest", polls(bench, LONGEST, 120), 120 // LONGEST)


@probe(
    "longpoll-3",
    "The slowest of four orders came {long} s after its send by long polls, {short} s by a poll every {pause} s",
    wrong=rules.TAKES_WHOLE_WAIT,
)
def received_at_once(bench: Bench) -> None:
    bench.see("pause", PAUSE)
    bench.see("long", a_minute(bench, LONGEST, 0)[1], 0.0)
    bench.see("short", a_minute(bench, 0, PAUSE)[1])


@probe(
    "longpoll-4",
    "Wait of a new queue: {default} s; a minute of long polls: {long} polls, slowest order {delay} s; of a poll "
    "every {pause} s: {short} polls",
    wrong=rules.TAKES_WHOLE_WAIT,
)
def fewer_and_sooner(bench: Bench) -> None:
    bench.see("default", bench.attribute("ReceiveMessageWaitTimeSeconds"), 0)
    bench.see("pause", PAUSE)
    short, _ = a_minute(bench, 0, PAUSE)
    long, delay = a_minute(bench, LONGEST, 0)
    bench.see("short", short, AtLeast(long + 1))
    bench.see("long", long)
    bench.see("delay", delay, 0.0)


@probe(
    "longpoll-5",
    "On a queue that waits {of_queue} s a receive without a wait took {without} s, one with "
    "WaitTimeSeconds={of_call} took {named} s",
    wrong=answers.QUEUE_WAIT_WINS,
)
def where_the_wait_stands(bench: Bench) -> None:
    of_queue, of_call = 10, 2
    bench.set(ReceiveMessageWaitTimeSeconds=of_queue)
    bench.see("of_queue", of_queue)
    bench.see("of_call", of_call)
    bench.see("without", took(bench), of_queue)
    bench.see("named", took(bench, WaitTimeSeconds=of_call), of_call)


@probe(
    "longpoll-not-filled",
    "Three messages a second apart, one long poll for ten: {received} message at {now:clock}",
    wrong=rules.FILLS_ITS_BATCH,
)
def first_message_ends_the_wait(bench: Bench) -> None:
    def producer() -> None:
        for _ in range(3):
            bench.wait(1)
            bench.send()

    bench.url = bench.create("orders")
    bench.lab.start(producer)
    bench.see("received", len(bench.receive(10, WaitTimeSeconds=LONGEST)), 1)
    bench.see("now", bench.now, 1)


@probe(
    "longpoll-one-wakes",
    "One message at 00:00:05.000 for {waiting} consumers that wait: {woken} received it; the others returned at "
    "{others:clock}",
    wrong=rules.NOT_HIDDEN,
)
def one_of_them_wakes(bench: Bench) -> None:
    answers: list[tuple[int, float]] = []
    bench.url = bench.create("orders")

    def consumer() -> None:
        answers.append((len(bench.receive(WaitTimeSeconds=LONGEST)), bench.now))

    for _ in range(3):
        bench.lab.start(consumer)
    bench.wait(5)
    bench.send()
    bench.lab.run()
    bench.see("waiting", 3)
    bench.see("woken", sum(number for number, _ in answers), 1)
    bench.see("others", sorted({at for number, at in answers if not number}), [LONGEST])


@probe(
    "longpoll-false-empty",
    "One message waits: {short} of {polls} short polls came back empty, and {long} of {polls} long polls",
    wrong=rules.SHORT_POLL_ASKS_ALL,
    faults=Faults(sample=0.5),
)
def false_empty_answers(bench: Bench) -> None:
    bench.send()
    empty = {
        wait: sum(not bench.receive(WaitTimeSeconds=wait, VisibilityTimeout=0) for _ in range(8)) for wait in (0, 1)
    }
    bench.see("polls", 8)
    bench.see("short", empty[0], AtLeast(1))
    bench.see("long", empty[1], 0)


@probe(
    "longpoll-idle-day",
    "{minutes} idle minutes: {polls} polls, so {day} a day and {month} in 30 days",
    wrong=answers.QUEUE_WAIT_WINS,
)
def an_idle_day(bench: Bench) -> None:
    minutes = 5
    number = polls(bench, LONGEST, minutes * 60)
    day = number * 24 * 60 // minutes
    bench.see("minutes", minutes)
    bench.see("polls", number)
    bench.see("day", day, 4320)
    bench.see("month", 30 * day, 129_600)


@probe(
    "longpoll-two-queues",
    "An express order waited {in_turn} s for a consumer that polls two queues in turn, {own} s for one of its own",
    wrong=answers.QUEUE_WAIT_WINS,
)
def two_queues(bench: Bench) -> None:
    delays: dict[str, float] = {}
    queues = [bench.create("orders"), bench.create("express")]

    def consumer(name: str, urls: list[str]) -> None:
        while name not in delays:
            for url in urls:
                before = bench.now
                messages = bench.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=LONGEST).get("Messages", [])
                if messages:
                    delays[name] = bench.now - float(messages[0]["Body"])
                elif bench.now == before:
                    bench.wait(1)

    for name, urls in (("in turn", queues), ("own", queues[1:])):
        bench.lab.start(consumer, name, urls, name=name)
        bench.wait(5)
        bench.sqs.send_message(QueueUrl=queues[1], MessageBody=str(bench.now))
        bench.wait(60)
        bench.sqs.purge_queue(QueueUrl=queues[1])
        bench.wait(60)
    bench.see("in_turn", delays["in turn"], LONGEST - 5)
    bench.see("own", delays["own"], 0.0)


@probe(
    "longpoll-lost-answer",
    "The answer to the first try was lost; the second brought {received} messages; visible / in flight / delayed: "
    "{counts}; received again at {back:clock}",
    wrong=rules.NOT_HIDDEN,
    faults=Faults(lost_response=0.3),
    seed=5,
)
def lost_answer(bench: Bench) -> None:
    bench.send()
    bench.see("received", len(bench.receive()), 0)
    bench.see("counts", bench.counts(), [0, 1, 0])
    bench.see("back", bench.first_seen(TIMEOUT - 1, TIMEOUT), TIMEOUT)
