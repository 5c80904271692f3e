"""A fleet over time, and what changes with one option."""

import plotly.graph_objects as go
import pytest

from labkit import Fleet, LabError, fleet_over_time, what_if
from tests.pictures.conftest import Image


@pytest.fixture(scope="module")
def fleet():
    return Fleet(orders=2_000, over="20 min", work="2 s", maximum=10, boot="30 s").run()


def test_the_words_tell_the_most_and_the_last_of_each_line(fleet):
    """Two panels, four lines, each in the words as well."""
    told = str(fleet_over_time(fleet)).splitlines()
    most = max(one.visible for one in fleet.minutes)
    at = next(one.at for one in fleet.minutes if one.visible == most)
    assert told[0] == "A fleet, minute by minute."
    assert [line.split(":")[0] for line in told[2:]] == [
        "orders", "visible", "in flight", "instances", "in service", "desired",
    ]  # fmt: skip
    assert told[3].startswith(f"visible: at most {most:,} (first at {at // 60_000_000} min")


def test_the_image_and_the_live_form_draw_all_four_lines(fleet):
    """Lines differ in dash or colour, plotly accepts the live form."""
    picture = fleet_over_time(fleet)
    image = Image(picture.image())
    assert image.alt == str(picture)
    assert {None, "8 4", "2 4"} <= {
        path.get("stroke-dasharray") for path in image.svg.iter() if path.tag.endswith("path")
    }
    assert len(go.Figure(picture.plotly["data"], picture.plotly["layout"]).data) == 4


def test_what_if_compares_runs_of_a_fleet(fleet):
    """The slider that lessons use for labs; the fleet that was given stays as it is."""
    before = repr(fleet)
    compared = what_if(
        fleet, lambda one, boot: one.run(boot=boot), "seconds to start", [0, 300], picture=fleet_over_time
    )
    first, second = (int(one.facts()["most messages waiting"].replace(",", "")) for one in compared._told.values())
    assert first < second
    assert "300 instead of 0: " in str(compared)
    assert repr(fleet) == before


@pytest.mark.parametrize("given", [None, Fleet(orders=5)])
def test_anything_but_a_fleet_that_has_run_is_refused_in_a_sentence(given):
    with pytest.raises(LabError, match="draws a fleet that has run"):
        fleet_over_time(given)
