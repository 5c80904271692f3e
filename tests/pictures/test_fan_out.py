"""The fan-out of one published message, in three forms."""

import json

import pytest

from labkit import LabError, fan_out
from labkit.causes import Step
from labkit.history import Delivery
from labkit.history.fan_out import FanOut
from labkit.pictures.fan_out import published_picture
from tests.aws.letting import let_sns
from tests.pictures.conftest import SVG, Image

DENIED = "the queue's policy does not allow SNS to send for this topic"
POLICY = {"FilterPolicy": json.dumps({"kind": ["gift"]})}


@pytest.fixture
def topic(lab):
    return lab.client("sns").create_topic(Name="orders")["TopicArn"]


@pytest.fixture
def subscribe(lab, topic):
    """Subscribes a new queue, which lets SNS in unless told otherwise."""
    sns, sqs = lab.client("sns"), lab.client("sqs")

    def subscribe(name, lets=True, **attributes):
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = let_sns(sqs, url, topic) if lets else topic.replace(":sns:", ":sqs:").replace("orders", name)
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
        return url, arn

    return subscribe


@pytest.fixture
def published(lab, topic, subscribe):
    """One message: delivered and handled, filtered out, discarded, and moved to a dead-letter queue."""
    sqs = lab.client("sqs")
    stock, _ = subscribe("stock")
    subscribe("gifts", **POLICY)
    subscribe("mail", lets=False)
    dead = sqs.create_queue(QueueName="undelivered")["QueueUrl"]
    target = json.dumps({"deadLetterTargetArn": let_sns(sqs, dead, topic)})
    subscribe("books", lets=False, RedrivePolicy=target)
    message = lab.client("sns").publish(TopicArn=topic, Message="order-1")["MessageId"]
    received = sqs.receive_message(QueueUrl=stock)["Messages"][0]
    sqs.delete_message(QueueUrl=stock, ReceiptHandle=received["ReceiptHandle"])
    return message


def test_the_words_say_what_became_of_each_copy(lab, published):
    assert str(fan_out(lab, published)).splitlines() == [
        "order-1, published to topic orders.",
        "4 subscriptions: 1 delivered, 1 filtered out, 1 dead-lettered, 1 discarded.",
        "sqs stock: delivered, at 00:00:00.000; the copy is deleted in stock.",
        "sqs gifts: filtered out, at 00:00:00.000 (kind: the message has none).",
        f"sqs mail: discarded, at 00:00:00.000 ({DENIED}).",
        f"sqs books: dead-lettered, at 00:00:00.000 ({DENIED}); the copy is visible in undelivered.",
    ]


def test_the_image_has_a_line_and_a_mark_a_subscription_and_explains_each(lab, published):
    """Four ways to end, so four lines from the topic and four in the legend, with different dashes and colours."""
    image = Image(fan_out(lab, published).image())
    assert image.alt == str(fan_out(lab, published))
    lines = [(line.get("stroke"), line.get("stroke-dasharray")) for line in image.svg.iter(f"{SVG}line")]
    assert len(lines) == 8
    assert len(set(lines)) == 4
    assert {"topic orders", "sqs stock", "sqs gifts", "sqs mail", "sqs books", "visible in undelivered"} <= set(
        image.texts()
    )


def test_the_live_form_has_a_trace_an_end_with_the_sentence_under_the_mouse(lab, published):
    figure = fan_out(lab, published).plotly
    assert [trace["name"] for trace in figure["data"]] == ["delivered", "filtered out", "dead-lettered", "discarded"]
    assert len({trace["marker"]["symbol"] for trace in figure["data"]}) == 4
    assert figure["data"][0]["customdata"][1].startswith("sqs stock: delivered, at")
    assert figure["layout"]["annotations"][0]["text"] == "<b>topic orders</b><br>order-1"


def test_the_passport_of_a_published_message_shows_it(lab, published):
    passport = lab.passport(published)
    assert Image(passport._repr_html_()).alt == str(fan_out(lab, published))


def test_a_failed_try_is_told_with_its_number_and_the_last_step_counts():
    """Two tries at an endpoint that is down: one row, the second try's."""
    told = {"by": "SNS", "topic": "orders", "message": "m", "body": "order-1", "protocol": "https", "endpoint": "shop"}
    failed = [
        Delivery(at=second * 1_000_000, order=second, step=Step.RETRIED, attempt=second, **told) for second in (1, 2)
    ]
    picture = published_picture(FanOut("m", failed, 0, 3_000_000))
    assert str(picture).splitlines()[1:] == [
        "1 subscription: 1 failed, to be tried again.",
        "https shop: failed, to be tried again, at 00:00:02.000, after 2 tries.",
    ]


def test_what_an_archive_has_brought_or_held_back_has_marks_of_its_own():
    """The sentence under the picture explains archives only where one has a part in it."""
    told = {"by": "SNS", "topic": "orders.fifo", "message": "m", "body": "order-1", "protocol": "sqs"}
    steps = [
        Delivery(at=0, order=place, step=step, attempt=1, endpoint=step.name.lower(), **told)
        for place, step in enumerate((Step.DELIVERED, Step.REPLAYED, Step.PAUSED))
    ]
    picture, plain = (published_picture(FanOut("m", some, 0, 0)) for some in (steps, steps[:1]))
    assert str(picture).splitlines()[1] == "3 subscriptions: 1 delivered, 1 replayed, 1 paused."
    assert len({trace["marker"]["symbol"] for trace in picture.plotly["data"]}) == 3
    lines = [
        (line.get("stroke"), line.get("stroke-dasharray")) for line in Image(picture.image()).svg.iter(f"{SVG}line")
    ]
    assert len(set(lines)) == 3
    assert ("archive" in picture.guide, "archive" in plain.guide) == (True, False)


def test_what_was_published_without_a_topic_says_so(lab):
    """A text message to a telephone."""
    sent = lab.client("sns").publish(PhoneNumber="+4915112345678", Message="on its way")["MessageId"]
    picture = fan_out(lab, sent)
    assert str(picture).startswith("on its way, published to sms +4915112345678.")
    assert "SNS, no topic" in Image(picture.image()).texts()


def test_more_than_twenty_subscriptions_are_told_and_twenty_drawn(lab, topic, subscribe):
    for number in range(22):
        subscribe(f"service-{number}")
    picture = fan_out(lab, lab.client("sns").publish(TopicArn=topic, Message="order-1")["MessageId"])
    assert len(str(picture).splitlines()) == 2 + 22
    assert len([text for text in Image(picture.image()).texts() if text.startswith("sqs ")]) == 20


def test_a_topic_without_subscribers_says_so(lab, topic):
    picture = fan_out(lab, lab.client("sns").publish(TopicArn=topic, Message="order-1")["MessageId"])
    assert str(picture) == "order-1, published to topic orders: no subscriber."
    assert "no subscriber" in Image(picture.image()).texts()
    assert picture.plotly["data"] == []


def test_what_was_not_published_is_refused_in_one_sentence(lab, orders):
    sent = lab.client("sqs").send_message(QueueUrl=orders, MessageBody="order-1")["MessageId"]
    with pytest.raises(LabError, match="was sent to a queue, not published"):
        fan_out(lab, sent)
    with pytest.raises(LabError, match="MessageId that Publish answered"):
        fan_out(lab, None)
    with pytest.raises(LabError, match="fan_out draws a lab"):
        fan_out("orders", sent)
