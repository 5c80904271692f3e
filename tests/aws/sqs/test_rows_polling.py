"""Rows about receiving: order, duplicates, consumers, polling, limits, cost."""

import time

import pytest

from labkit import Faults, Lab
from labkit.ledger import quota
from labkit.rules import StandardQueue
from tests.aws.sqs.labs import bodies, orders_queue, receive, refused


def send_many(sqs, url, number):
    for first in range(0, number, 10):
        entries = [{"Id": str(one), "MessageBody": f"order-{one}"} for one in range(first, min(first + 10, number))]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)


def drain(sqs, url, **parameters):
    got = []
    while batch := receive(sqs, url, **parameters):
        got += bodies(batch)
    return got


def test_row_01_messages_may_arrive_in_another_order_and_do_by_default_not():
    in_order = [f"order-{one}" for one in range(60)]
    with orders_queue() as (_, sqs, url):
        send_many(sqs, url, 60)
        assert drain(sqs, url) == in_order
    with orders_queue(faults=Faults(reorder=0.2)) as (_, sqs, url):
        send_many(sqs, url, 60)
        got = drain(sqs, url)
        assert got != in_order
        assert sorted(got) == sorted(in_order)


def test_row_02_a_message_may_come_twice_and_does_by_default_not():
    with orders_queue(faults=Faults(duplicate=0.2)) as (_, sqs, url):
        send_many(sqs, url, 60)
        got = drain(sqs, url)
        assert len(got) > 60
        assert len(set(got)) == 60


def test_row_03_eight_consumers_at_once_share_the_messages_without_a_duplicate():
    with orders_queue() as (lab, sqs, url):
        send_many(sqs, url, 200)
        got = []

        def consumer():
            while batch := receive(sqs, url, MaxNumberOfMessages=3):
                time.sleep(0.02)
                for message in batch:
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                got.extend(bodies(batch))

        for _ in range(8):
            lab.start(consumer)
        lab.run()
        assert sorted(got) == sorted(f"order-{one}" for one in range(200))


def test_row_04_a_short_poll_may_miss_messages_and_a_long_poll_does_not():
    with orders_queue(faults=Faults(sample=0.5)) as (_, sqs, url):
        send_many(sqs, url, 10)
        assert any(len(receive(sqs, url, VisibilityTimeout=0)) < 10 for _ in range(10))
        assert len(receive(sqs, url, WaitTimeSeconds=1)) == 10


def test_row_05_a_20_s_long_poll_on_an_empty_queue_takes_20_s_of_lab_time_and_hardly_any_real_time():
    with orders_queue() as (lab, sqs, url):
        began, spent = lab.clock.now(), time.process_time()
        assert receive(sqs, url, WaitTimeSeconds=20) == []
        assert (lab.clock.now() - began).total_seconds() == 20
        assert time.process_time() - spent < 1


def test_row_05_a_long_poll_ends_when_a_message_is_sent():
    with orders_queue() as (lab, sqs, url):

        def sender():
            time.sleep(1.3)
            sqs.send_message(QueueUrl=url, MessageBody="order-1")

        lab.start(sender)
        began = lab.clock.now()
        assert bodies(receive(sqs, url, WaitTimeSeconds=20)) == ["order-1"]
        assert (lab.clock.now() - began).total_seconds() == pytest.approx(1.31)


def test_row_05_a_long_poll_ends_when_a_delay_or_a_visibility_timeout_ends():
    with orders_queue() as (lab, sqs, url):
        began = lab.clock.now()
        sqs.send_message(QueueUrl=url, MessageBody="order-1", DelaySeconds=1)
        assert bodies(receive(sqs, url, WaitTimeSeconds=2, VisibilityTimeout=5)) == ["order-1"]
        assert bodies(receive(sqs, url, WaitTimeSeconds=20)) == ["order-1"]
        assert (lab.clock.now() - began).total_seconds() == 6


def test_row_05_the_queues_own_wait_time_is_used_where_a_receive_names_none():
    with orders_queue({"ReceiveMessageWaitTimeSeconds": "7"}) as (lab, sqs, url):
        began = lab.clock.now()
        assert receive(sqs, url) == []
        assert receive(sqs, url, WaitTimeSeconds=0) == []
        assert (lab.clock.now() - began).total_seconds() == 7


def test_row_06_a_long_poll_ends_though_nobody_but_the_poll_moves_the_clock():
    with Lab(seed=7, latency="0 s") as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        answers = []
        lab.start(lambda: answers.append(receive(sqs, url, WaitTimeSeconds=1)), name="worker")
        lab.run()
        assert answers == [[]]


def test_row_08_expired_messages_are_gone_and_do_not_block_the_fresh_one():
    with orders_queue({"MessageRetentionPeriod": "60"}) as (lab, sqs, url):
        send_many(sqs, url, 5)
        lab.clock.advance("30 s")
        sqs.send_message(QueueUrl=url, MessageBody="fresh")
        lab.clock.advance("30 s")
        assert bodies(receive(sqs, url, MaxNumberOfMessages=1)) == ["fresh"]
        assert [change.after for change in lab.history.changes()].count("expired") == 5


class ThreeInFlight(StandardQueue):
    """A standard queue with a limit that a test reaches quickly."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, in_flight_limit=3, **options)


def test_row_17_at_the_in_flight_limit_a_short_poll_is_refused_and_a_long_poll_comes_back_empty():
    assert StandardQueue("orders").in_flight_limit == quota("sqs.in_flight.standard")
    with orders_queue(rules={"sqs": ThreeInFlight}) as (_, sqs, url):
        send_many(sqs, url, 5)
        assert len(receive(sqs, url)) == 3
        expected = (
            "Too many messages have been received without being deleted. "
            "Please delete your received messages or let them timeout before receiving more."
        )
        assert refused(sqs.receive_message, QueueUrl=url) == ("OverLimit", expected, 403)
        assert receive(sqs, url, WaitTimeSeconds=1) == []


def test_row_35_a_call_evaluates_no_list_of_all_messages(monkeypatch):
    """The rules give out the list of what they store to nobody on the way of a call."""

    def listed(*_):
        raise AssertionError("a call looked at every stored message")

    with orders_queue() as (_, sqs, url):
        send_many(sqs, url, 50)
        monkeypatch.setattr(StandardQueue, "stored", listed)
        (message,) = receive(sqs, url, MaxNumberOfMessages=1)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        sqs.send_message(QueueUrl=url, MessageBody="one more")
        sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
