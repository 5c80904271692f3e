"""What cannot be judged gets one sentence, and machines do not share what they remember."""

import functools
import random
import signal
import threading
import time

import boto3
import pytest

from labkit import Lab, LabError
from labkit.clock.guard import guard
from labkit.clock.watch import Watch
from labkit.interleavings import Bounds, every_order
from tests.interleavings.stories import AT_LEAST, CHARGE, delete, naive, receive


def yields(sqs, url, charge):
    yield charge


def computes(sqs, url, charge):
    while True:
        pass


def swallows(sqs, url, charge):
    while True:
        try:
            for message in receive(sqs, url):
                delete(sqs, url, message)
        except BaseException:
            continue


def asks_on_and_on(sqs, url, charge):
    while True:
        sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])


def tosses(sqs, url, charge):
    while True:
        for message in receive(sqs, url):
            if random.random() < 0.5:
                charge(message["Body"])
            delete(sqs, url, message)


@functools.cache
def first_time(order):
    return [order]


def remembers_in_a_module(sqs, url, charge):
    while True:
        for message in receive(sqs, url):
            if first_time(message["Body"]):
                charge(message["Body"])
                first_time(message["Body"]).clear()
            delete(sqs, url, message)


def starts_a_thread(sqs, url, charge):
    threading.Thread(target=print).start()


def raises(sqs, url, charge):
    receive(sqs, url)[0]["Boddy"]


def elsewhere(sqs, url, charge):
    OUTSIDE[0].list_queues()


OUTSIDE = []
TOLD = [
    (yields, "uses yield or async"),
    (lambda sqs: None, "is called as <lambda>\\(sqs, queue_url, charge\\)"),
    (asks_on_and_on, "After 200 calls your function had not come to rest"),
    (tosses, "did something else when the same events came again"),
    (remembers_in_a_module, "memory that another run can see"),
    (swallows, "write `except Exception`"),
    (starts_a_thread, "starting a thread does not work inside actor 'A'"),
]


@pytest.mark.parametrize(("consumer", "sentence"), TOLD, ids=lambda part: getattr(part, "__name__", ""))
def test_what_cannot_be_judged_is_said(consumer, sentence):
    random.seed(3)
    first_time.cache_clear()
    with pytest.raises(LabError, match=sentence):
        every_order(consumer, AT_LEAST)


def test_a_consumer_that_never_lets_go_is_stopped(monkeypatch):
    monkeypatch.setattr(Watch, "limit", 0.1)
    with pytest.raises(LabError, match="'A' computed for"):
        every_order(computes, AT_LEAST)


def test_a_mistake_in_the_function_is_its_own_exception():
    with pytest.raises(KeyError, match="Boddy"):
        every_order(raises, AT_LEAST)


@pytest.mark.parametrize("given", [(naive,), (naive, "a story"), (int, CHARGE), ("worker", CHARGE)])
def test_what_is_no_function_with_a_story_is_refused(given):
    with pytest.raises((LabError, TypeError), match="every_order"):
        every_order(*given)


def test_a_client_from_outside_is_refused_and_its_lab_is_untouched():
    with Lab(seed=1) as lab:
        OUTSIDE[:] = [lab.client("sqs")]
        now = lab.clock.now()
        with pytest.raises(LabError, match="use the client that your function is given"):
            every_order(elsewhere, AT_LEAST)
        assert OUTSIDE[0].list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200
        assert lab.clock.now() == now


def own_client(sqs, url, charge):
    mine = boto3.client("sqs")
    for message in mine.receive_message(QueueUrl=url).get("Messages", []):
        charge(message["Body"])
        mine.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def test_a_client_made_inside_waits_for_its_turn_too():
    checked = every_order(own_client, CHARGE, Bounds(1, 1, 1))
    assert "and then its machine died" in checked.sentences[0]


def naps(sqs, url, charge):
    while True:
        for message in receive(sqs, url):
            time.sleep(40)
            charge(message["Body"])
            delete(sqs, url, message)


def test_a_sleep_beyond_the_visibility_timeout_needs_no_fault():
    """The message is visible again while its consumer sleeps; another one receives it."""
    began = time.process_time()
    checked = every_order(naps, CHARGE, Bounds(1, 2, 0))
    assert str(checked.wrong) == "order-1 was charged 2 times"
    assert [len(checked.moves) > 0, time.process_time() - began < 20] == [True, True]


def test_afterwards_the_process_is_as_before():
    before = time.sleep, threading.active_count()
    every_order(naive, AT_LEAST, Bounds(1, 1, 1))
    assert (time.sleep, threading.active_count()) == before
    assert not guard.held
    with every_order(naive, CHARGE).replay() as lab:
        assert not guard.held
        lab.client("sqs").list_queues()
        assert lab.history.in_order()[-1].operation == "ListQueues"
    assert time.time() > 1_700_000_000


def strikes(sqs, url, charge):
    for message in receive(sqs, url):
        signal.raise_signal(signal.SIGINT)
        charge(message["Body"])


def test_an_interrupt_ends_the_search_and_leaves_nothing_behind():
    with pytest.raises(KeyboardInterrupt):
        every_order(strikes, AT_LEAST)
    assert not guard.held
    assert time.time() > 1_700_000_000


def prints(sqs, url, charge):
    for message in receive(sqs, url):
        print("charging", message["Body"])
        charge(message["Body"])
        delete(sqs, url, message)


def test_what_a_consumer_prints_is_shown_in_the_replay_only(capsys):
    checked = every_order(prints, CHARGE)
    assert capsys.readouterr().out == ""
    checked.replay().close()
    assert capsys.readouterr().out == "charging order-1\ncharging order-1\n"
