"""Outcomes over time: what a lesson has counted itself."""

import plotly.graph_objects as go
import pytest

from labkit import LabError, outcomes_over_time
from tests.pictures.conftest import SVG, Image

SERVED = [(second, "pay: served") for second in (1, 2, 15)]
FAILED = [(11, "pay: failed"), (12, "browse: served")]


def test_the_words_count_each_outcome_in_each_slice():
    """One panel for each word before the colon, one line for each word after it."""
    told = str(outcomes_over_time(SERVED + FAILED, step=10))
    assert "served: 3 in all; in each slice 2, 1" in told
    assert "failed: 1 in all; in each slice 0, 1" in told
    assert {"pay:", "browse:"} <= set(told.splitlines())


def test_lines_differ_in_dash_and_plotly_accepts_the_live_form():
    """Legible in grey, valid for JupyterLab."""
    picture = outcomes_over_time(SERVED + FAILED)
    image = Image(picture.image())
    assert image.alt == str(picture)
    assert {None, "8 4"} <= {path.get("stroke-dasharray") for path in image.svg.iter(f"{SVG}path")}
    go.Figure(picture.plotly["data"], picture.plotly["layout"])


def test_one_kind_looks_the_same_in_every_panel():
    """Served is served, whatever came first there."""
    lines = outcomes_over_time(SERVED + FAILED).plotly["data"]
    served = [line["line"] for line in lines if line["name"] == "served"]
    assert len(served) == 2
    assert served[0] == served[1] != next(line["line"] for line in lines if line["name"] == "failed")


@pytest.mark.parametrize(
    ("outcomes", "step", "sentence"),
    [
        ([(1, "served"), 5], 10, "draws pairs of seconds and words"),
        ([(1, 2)], 10, "draws pairs of seconds and words"),
        ([(1, "served")], "20 s", "give the length of a slice in seconds"),
        ([(1, "served")], 0, "give the length of a slice in seconds"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(outcomes, step, sentence):
    """No arithmetic on words."""
    with pytest.raises(LabError, match=sentence):
        outcomes_over_time(outcomes, step)


def test_nothing_to_draw_is_one_sentence():
    """No empty frame."""
    empty = outcomes_over_time([])
    assert "<img" not in empty.image()
    assert "\n" not in str(empty)
