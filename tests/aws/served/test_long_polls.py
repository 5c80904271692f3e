"""Long polls in real time: they sleep on a condition, wake for every reason there is, and block nobody."""

from unittest.mock import patch

import pytest

from labkit.clock.real_time import RealTime
from tests.aws.served.in_process import polling, served
from tests.patience import ended, wait_until

FAST = 100  # a lab second takes 10 ms


def is_waited_for(lab):
    return bool(lab.scheduler._conditions)


def test_a_send_wakes_a_long_poll_at_once_and_others_call_meanwhile():
    with served() as (lab, sqs):
        thread, got = polling(sqs, 20)
        wait_until(lambda: is_waited_for(lab), "a waiting poll")
        sqs("GetQueueAttributes", QueueUrl=sqs.url, AttributeNames=["All"])
        sqs("SendMessage", QueueUrl=sqs.url, MessageBody="order-1")
        assert ended(thread)
        assert got == [["order-1"]]
        poll = next(call for call in lab.history.calls() if call.operation == "ReceiveMessage")
        assert 0 < poll.at - poll.began < 20_000_000


@pytest.mark.parametrize("hidden_by", ["a delay", "a visibility timeout"])
def test_a_long_poll_wakes_when_a_hidden_message_shows(hidden_by):
    with served(speed=2) as (lab, sqs):
        if hidden_by == "a delay":
            sqs("SendMessage", QueueUrl=sqs.url, MessageBody="order-1", DelaySeconds=1)
        else:
            sqs("SendMessage", QueueUrl=sqs.url, MessageBody="order-1")
            assert sqs("ReceiveMessage", QueueUrl=sqs.url, VisibilityTimeout=1)["Messages"]
        hidden = lab.history.changes()[-1]
        thread, got = polling(sqs, 20)
        assert ended(thread)
        assert got == [["order-1"]]
        poll = lab.history.calls()[-1]
        assert hidden.until <= poll.at < poll.began + 20_000_000


def test_a_long_poll_wakes_when_its_message_is_given_back():
    with served() as (lab, sqs):
        sqs("SendMessage", QueueUrl=sqs.url, MessageBody="order-1")
        held = sqs("ReceiveMessage", QueueUrl=sqs.url)["Messages"][0]["ReceiptHandle"]
        thread, got = polling(sqs, 20)
        wait_until(lambda: is_waited_for(lab), "a waiting poll")
        sqs("ChangeMessageVisibility", QueueUrl=sqs.url, ReceiptHandle=held, VisibilityTimeout=0)
        assert ended(thread)
        assert got == [["order-1"]]


def test_an_idle_long_poll_waits_once_and_comes_back_empty_after_its_time():
    with patch.object(RealTime, "wait", autospec=True, side_effect=RealTime.wait) as wait, served(speed=FAST) as it:
        lab, sqs = it
        assert "Messages" not in sqs("ReceiveMessage", QueueUrl=sqs.url, WaitTimeSeconds=3)
        assert wait.call_count == 1
        poll = lab.history.calls()[-1]
        assert 3_000_000 <= poll.at - poll.began < 3_600_000_000


def test_of_many_long_polls_one_gets_the_message_and_the_others_go_on_waiting():
    with served() as (lab, sqs):
        polls = [polling(sqs, 20) for _ in range(8)]
        wait_until(lambda: sum(lab.scheduler._waiting.values()) == 8, "eight waiting polls")
        sqs("SendMessage", QueueUrl=sqs.url, MessageBody="order-1")
        wait_until(lambda: any(got for _, got in polls), "an answered poll")
        wait_until(lambda: sum(lab.scheduler._waiting.values()) == 7, "seven waiting polls")
        lab.scheduler.end()
        assert all(ended(thread) for thread, _ in polls)
        assert sorted(bodies for _, got in polls for bodies in got) == [[]] * 7 + [["order-1"]]
