"""Group lanes: who holds what of a message group, and when."""

import json
import time

import plotly.graph_objects as go
import pytest

from labkit import LabError, group_lanes
from tests.pictures.conftest import Image


@pytest.fixture
def accounts(lab):
    """Ada's three bookings and Ben's one; Ann takes two of Ada's, Bob Ben's and, too late to delete it, Ada's last."""
    sqs = lab.client("sqs")
    given = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    url = sqs.create_queue(QueueName="bookings.fifo", Attributes=given)["QueueUrl"]
    for booking in ("Ada 1", "Ben 1", "Ada 2", "Ada 3"):
        sqs.send_message(QueueUrl=url, MessageBody=booking, MessageGroupId=booking[:3])

    def work(most):
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=most, WaitTimeSeconds=20)["Messages"]:
            time.sleep(10)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    lab.start(work, 2, name="Ann")
    lab.run()
    lab.start(work, 1, name="Bob")
    lab.run()
    sqs.receive_message(QueueUrl=url)
    lab.clock.advance("40 s")
    return lab


def test_the_words_tell_each_batch_of_each_group(accounts):
    assert str(group_lanes(accounts)) == (
        "2 message groups.\n"
        "Lab time 0 s to 1 min 10.05 s.\n"
        "Ada: Ada 1, Ada 2 in flight 0.01 s to 20.03 s with Ann; Ada 3 in flight 30.05 s to 1 min 0.05 s with you; "
        "Ada 1: Ann at work 0.01 s to 10.01 s; Ada 2: Ann at work 10.02 s to 20.02 s\n"
        "Ben: Ben 1 in flight 20.04 s to 30.05 s with Bob; Ben 1: Bob at work 20.04 s to 30.04 s\n"
        "Marks: solid line: visible; bar: in flight: Ann; bar: in flight: Bob; bar: in flight: you; cross: deleted; "
        "thin bar below: at work."
    )


def test_the_image_and_the_live_form_show_the_same_bars(accounts):
    picture = group_lanes(accounts)
    texts = Image(picture.image()).texts()
    for text in ("Ada", "Ben", "Ada 1 …", "Ben 1", "Ada 3", "in flight: Ann", "in flight: Bob"):
        assert text in texts
    live = picture.plotly
    assert json.loads(json.dumps(live)) == live
    bars = {
        bar.name: list(zip(bar.base, bar.x, strict=True)) for bar in go.Figure(live["data"]).data if bar.type == "bar"
    }
    assert bars["in flight: Ann"] == [(0.01, 20.02)]
    assert bars["in flight: Bob"] == [(20.04, 10.01)]


def test_the_line_of_what_waits_goes_through_no_name(accounts):
    """It lies above the bars, in which the messages are named."""
    data = group_lanes(accounts).plotly["data"]
    (line,) = (trace for trace in data if trace["name"] == "visible")
    bars = [trace for trace in data if trace["name"].startswith("in flight")]
    tops = {round(y + 0.5 * trace["width"]): y - trace["width"] / 2 for trace in bars for y in trace["y"]}
    levels = {round(y + 0.5): y for y in line["y"] if y is not None}
    assert tops.keys() >= levels.keys() >= {0}
    assert all(levels[lane] < tops[lane] for lane in levels)


def test_a_group_that_nobody_received_from_is_told(accounts):
    sqs = accounts.client("sqs")
    url = sqs.get_queue_url(QueueName="bookings.fifo")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="Cem 1", MessageGroupId="Cem")
    assert str(group_lanes(accounts)).splitlines()[-2] == "Cem: nothing received yet; messages: 1"


def test_many_groups_are_cut_and_counted(lab):
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="bookings.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    for number in range(25):
        group = f"account-{number}"
        sqs.send_message(QueueUrl=url, MessageBody="x", MessageGroupId=group, MessageDeduplicationId=group)
    assert str(group_lanes(lab)).splitlines()[-2] == "20 of 25 groups are drawn."


def test_a_lab_without_groups_and_another_thing_are_refused(shop):
    with pytest.raises(LabError, match="no message of this lab has one: send with MessageGroupId"):
        group_lanes(shop)
    with pytest.raises(LabError, match=r"group_lanes draws a lab, not 'orders'"):
        group_lanes("orders")
    with pytest.raises(LabError, match="No message has been in a queue called 'payments'"):
        group_lanes(shop, "payments")
