"""The tries of one published message at each subscriber, in three forms."""

import json

import pytest

from labkit import LabError, retries
from tests.aws.letting import let_sns
from tests.pictures.conftest import SVG, Image

ANN, PHONE = "ann@example.com", "+14155550100"
STROKE = "#E69F00"


@pytest.fixture
def topic(lab):
    """A topic with a mailbox that takes nothing for a day and has a dead-letter queue, a telephone, and a filter."""
    sns, sqs = lab.client("sns"), lab.client("sqs")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    dead = let_sns(sqs, sqs.create_queue(QueueName="dead")["QueueUrl"], topic)
    policy = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": dead})}
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=ANN, Attributes=policy)
    sns.confirm_subscription(TopicArn=topic, Token=lab.outbox[-1].link.rpartition("Token=")[2])
    sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint=PHONE)
    some = {"FilterPolicy": json.dumps({"kind": ["gift"]})}
    sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint="+14155550199", Attributes=some)
    lab.outbox.refuse(ANN, during="1 d")
    return topic


@pytest.fixture
def message(lab, topic):
    return lab.client("sns").publish(TopicArn=topic, Message="orders fail")["MessageId"]


def strokes(picture):
    lines = Image(picture.image()).svg.iter(f"{SVG}line")
    return [float(line.get("x1")) for line in lines if line.get("stroke") == STROKE][1:]  # the first is the legend's


def test_the_words_say_how_often_and_how_it_ended(lab, message):
    lab.clock.advance("1 d")
    first, mail, phone = str(retries(lab, message)).splitlines()
    assert first == "orders fail, its tries to be delivered."
    assert mail.startswith(f"email {ANN}: 51 tries with pauses of 10 s to 11 min; ")
    assert "dead-lettered 6 h" in mail
    assert mail.endswith("after the first (nobody answers there).")
    assert phone == f"sms {PHONE}: 1 try, delivered at 00:00:00.000."


def test_what_is_still_tried_says_when_it_is_tried_next(lab, message):
    lab.clock.advance("1 min")
    told = str(retries(lab, message)).splitlines()[1]
    assert "tries so far" in told
    assert "after the first the next one" in told
    signs = {trace["name"]: trace["marker"]["symbol"] for trace in retries(lab, message).plotly["data"]}
    assert signs == {"a try that failed": "line-ns", "delivered": "circle", "the next try": "circle-open"}


def test_each_failed_try_is_a_stroke_and_later_ones_stand_further_right(lab, message):
    lab.clock.advance("1 d")
    picture = retries(lab, message)
    drawn = strokes(picture)
    assert len(drawn) == 51
    assert drawn == sorted(drawn)
    image = Image(picture.image())
    assert image.alt == str(picture)
    assert {"at once", "10 s", "1 min", "10 min", "1 h", "6 h"} <= set(image.texts())
    assert "1 d" not in image.texts()
    live = picture.plotly["data"][0]
    assert len(live["x"]) == 51
    assert all(0 <= x <= 1 for x in live["x"])


def test_what_a_filter_kept_back_has_no_row(lab, message):
    assert "+14155550199" not in str(retries(lab, message))


def test_a_topic_without_subscribers_says_so(lab):
    sns = lab.client("sns")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    picture = retries(lab, sns.publish(TopicArn=topic, Message="orders fail")["MessageId"])
    assert str(picture) == "Nobody was to get orders fail: it has no subscriber that lets it pass."
    assert picture.plotly is None


def test_anything_else_is_refused_in_one_sentence(lab):
    with pytest.raises(LabError, match=r"write retries\(lab, message_id\)"):
        retries(lab, None)
    with pytest.raises(LabError, match="retries draws a lab"):
        retries("alarms", "id")
