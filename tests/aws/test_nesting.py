"""Labs nest: an inner one leaves no trace in the outer one, which waits and refuses meanwhile."""

import time

import boto3
import pytest

from labkit import Lab, LabError
from tests.aws.test_close import a_whole_story


def outer_story(between) -> list:
    """Everything that can be asked of a lab in which `between` happens halfway."""
    with Lab(seed=3) as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        sent = [sqs.send_message(QueueUrl=url, MessageBody=f"order-{n}") for n in range(3)]
        received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=2)
        seen = []
        lab.start(lambda: [(time.sleep(7), seen.append(sqs.receive_message(QueueUrl=url))) for _ in range(9)])
        lab.run(until="10 s")
        between()
        now = lab.clock.now()
        lab.run(until="1 min")
        sent.append(sqs.send_message(QueueUrl=url, MessageBody="order-4"))
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        return [sent, received, seen, now, attributes, lab.history.in_order(), lab.clock.now()]


def test_after_an_inner_lab_the_outer_one_is_as_before_byte_for_byte():
    """Attributes, messages, ids, handles, history and time equal those of a run without the inner lab."""

    def inner():
        with Lab(seed=99) as lab:
            a_whole_story(lab)
            with Lab(seed=3) as innermost:
                a_whole_story(innermost)

    assert outer_story(inner) == outer_story(lambda: None)


def test_an_inner_lab_is_as_if_there_were_no_outer_one():
    """The same story gives the same bytes inside another lab."""
    alone = outer_story(lambda: None)
    with Lab(seed=5) as lab:
        a_whole_story(lab)
        assert outer_story(lambda: None) == alone


def test_the_outer_labs_client_and_the_parked_lab_are_refused_meanwhile(lab, sqs, orders):
    """One sentence each; afterwards both work again."""
    lab.start(lambda: time.sleep(1))
    with Lab() as inner:
        with pytest.raises(
            LabError, match="belongs to another lab, which waits until the lab opened after it is closed"
        ):
            sqs.list_queues()
        for use in (lab.run, lambda: lab.clock.advance(1), lambda: lab.client("sqs")):
            with pytest.raises(LabError, match="Another lab was opened after this one"):
                use()
        assert inner.clock.now() == lab.clock.now()
        time.sleep(5)
    assert lab.clock.now().second == 0
    lab.run()
    assert sqs.list_queues()["QueueUrls"] == [orders]


def test_a_parked_lab_can_be_closed_first():
    """The inner one works on, and what was before the outer one comes back at the end."""
    boto3.setup_default_session(region_name="eu-west-1")
    session = boto3.DEFAULT_SESSION
    first, second, third = Lab(), Lab(), Lab()
    url = third.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
    second.close()
    first.close()
    assert third.client("sqs").list_queues()["QueueUrls"] == [url]
    time.sleep(60)
    assert third.clock.now().minute == 1
    third.close()
    assert boto3.DEFAULT_SESSION is session
    boto3.DEFAULT_SESSION = None


def test_the_end_of_a_parked_labs_actors_does_not_touch_the_open_lab():
    """Their finally blocks run, and neither sleep nor call in the inner lab."""
    outer = Lab()
    sqs, tried = outer.client("sqs"), []

    def worker():
        try:
            time.sleep(60)
        finally:
            tried.append(True)
            try:
                time.sleep(1)
            finally:
                sqs.list_queues()

    outer.start(worker)
    outer.run(until="1 s")
    with Lab() as inner:
        outer.close()
        assert tried == [True]
        assert inner.clock.now().second == 0
        assert inner.history.calls() == []
