"""API calls over time."""

import plotly.graph_objects as go
import pytest

from labkit import LabError, calls_over_time
from tests.history.events import Written
from tests.pictures.conftest import SVG, Image


@pytest.fixture
def written():
    """Ann polls three times, once in vain, once refused; you send."""
    history = Written().call(0, "you", "SendMessage", "id-1")
    history.call(10, "Ann", "ReceiveMessage", "id-1", received=1).call(40, "Ann", "ReceiveMessage")
    return history.call(60, "Ann", "ReceiveMessage", error="OverLimit").history


def test_the_words_count_calls_empty_receives_and_refusals_in_slices_of_time(written):
    """What the circles show, as numbers."""
    assert str(calls_over_time(written)).splitlines() == [
        "4 API calls by operation.",
        "Lab time 0 s to 1 min.",
        "SendMessage: 1 call; first at 0 s, last at 0 s; in each 10 s: 1, 0, 0, 0, 0, 0",
        "ReceiveMessage: 3 calls, 1 empty receive, 1 refused; first at 10 s, last at 1 min; "
        "in each 10 s: 0, 1, 0, 0, 1, 0, 1",
        "Marks: filled circle: call; hollow circle: empty receive; cross: refused.",
    ]


def test_calls_can_be_told_by_actor(written):
    """Who called how often."""
    lines = str(calls_over_time(written, by="actor")).splitlines()
    assert [line.partition(";")[0] for line in lines[2:-1]] == [
        "you: 1 call",
        "Ann: 3 calls, 1 empty receive, 1 refused",
    ]


def test_answered_empty_and_refused_calls_have_different_signs(written):
    """Filled, hollow, crossed: legible in grey."""
    live = calls_over_time(written).plotly
    assert [trace["marker"]["symbol"] for trace in live["data"]] == ["circle", "circle-open", "x-thin"]
    go.Figure(live["data"], live["layout"])
    assert {"call", "empty receive", "refused", "3, 1 empty"} <= set(Image(calls_over_time(written).image()).texts())


def test_calls_at_nearly_the_same_time_are_one_sign_with_their_number():
    """A thousand polls stay a picture."""
    written = Written()
    for number in range(1_000):
        written.call(number / 1_000, "Ann", "ReceiveMessage")
    written.call(100, "Ann", "ReceiveMessage", "id-1")
    assert "×1000" in Image(calls_over_time(written.history).image()).texts()


def test_a_number_that_something_would_cover_is_left_out():
    """A whole minute of quick polls is a row of circles; the lane's total says how many there are."""
    written = Written()
    for number in range(600):
        written.call(number / 10, "Ann", "ReceiveMessage")
    picture = calls_over_time(written.history)
    image, (trace, key) = Image(picture.image()).texts(), picture.plotly["data"]
    assert not [text for text in [*image, *trace["text"]] if "×" in text]
    assert "600, 600 empty" in image
    assert trace["customdata"][0].startswith("×11<br>")
    assert trace["marker"]["size"] == 14
    assert (key["name"], key["x"]) == ("several of its kind", [None])


@pytest.mark.parametrize("number", [30, 600, 1_000])
def test_whoever_counts_marks_is_told_how_many_calls_they_are(number):
    """In the image, in the live form and in words: as many marks as are drawn, and as many calls as were made."""
    written = Written()
    for call in range(number):
        written.call(call * 60 / number, "Ann", "ReceiveMessage")
    picture = calls_over_time(written.history, until=60_000_000)
    image = Image(picture.image())
    circles = [one for one in image.svg.iter(f"{SVG}circle") if float(one.get("cx")) > 60 and float(one.get("cy")) > 50]
    assert len(picture.plotly["data"][0]["x"]) == len(circles) <= number
    notes = [note["text"] for note in picture.plotly["layout"]["annotations"]]
    assert f"{number:,}, {number:,} empty" in image.texts()
    for told in ("\n".join(image.texts()), str(picture), *notes):
        assert (f"drawn as {len(circles)} marks" in told) == (len(circles) < number)


def test_nothing_to_draw_and_bad_input_are_one_sentence(lab):
    """No empty frame, no traceback of ours."""
    assert str(calls_over_time(lab)) == "There is nothing to draw: no call has been made yet."
    with pytest.raises(LabError, match='write by="operation" or by="actor"'):
        calls_over_time(lab, by="queue")
