"""Who worked on which message, read off the sleeps between an actor's calls."""

import time

import pytest

from labkit import Lab
from labkit.history import Slept
from labkit.history.work import works
from tests.history.events import SECOND, START, Written


def told(history, now=1_000):
    """Actor, message, first and last second of each stretch of work."""
    return [
        (work.by, work.message, (work.began - START) / SECOND, (work.ended - START) / SECOND)
        for work in works(history.calls(), history.sleeps, START + now * SECOND)
    ]


def slept(written, by, began, ended):
    written.history.sleeps.append(Slept(by, START + began * SECOND, START + ended * SECOND))


def test_each_sleep_of_a_batch_is_work_on_the_message_that_is_deleted_next():
    written = Written().call(0, "Ann", "ReceiveMessage", "id-1", "id-2", received=2)
    written.call(10, "Ann", "DeleteMessage", "id-1").call(25, "Ann", "DeleteMessage", "id-2")
    slept(written, "Ann", 0, 10)
    slept(written, "Ann", 10, 25)
    assert told(written.history) == [("Ann", "id-1", 0, 10), ("Ann", "id-2", 10, 25)]


def test_heartbeats_do_not_break_work_and_a_second_try_is_another():
    written = Written().call(0, "Ann", "ReceiveMessage", "id-1", received=1)
    written.call(20, "Ann", "ChangeMessageVisibility", "id-1").call(90, "Ann", "ReceiveMessage", "id-1", received=1)
    for began, ended in ((0, 20), (21, 40), (90, 95)):
        slept(written, "Ann", began, ended)
    assert told(written.history) == [("Ann", "id-1", 0, 40), ("Ann", "id-1", 90, 95)]


def test_a_pause_is_no_work():
    """Before the first receive, after an empty one, after the delete, and of somebody else."""
    written = Written().call(5, "Ann", "ReceiveMessage", "id-1", received=1).call(6, "Ann", "DeleteMessage", "id-1")
    written.call(20, "Ann", "ReceiveMessage", received=0)
    for by, began, ended in (("Ann", 0, 5), ("Ann", 6, 20), ("Ann", 20, 30), ("Bob", 5, 30)):
        slept(written, by, began, ended)
    assert told(written.history) == []


def test_work_of_one_who_never_calls_again_is_seen_and_what_goes_on_ends_now():
    written = Written().call(0, "Ann", "ReceiveMessage", "id-1", received=1)
    slept(written, "Ann", 0, 40)
    assert told(written.history, now=30) == [("Ann", "id-1", 0, 30)]


@pytest.mark.parametrize(("until", "ended"), [("20 s", 20.0), ("100 s", 40.01)])
def test_a_lab_notes_the_sleep_of_its_actors_and_not_yours(until, ended):
    with Lab(seed=3) as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="order-1")

        def dies():
            sqs.receive_message(QueueUrl=url)
            time.sleep(40)

        lab.start(dies, name="Ann")
        lab.run(until=until)
        time.sleep(3)
        now = lab.history.start + 20 * SECOND if until == "20 s" else lab.scheduler.now
        ((by, began, end),) = [
            (work.by, work.began, work.ended) for work in works(lab.history.calls(), lab.history.sleeps, now)
        ]
    assert (by, (began - lab.history.start) / SECOND, (end - lab.history.start) / SECOND) == ("Ann", 0.01, ended)


def test_an_actor_that_is_stopped_in_its_sleep_worked_until_then():
    with Lab(seed=3) as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="order-1")

        def works_long():
            sqs.receive_message(QueueUrl=url)
            time.sleep(40)

        actor = lab.start(works_long, name="Ann")
        lab.run(until="20 s")
        lab.scheduler.stop(actor)
        lab.run(until="60 s")
        (slept,) = lab.history.sleeps
    assert (slept.ended - lab.history.start) / SECOND == 20.0
