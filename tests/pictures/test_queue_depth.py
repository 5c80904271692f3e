"""Queue depth over time."""

import plotly.graph_objects as go
import pytest

from labkit import LabError, queue_depth
from labkit.pictures.axis import axis
from labkit.pictures.queue_depth import depths
from labkit.pictures.step_chart import count_ticks, thinned
from tests.history.events import START, Written
from tests.pictures.conftest import SVG, Image


def test_the_words_tell_the_highest_the_last_and_the_number_at_every_tick(shop):
    """Who cannot see the steps can read them."""
    assert str(queue_depth(shop)).splitlines() == [
        "Messages in queue orders.",
        "Lab time 0 s to 1 min 30 s.",
        "visible: at most 2 (first at 0 s), 2 at the end",
        "in flight: at most 2 (first at 0.02 s), 0 at the end",
        "delayed: at most 1 (first at 0 s), 0 at the end",
        "at 0 s: 2 visible, 0 in flight, 1 delayed",
        "at 10 s: 0 visible, 1 in flight, 1 delayed",
        "at 20 s: 0 visible, 1 in flight, 1 delayed",
        "at 30 s: 0 visible, 1 in flight, 1 delayed",
        "at 40 s: 1 visible, 0 in flight, 1 delayed",
        "at 50 s: 2 visible, 0 in flight, 0 delayed",
        "at 1 min: 0 visible, 2 in flight, 0 delayed",
        "at 1 min 10 s: 0 visible, 2 in flight, 0 delayed",
        "at 1 min 20 s: 0 visible, 2 in flight, 0 delayed",
        "at 1 min 30 s: 2 visible, 0 in flight, 0 delayed",
    ]


def test_the_numbers_are_those_that_sqs_counts(lab, orders):
    """The last point of each line is what GetQueueAttributes answers."""
    sqs = lab.client("sqs")
    for number in range(9):
        sqs.send_message(QueueUrl=orders, MessageBody=f"order-{number}", DelaySeconds=5 * (number % 3))
    sqs.receive_message(QueueUrl=orders, MaxNumberOfMessages=2)
    lab.clock.advance("7 s")
    answer = sqs.get_queue_attributes(QueueUrl=orders, AttributeNames=["All"])["Attributes"]
    points = depths(lab.history.changes(), "orders", lab.history.start)
    assert {state: line[-1][1] for state, line in points.items()} == {
        "visible": int(answer["ApproximateNumberOfMessages"]),
        "in flight": int(answer["ApproximateNumberOfMessagesNotVisible"]),
        "delayed": int(answer["ApproximateNumberOfMessagesDelayed"]),
    }


def test_lines_differ_in_dash_and_carry_their_name_and_last_number(shop):
    """Legible in grey."""
    image = Image(queue_depth(shop).image())
    dashes = [path.get("stroke-dasharray") for path in image.svg.iter(f"{SVG}path")]
    assert len(dashes) == len(set(dashes)) == 3
    assert {"visible 2", "in flight 0", "delayed 0"} <= set(image.texts())


def test_each_queue_has_a_panel_and_one_can_be_chosen():
    """Two queues share the time axis, not the numbers."""
    written = Written().sent(0, "id-1").change(5, "id-1", "visible", "dead-lettered")
    written.change(5, "id-1", "dead-lettered", "visible", queue="dead")
    both, one = queue_depth(written.history), queue_depth(written.history, "dead")
    assert both.title == "Messages in 2 queues"
    assert {"orders", "dead"} <= set(Image(both.image()).texts())
    assert "visible: at most 1 (first at 5 s), 1 at the end" in str(one)
    for picture in (both, one):
        go.Figure(picture.plotly["data"], picture.plotly["layout"])
    assert [trace["yaxis"] for trace in both.plotly["data"]] == ["y", "y", "y2", "y2"]


def test_of_many_queues_the_first_are_drawn():
    """And one sentence says how to see another."""
    written = Written()
    for number in range(6):
        written.change(0, f"id-{number}", None, "visible", queue=f"queue-{number}")
    assert str(queue_depth(written.history)).endswith(
        "4 of 6 queues are drawn; name another: queue_depth(lab, queue=...)."
    )


def test_nothing_to_draw_and_bad_input_are_one_sentence(lab):
    """No empty frame, no traceback of ours."""
    assert str(queue_depth(lab)) == "There is nothing to draw: no message has been sent in this lab yet."
    with pytest.raises(LabError, match="queue_depth draws a lab, not None"):
        queue_depth(None)


def test_thousands_of_steps_are_thinned_without_losing_a_peak():
    """Each pixel column keeps its lowest, its highest and its last value."""
    points = [(number, 1_000 if number == 5_003 else number % 7) for number in range(10_000)]
    thin = thinned(points, axis(0, 10_000), 100)
    assert len(thin) <= 300
    assert (5_003, 1_000) in thin
    assert thin == sorted(thin)
    assert thin[-1] == points[-1]
    assert thinned(points[:50], axis(0, 10_000), 100) == points[:50]


@pytest.mark.parametrize(
    ("most", "ticks"), [(1, [0, 1]), (4, [0, 1, 2, 3, 4]), (9, [0, 2, 4, 6, 8]), (120, [0, 50, 100])]
)
def test_counts_have_whole_numbers(most, ticks):
    """No half messages."""
    assert count_ticks(most) == ticks


def test_changes_at_one_instant_are_one_step():
    """Sent and received at once: the line shows what held afterwards."""
    written = Written().sent(0, "id-1").received(0, "id-1", "Ann", 1, 30)
    assert depths(written.history.changes(), "orders", START)["visible"] == [(0, 0)]
    assert depths(written.history.changes(), "orders", START)["in flight"] == [(0, 1)]
