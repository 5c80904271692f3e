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


def test_a_kind_looks_the_same_in_every_picture():
    """Also where it comes first, last or alone; 09 draws refusals beside what was stored, and later what was stored."""
    pictures = [outcomes_over_time(given) for given in (SERVED + FAILED, FAILED + SERVED, SERVED, FAILED[:1])]
    looks = {(line["name"], str(line["line"])) for picture in pictures for line in picture.plotly["data"]}
    assert {name for name, _ in looks} == {"served", "failed"}
    assert len(looks) == 2


@pytest.mark.parametrize(("number", "title"), [(1, "1 outcome"), (5, "5 outcomes"), (1_200, "1,200 outcomes")])
def test_the_title_counts_entries(number, title):
    """Whether an entry is a request or one of several tries, only the lesson knows."""
    picture = outcomes_over_time([(second / 100, "refused") for second in range(number)])
    assert picture.title.startswith(title)
    assert picture.plotly["layout"]["title"]["text"] == picture.title in Image(picture.image()).texts()
    assert "requests" not in str(picture) + picture.svg


def test_a_limit_is_a_line_of_its_own_in_every_panel():
    """Thin, level, named; and told once a panel."""
    picture = outcomes_over_time(SERVED + FAILED, limit=5)
    assert str(picture).count("limit: 5 in each slice") == 2
    limits = [line for line in picture.plotly["data"] if line["name"] == "limit"]
    assert [(line["y"], line["line"]["dash"]) for line in limits] == [([5, 5], "longdash")] * 2
    assert [path.get("stroke-dasharray") for path in Image(picture.image()).svg.iter(f"{SVG}path")].count("14 5") == 2


@pytest.mark.parametrize("limit", [0, -1, "5", 2.5])
def test_a_limit_is_a_whole_number(limit):
    """One sentence for anything else."""
    with pytest.raises(LabError, match="give a whole number of requests a slice"):
        outcomes_over_time(SERVED, limit=limit)


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
