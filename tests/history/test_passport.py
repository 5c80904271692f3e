"""The passport of one message: its life in sentences, in a table and in a lane."""

import json
from datetime import timedelta

import pytest

from labkit import Faults, Lab, LabError
from labkit.history.passport import Passport
from tests.history.events import START, Written


def passport(written, message="id-1", now=None):
    return Passport(message, written.history.of_message(message), START, now)


@pytest.fixture
def lab():
    with Lab(seed=7) as lab:
        yield lab


@pytest.fixture
def sqs(lab):
    return lab.client("sqs")


def told(lab, sent):
    """The sentences of a message's passport, without their times."""
    return [sentence.split("  ", 1)[-1] for sentence in lab.passport(sent["MessageId"]).sentences()]


def test_a_whole_life_is_told_with_every_instant(lab, sqs):
    """Sent with a delay, received, kept longer, given back, received again, deleted."""
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sent = sqs.send_message(QueueUrl=url, MessageBody="order-1", DelaySeconds=10)
    lab.clock.advance("15 s")
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    lab.clock.advance("5 s")
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=100)
    lab.clock.advance("5 s")
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    lab.clock.advance("1 s")
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    lab.clock.advance("4 s")
    assert lab.passport(sent["MessageId"]).sentences() == [
        "00:00:00.000  You sent it to queue orders, delayed until 00:00:10.000.",
        "00:00:10.000  The delay ended: it was visible in queue orders.",
        "00:00:15.000  You received it (receive 1); it was in flight, hidden until 00:00:45.000.",
        "00:00:20.000  You changed the visibility timeout; it was now hidden until 00:02:00.000.",
        "00:00:25.000  You returned it (visibility timeout set to 0 s): "
        "it was visible again in queue orders after 10 s in flight.",
        "00:00:25.000  You received it (receive 2); it was in flight, hidden until 00:00:55.000.",
        "00:00:26.000  You deleted it.",
        "Now (00:00:30.000) it is deleted; it lived 26 s.",
        "Time spent: delayed in orders 10 s, visible in orders 5 s, in flight in orders 11 s.",
        "Received 2 times.",
    ]


def test_a_message_in_flight_tells_how_long_it_will_stay_so(lab, sqs):
    """The present state, since when and until when."""
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sent = sqs.send_message(QueueUrl=url, MessageBody="order-1")
    sqs.receive_message(QueueUrl=url)
    lab.clock.advance("12 s")
    assert told(lab, sent)[2] == (
        "Now (00:00:12.000) it is in flight in queue orders, for 12 s so far, "
        "until 00:00:30.000 if nobody does anything."
    )
    lab.clock.advance("20 s")
    assert told(lab, sent)[2:4] == [
        "The visibility timeout ended: it was visible again in queue orders after 30 s in flight.",
        "Now (00:00:32.000) it is visible in queue orders, for 2 s so far.",
    ]


def test_a_dead_lettered_message_has_one_passport_for_both_queues(lab, sqs):
    """It leaves one queue and arrives in the other under the same id."""
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "1"})
    url = sqs.create_queue(QueueName="orders", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    sent = sqs.send_message(QueueUrl=url, MessageBody="order-1")
    sqs.receive_message(QueueUrl=url)
    lab.clock.advance("31 s")
    sqs.receive_message(QueueUrl=url)
    sqs.receive_message(QueueUrl=dead)
    assert told(lab, sent)[3:6] == [
        "It left queue orders: received 1 time, so the next receive moves it to dead.",
        "It arrived in queue dead, moved from orders; it was visible.",
        "You received it (receive 2); it was in flight, hidden until 00:01:01.000.",
    ]
    assert [row[3:5] for row in lab.passport(sent["MessageId"]).rows()] == [
        ("visible", "orders"),
        ("in flight", "orders"),
        ("visible", "orders"),
        ("visible", "dead"),
        ("in flight", "dead"),
    ]


def test_a_message_that_nobody_ever_received_expires(lab, sqs):
    """Retention ends by itself, and the passport says that no one looked."""
    url = sqs.create_queue(QueueName="orders", Attributes={"MessageRetentionPeriod": "60"})["QueueUrl"]
    sent = sqs.send_message(QueueUrl=url, MessageBody="order-1")
    lab.clock.advance("2 min")
    assert told(lab, sent)[1:] == [
        "Its retention period ended: it expired in queue orders without ever being received.",
        "Now (00:02:00.000) it is expired; it lived 1 min.",
        "Time spent: visible in orders 1 min.",
        "Never received.",
    ]
    assert lab.passport(sent["MessageId"]).age == timedelta(minutes=1)


def test_a_purge_is_told(lab, sqs):
    """Purging ends a life too."""
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sent = sqs.send_message(QueueUrl=url, MessageBody="order-1")
    sqs.purge_queue(QueueUrl=url)
    assert told(lab, sent)[1] == "You purged queue orders: it was gone."


def test_a_duplicate_delivery_is_a_receive_of_its_own():
    """Handed out but not hidden: both consumers have it, and the table of states shows both receives."""
    with Lab(seed=7, faults=Faults(duplicate=1)) as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        sent = sqs.send_message(QueueUrl=url, MessageBody="order-1")
        sqs.receive_message(QueueUrl=url)
        sqs.receive_message(QueueUrl=url)
        sentences = told(lab, sent)
        rows = lab.passport(sent["MessageId"]).rows()
    assert sentences[1:3] == [
        "You received it (receive 1), but it was not hidden: others could receive it at once.",
        "You received it (receive 2), but it was not hidden: others could receive it at once.",
    ]
    assert [(row[3], row[6]) for row in rows] == [
        ("visible", ""),
        ("received, not hidden", "1"),
        ("received, not hidden", "2"),
    ]


def test_a_call_that_changed_nothing_is_told(lab, sqs):
    """A delete with an old receipt handle succeeds without effect, and the passport knows whose message it was."""
    url = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": "5"})["QueueUrl"]
    sent = sqs.send_message(QueueUrl=url, MessageBody="order-1")
    old = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    lab.clock.advance("6 s")
    sqs.receive_message(QueueUrl=url)
    lab.clock.advance("1 s")
    sqs.delete_message(QueueUrl=url, ReceiptHandle=old)
    assert told(lab, sent)[4] == (
        "You called DeleteMessage: ok, nothing deleted: the receipt handle is not the latest."
    )


def test_an_unknown_id_is_refused_in_one_sentence(lab):
    """With the hint where ids come from."""
    with pytest.raises(LabError, match="No message with the id 'order-1'"):
        lab.passport("order-1")


def test_a_passport_shows_its_lane_and_can_be_read_aloud(lab, sqs):
    """Text alone in a terminal; in a notebook the picture with the same words as its alternative text."""
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sent = sqs.send_message(QueueUrl=url, MessageBody="order-1")
    html = lab.passport(sent["MessageId"])._repr_html_()
    assert 'src="data:image/svg+xml;base64,' in html
    assert "order-1: visible since 0 s" in html
    assert "<caption" in html
    assert "from" in repr(lab.passport(sent["MessageId"]))


def test_the_table_of_a_passport_holds_its_calls_and_changes():
    """Nothing of other messages."""
    written = Written().call(0, "you", "SendMessage", "id-1").sent(0, "id-1").sent(1, "id-2")
    assert [row.what for row in passport(written).table()] == ["SendMessage", "sent → visible"]


def test_without_a_picture_the_words_remain(monkeypatch):
    """History works where no pictures are wired in."""
    monkeypatch.setattr(Passport, "drawn_by", None)
    html = passport(Written().sent(0, "id-1"))._repr_html_()
    assert "<img" not in html
    assert "You sent it to queue orders" in html
