"""The filter matrix: who got what, and which key held the rest back."""

import json

import pytest

from labkit import LabError, filter_matrix
from tests.pictures.conftest import SVG, Image


def subscribe(lab, topic, name, policy=None, *, lets=True):
    """A queue that gets what its policy lets pass, if it `lets` SNS in."""
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    who = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    if lets:
        policy_of_queue = json.dumps({"Version": "2012-10-17", "Statement": [who]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy_of_queue})
    attributes = {"FilterPolicy": json.dumps(policy)} if policy else {}
    lab.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)


def publish(lab, topic, body, **texts):
    attributes = {name: {"DataType": "String", "StringValue": text} for name, text in texts.items()}
    lab.client("sns").publish(TopicArn=topic, Message=body, MessageAttributes=attributes)


@pytest.fixture
def topic(lab):
    """Three queues: all, orders alone, and one that lets nobody in."""
    arn = lab.client("sns").create_topic(Name="events")["TopicArn"]
    subscribe(lab, arn, "all")
    subscribe(lab, arn, "some", {"kind": ["order"]})
    subscribe(lab, arn, "closed", lets=False)
    publish(lab, arn, "a", kind="order")
    publish(lab, arn, "b", kind="Order")
    publish(lab, arn, "c")
    return arn


def test_the_words_say_who_got_what_and_why_another_did_not(lab, topic):
    """One line a message, and how many each subscription got."""
    closed = "not delivered to closed, discarded: the queue's policy does not allow SNS to send for this topic"
    assert str(filter_matrix(lab)).splitlines() == [
        "3 messages, 3 subscriptions.",
        f"a: to all, some; {closed}",
        f'b: to all; held back from some: kind: the policy does not list "Order"; {closed}',
        f"c: to all; held back from some: kind: the message has none; {closed}",
        "Delivered in all: all 3, some 1, closed 0.",
    ]


def test_each_box_of_the_image_names_the_key_that_failed(lab, topic):
    """Delivered is plain, held back hatched with key and reason, not delivered crossed."""
    image = Image(filter_matrix(lab).image())
    assert image.alt == str(filter_matrix(lab))
    texts = image.texts()
    assert texts.count("delivered") == 4 + 1  # boxes, legend
    assert (texts.count("kind"), texts.count("not listed"), texts.count("missing")) == (2, 1, 1)
    boxes = [box for box in image.svg.iter(f"{SVG}rect") if box.get("height") == "30"]
    assert sum(box.get("fill").startswith("url") for box in boxes) == 2 + 3


def test_the_guide_explains_the_marks_that_are_drawn(lab, topic):
    """A crossed box only where one is."""
    assert "crossed" in filter_matrix(lab).guide
    other = lab.client("sns").create_topic(Name="others")["TopicArn"]
    subscribe(lab, other, "one")
    publish(lab, other, "d")
    assert "crossed" not in filter_matrix(lab, "others").guide
    assert str(filter_matrix(lab, "others")).startswith("1 message, 1 subscription.")


def test_the_live_form_has_a_mark_for_each_box(lab, topic):
    """Three kinds, and what it says when pointed at."""
    data = filter_matrix(lab).plotly["data"]
    assert {one["name"]: len(one["x"]) for one in data} == {"delivered": 4, "held back": 2, "not delivered": 3}
    held = next(one for one in data if one["name"] == "held back")
    assert (held["base"], held["y"]) == ([0.54, 0.54], [1, 2])
    assert held["text"] == ["kind<br>not listed", "kind<br>missing"]


def test_many_messages_are_drawn_in_part(lab):
    """The first twenty rows; the numbers count all."""
    arn = lab.client("sns").create_topic(Name="events")["TopicArn"]
    subscribe(lab, arn, "all")
    for number in range(25):
        publish(lab, arn, f"a body that is rather long, number {number}")
    words = str(filter_matrix(lab)).splitlines()
    assert len(words) == 23
    assert words[1] == "a body that is rather lon…: to all"
    assert words[-2:] == ["Delivered in all: all 25.", "20 of 25 messages are drawn."]


def test_nothing_published_is_said_and_an_unknown_topic_refused(lab, topic):
    """What to know instead of an empty picture."""
    with pytest.raises(LabError, match="called 'other'"):
        filter_matrix(lab, "other")
    with pytest.raises(LabError, match="draws a lab"):
        filter_matrix("lab")
    with lab.again() as empty:
        assert "nothing has been published" in str(filter_matrix(empty))
