"""What swim-lanes and group lanes show beside the states of messages: work, and calls that changed nothing."""

import json
import time

import pytest

from labkit import Lab, group_lanes, swimlanes
from tests.pictures.conftest import SVG, Image

WORKED = "{} at work {} to {}"


@pytest.fixture
def late(lab, orders):
    """Ann and Bob both work 40 s on an order that is hidden for 30 s; each deletes twice."""
    sqs = lab.client("sqs")
    sqs.send_message(QueueUrl=orders, MessageBody="order-1")

    def work():
        message = sqs.receive_message(QueueUrl=orders, WaitTimeSeconds=20)["Messages"][0]
        time.sleep(40)
        sqs.delete_message(QueueUrl=orders, ReceiptHandle=message["ReceiptHandle"])
        sqs.delete_message(QueueUrl=orders, ReceiptHandle=message["ReceiptHandle"])

    def slow():
        time.sleep(15)
        work()

    lab.start(work, name="Ann")
    lab.start(slow, name="Bob")
    lab.run()
    return lab


def test_late_deletes_and_the_work_are_told(late):
    """The two that deleted nothing before, and the two after the end; each with who, when and why."""
    lane = str(swimlanes(late)).splitlines()[2]
    parts = lane.removeprefix("order-1: ").split("; ")
    assert [part for part in parts if "at work" in part] == [
        WORKED.format("Ann", "0.01 s", "40.01 s"),
        WORKED.format("Bob", "30.01 s", "1 min 10.01 s"),
    ]
    assert [part for part in parts if "deleted nothing" in part] == [
        "delete by Ann at 40.02 s deleted nothing (an older receipt handle)",
        "delete by Ann at 40.03 s deleted nothing (an older receipt handle)",
        "delete by Bob at 1 min 10.03 s deleted nothing (the message was gone)",
    ]
    assert parts.index("deleted at 1 min 10.02 s") == len(parts) - 2


def test_late_deletes_and_the_work_are_drawn_in_both_drawings(late):
    """A circle with a cross at each instant, and a strip from the receive to the end of the work, in its colour."""
    picture = swimlanes(late)
    traces = {trace["name"]: trace for trace in picture.plotly["data"]}
    idle = traces["delete that deleted nothing"]
    assert idle["marker"]["symbol"] == "circle-x-open"
    # The two of Ann's within 10 ms are one mark with their number; Bob's stands beside the end of the message.
    assert next(iter(idle["customdata"])).startswith("×2<br>delete by Ann at 40.02 s")
    strips = {
        trace["marker"]["color"]: list(zip(trace["base"], trace["x"], strict=True))
        for trace in picture.plotly["data"]
        if trace["name"] == "at work" and trace["x"] != [None]
    }
    assert strips == {"#E69F00": [(0.01, 40.0)], "#56B4E9": [(30.01, 40.0)]}
    rectangles = [
        one
        for one in Image(picture.image()).svg.iter(f"{SVG}rect")
        if one.get("height") == "5" and float(one.get("y")) > 60
    ]
    drawn = {one.get("fill"): float(one.get("width")) for one in rectangles if one.get("fill").startswith("#")}
    assert drawn["#E69F00"] == pytest.approx(drawn["#56B4E9"], abs=0.02)
    assert drawn["#E69F00"] > 300
    for text in ("delete that deleted nothing", "at work", "deleted", "nth receive"):
        assert text in Image(picture.image()).texts()


def test_strips_of_one_time_lie_below_each_other(late):
    """Bob's begins while Ann is at work."""
    levels = {
        trace["customdata"][0].split()[0]: trace["y"]
        for trace in swimlanes(late).plotly["data"]
        if trace["name"] == "at work" and trace["x"] != [None]
    }
    assert levels["Ann"] < levels["Bob"]


def test_a_change_too_late_and_another_queues_calls(lab, orders):
    """A heartbeat that came too late is a square; with a queue named, only what was called there is drawn."""
    sqs = lab.client("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "1"})
    sqs.set_queue_attributes(QueueUrl=orders, Attributes={"RedrivePolicy": policy})
    sqs.send_message(QueueUrl=orders, MessageBody="order-1")
    handle = sqs.receive_message(QueueUrl=orders)["Messages"][0]["ReceiptHandle"]
    lab.clock.advance("40 s")
    sqs.change_message_visibility(QueueUrl=orders, ReceiptHandle=handle, VisibilityTimeout=30)
    sqs.receive_message(QueueUrl=orders)
    told = "change of visibility by you at 40 s changed nothing (its timeout had ended)"
    assert told in str(swimlanes(lab))
    assert told in str(swimlanes(lab, "orders"))
    assert told not in str(swimlanes(lab, "dead"))
    assert "change that changed nothing" in {trace["name"] for trace in swimlanes(lab).plotly["data"]}


def test_group_lanes_show_the_work_and_the_delete_that_is_refused():
    with Lab(seed=7) as lab:
        sqs = lab.client("sqs")
        given = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
        url = sqs.create_queue(QueueName="bookings.fifo", Attributes=given)["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="Ada 1", MessageGroupId="Ada")

        def clerk():
            message = sqs.receive_message(QueueUrl=url)["Messages"][0]
            time.sleep(40)
            with pytest.raises(sqs.exceptions.ClientError):
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

        lab.start(clerk, name="Ann")
        lab.run()
        picture = group_lanes(lab)
    told = str(picture).splitlines()[2]
    assert "Ada 1: Ann at work 0.01 s to 40.01 s" in told
    assert "Ada 1: DeleteMessage by Ann at 40.02 s refused (InvalidParameterValue)" in told
    assert {"refused", "at work"} <= set(Image(picture.image()).texts())
    assert {"refused", "at work"} <= {trace["name"] for trace in picture.plotly["data"]}


def test_a_passport_shows_idle_calls_too(late):
    """It has the calls, though not the sleeps."""
    message = late.history.changes()[0].message
    texts = Image(late.passport(message)._repr_html_()).texts()
    assert "delete that deleted nothing" in texts
