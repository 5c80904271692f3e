"""Swim-lanes: the life of each message."""

import json

import plotly.graph_objects as go
import pytest

from labkit import Faults, Lab, LabError, swimlanes
from tests.history.events import Written
from tests.pictures.conftest import SVG, Image


def test_the_words_tell_every_stay_receive_and_end(shop):
    """The twin in words carries all that the lanes show."""
    assert str(swimlanes(shop)) == (
        "The lives of 3 messages.\n"
        "Lab time 0 s to 1 min 30 s.\n"
        "order-1: visible 0 s to 0.01 s; in flight 0.01 s to 0.03 s with Ann (receive 1); deleted at 0.03 s\n"
        "order-2: visible 0 s to 0.02 s; in flight 0.02 s to 30.02 s with Ann (receive 1); "
        "visible 30.02 s to 1 min; in flight 1 min to 1 min 30 s with you (receive 2); visible since 1 min 30 s\n"
        "order-3: delayed 0 s to 50 s; visible 50 s to 1 min; "
        "in flight 1 min to 1 min 30 s with you (receive 1); visible since 1 min 30 s\n"
        "Receives in all: 4. Messages: 1 deleted, 2 visible.\n"
        "Marks: dotted line: delayed; solid line: visible; bar: in flight: Ann; bar: in flight: you; "
        "number in a circle: nth receive; cross: deleted; bow tie: drawn wider than it lasts."
    )


def test_one_output_has_three_forms_with_the_same_words(shop):
    """Live, as an image with the words as its alternative text, as plain words."""
    forms = swimlanes(shop)._repr_mimebundle_()
    assert set(forms) == {"application/vnd.plotly.v1+json", "text/html", "text/plain"}
    assert Image(forms["text/html"]).alt == forms["text/plain"] == str(swimlanes(shop))


def test_the_image_names_messages_consumers_receives_and_ends(shop):
    """Nothing is told by colour alone."""
    texts = Image(swimlanes(shop).image()).texts()
    for text in ("order-1", "order-2", "order-3", "Ann", "you", "1", "2", "deleted", "delayed", "visible"):
        assert text in texts


def test_consumers_differ_in_pattern_not_only_in_colour(shop):
    """Printed grey, the second consumer's bars are still another."""
    rectangles = list(Image(swimlanes(shop).image()).svg.iter(f"{SVG}rect"))
    fills = {rectangle.get("fill") for rectangle in rectangles}
    assert {"#E69F00", "#F0E442", "url(#p1)"} <= fills
    shapes = [trace["marker"]["pattern"]["shape"] for trace in swimlanes(shop).plotly["data"] if trace["type"] == "bar"]
    assert len(set(shapes)) == len(shapes) == 2


def test_plotly_accepts_the_live_form(shop):
    """Written by hand, checked by plotly: a wrong property is refused there."""
    live = swimlanes(shop).plotly
    assert json.loads(json.dumps(live)) == live
    figure = go.Figure(live["data"], live["layout"])
    bars = {bar.name: list(zip(bar.base, bar.x, strict=True)) for bar in figure.data if bar.type == "bar"}
    # Ann's 0.02 s on an axis of 90 s would be a tenth of a pixel: they are drawn as 0.056 of the axis.
    assert bars == {"in flight: Ann": [(0.01, 5.04), (0.02, 30.0)], "in flight: you": [(60.0, 30.0), (60.0, 30.0)]}
    (anns,) = (bar for bar in figure.data if bar.name == "in flight: Ann")
    assert anns.customdata[0] == "order-1: in flight 0.01 s to 0.03 s with Ann (receive 1)"
    (magnified,) = (trace for trace in figure.data if trace.name == "drawn wider than it lasts")
    assert (magnified.x, magnified.y, magnified.customdata) == ((2.53,), (0,), anns.customdata[:1])
    live["layout"]["no_such_property"] = 1
    with pytest.raises(ValueError, match="no_such_property"):
        go.Figure(live["data"], live["layout"])


def test_the_same_seed_draws_the_same_bytes(shop):
    """No random id, no date of today."""
    assert swimlanes(shop).svg == swimlanes(shop).svg
    assert swimlanes(shop).plotly == swimlanes(shop).plotly


def test_a_lab_goes_on_as_if_nobody_had_looked():
    """Drawing in the middle of a story leaves its end as it was."""

    def story(looks):
        with Lab(seed=7, faults=Faults.documented()) as lab:
            sqs = lab.client("sqs")
            url = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": "5"})["QueueUrl"]
            for number in range(8):
                sqs.send_message(QueueUrl=url, MessageBody=f"order-{number}")
                lab.clock.advance("3 s")
                sqs.receive_message(QueueUrl=url)
                if looks:
                    swimlanes(lab)
            return [(change.at, change.message, change.after, change.by) for change in lab.history.changes()]

    assert story(looks=True) == story(looks=False)


def test_a_history_alone_can_be_drawn(shop):
    """Without a lab there is no now, so it ends with the last event."""
    shop.settle()
    assert str(swimlanes(shop.history)) == str(swimlanes(shop))


def test_a_closed_lab_can_be_drawn():
    """Its history outlives it."""
    with Lab(seed=7) as lab:
        sqs = lab.client("sqs")
        sqs.send_message(QueueUrl=sqs.create_queue(QueueName="orders")["QueueUrl"], MessageBody="order-1")
        lab.clock.advance("1 min")
    assert "order-1: visible since 0 s" in str(swimlanes(lab))


def test_nothing_to_draw_is_one_sentence(lab):
    """And no empty frame."""
    empty = swimlanes(lab)
    assert str(empty) == "There is nothing to draw: no message has been sent in this lab yet."
    assert set(empty._repr_mimebundle_()) == {"text/html", "text/plain"}
    assert "<img" not in empty.image()
    assert str(swimlanes(lab, "orders")) == ("There is nothing to draw: no message has been sent to queue orders yet.")


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda shop: swimlanes(shop, "order"), "No message has been in a queue called 'order'.*: orders"),
        (lambda shop: swimlanes("orders"), r"swimlanes draws a lab, not 'orders': write swimlanes\(lab\)"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_sentence(shop, call, sentence):
    """A misspelt queue, or something that is no lab."""
    with pytest.raises(LabError, match=sentence):
        call(shop)


def test_a_message_that_moved_is_in_the_picture_of_both_queues(lab):
    """Without a queue the lane goes on in the dead-letter queue; with one it ends or begins there."""
    sqs = lab.client("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "1"})
    url = sqs.create_queue(QueueName="orders", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="order-1")
    sqs.receive_message(QueueUrl=url, VisibilityTimeout=5)
    lab.clock.advance("10 s")
    sqs.receive_message(QueueUrl=url)
    lab.clock.advance("20 s")
    both, first, second = (str(swimlanes(lab, queue)).splitlines() for queue in (None, "orders", "dead"))
    assert both[2] == (
        "order-1: in flight 0 s to 5 s with you (receive 1) in orders; visible 5 s to 10 s in orders; "
        "visible since 10 s in dead; dead-lettered at 10 s"
    )
    assert both[3] == "Receives in all: 1. Messages: 1 visible in dead."
    assert first[2] == (
        "order-1: in flight 0 s to 5 s with you (receive 1); visible 5 s to 10 s; dead-lettered at 10 s"
    )
    assert first[3] == "Receives in all: 1. Messages: 1 dead-lettered."
    assert second[2] == "order-1: visible since 10 s"
    assert {"dead-lettered", "in dead"} <= set(Image(swimlanes(lab).image()).texts())


def test_a_duplicate_is_a_numbered_circle_without_a_bar():
    """Delivered, but not hidden."""
    with Lab(seed=7, faults=Faults(duplicate=1)) as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        lab.clock.advance("5 s")
        sqs.receive_message(QueueUrl=url)
        lab.clock.advance("5 s")
        drawn = swimlanes(lab)
    assert "order-1: visible since 0 s; receive 1 by you at 5 s (not hidden)" in str(drawn)
    assert not [trace for trace in drawn.plotly["data"] if trace["type"] == "bar"]


def test_receives_at_one_place_share_a_circle():
    """Numbers that would cover each other are drawn as a range."""
    written = Written().sent(0, "id-1")
    for nth in (1, 2, 3):
        written.change(50, "id-1", "visible", "visible", by="Ann", receives=nth)
    written.sent(100, "id-2")
    assert "1–3" in Image(swimlanes(written.history).image()).texts()


def test_of_many_messages_the_first_are_drawn_and_the_others_counted():
    """A thousand lanes are no picture. What drawing them costs is a benchmark's figure."""
    written = Written()
    for number in range(1_000):
        written.sent(number, f"id-{number}").received(number + 1, f"id-{number}", "Ann", 1, number + 31)
        if number < 990:
            written.deleted(number + 5, f"id-{number}", "Ann")
    forms = swimlanes(written.history)._repr_mimebundle_()
    assert "The first 40 of 1,000 messages are drawn. The 960 others: 950 deleted, 10 in flight." in forms["text/plain"]
    assert len(forms["text/html"]) < 60_000
    texts = Image(forms["text/html"]).texts()
    assert "order-39" in texts
    assert "order-40" not in texts


def test_what_happened_late_is_drawn_where_it_happened():
    """A lab of two days with an hour's work at its end is not squeezed into a line."""
    written = Written().sent(172_800, "id-1").received(172_900, "id-1", "Ann", 1, 173_000)
    written.deleted(173_100, "id-1", "Ann")
    assert str(swimlanes(written.history)).splitlines()[1] == "Lab time 2 d to 2 d 5 min."
