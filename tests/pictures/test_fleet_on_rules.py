"""A fleet on the rules alone: its size over time, and what changes with one option."""

import plotly.graph_objects as go
import pytest

from labkit import Fleet, LabError, fleet_size, what_if
from tests.pictures.conftest import Image


@pytest.fixture(scope="module")
def fleet():
    return Fleet(orders=2_000, over="20 min", work="2 s", maximum=10, boot="30 s").run()


def test_the_words_tell_the_most_and_the_last_of_each_line(fleet):
    """The panels of a lab's picture, from what the fleet noted each minute."""
    told = str(fleet_size(fleet)).splitlines()
    most = max(one.visible for one in fleet.minutes)
    at = next(one.at for one in fleet.minutes if one.visible == most)
    names = [line.split(":")[0] for line in told if ":" in line]
    assert names == ["messages", "visible", "instances", "launched", "in service"]
    assert told[3].startswith(f"visible: at most {most:,} (first at {at // 60_000_000} min")


def test_the_image_and_the_live_form_draw_all_lines(fleet):
    picture = fleet_size(fleet)
    assert Image(picture.image()).alt == str(picture)
    assert len(go.Figure(picture.plotly["data"], picture.plotly["layout"]).data) == 3


def test_what_if_compares_runs_of_a_fleet(fleet):
    """The slider that lessons use for labs; the fleet that was given stays as it is."""
    before = repr(fleet)
    compared = what_if(fleet, lambda one, boot: one.run(boot=boot), "seconds to start", [0, 300], picture=fleet_size)
    first, second = (int(one.facts()["most messages waiting"].replace(",", "")) for one in compared._told.values())
    assert first < second
    assert "300 instead of 0: " in str(compared)
    assert repr(fleet) == before


def test_a_fleet_that_has_not_run_is_refused_in_a_sentence():
    with pytest.raises(LabError, match="has not run yet"):
        fleet_size(Fleet(orders=5))
