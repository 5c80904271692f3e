"""Where in a lane things are drawn: bars too short to be seen are widened, signs move apart, the order stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import swimlanes
from labkit.pictures.axis import axis
from labkit.pictures.lane_places import APART, SHORT, WIDENED, Places
from tests.history.events import Written
from tests.pictures.conftest import SVG, Image

SECOND = 1_000_000
DAY = axis(0, 86_400 * SECOND)


def test_where_nothing_is_too_short_everything_stands_where_the_axis_says():
    ends = [(0, 0), (0, 3_600 * SECOND), (0, 7_200 * SECOND)]
    places = Places(DAY, ends, [(0, 0, 3_600 * SECOND)])
    assert [places.at(lane, at) for lane, at in ends] == [at for _, at in ends]


def test_a_bar_under_a_pixel_is_widened_and_pushes_what_follows_only_as_far_as_it_must():
    """A second of a day; then a bar of an hour, whose end stays; another lane stays as it is."""
    short, hour = (0, 0, SECOND), (0, SECOND, 3_601 * SECOND)
    places = Places(DAY, [(0, 0), (0, SECOND), (0, 3_601 * SECOND), (1, SECOND)], [short, hour])
    assert places.share(0, SECOND) - places.share(0, 0) == pytest.approx(WIDENED)
    assert places.share(0, 3_601 * SECOND) >= places.share(0, SECOND)
    later = Places(DAY, [(0, 0), (0, SECOND), (0, 36_000 * SECOND)], [short])
    assert later.share(0, 36_000 * SECOND) == DAY.share(36_000 * SECOND)
    assert places.at(1, SECOND) == SECOND


def test_at_the_end_of_the_axis_it_grows_to_the_left():
    bar = (0, DAY.end - SECOND, DAY.end)
    places = Places(DAY, [(0, bar[1]), (0, bar[2])], [bar])
    assert (places.share(0, bar[1]), places.share(0, bar[2])) == pytest.approx((1 - WIDENED, 1))


def test_signs_of_one_instant_stand_beside_each_other():
    places = Places(DAY, [(0, 50)], [], [(0, 50, "number", 0.0), (0, 50, "x-thin", 0.0)])
    assert places.at(0, 50, "number") == 50
    assert places.share(0, 50, "x-thin") - places.share(0, 50, "number") == pytest.approx(APART)


@given(st.lists(st.tuples(st.integers(0, 86_400), st.integers(0, 900)), min_size=1, max_size=30))
def test_whatever_is_in_a_lane_its_order_stays_and_nothing_leaves_the_axis(bars):
    bars = [(0, began * SECOND, min(began + long, 86_400) * SECOND) for began, long in bars]
    ends = sorted({at for _, *both in bars for at in both})
    places = Places(DAY, [(0, at) for at in ends], bars, [(0, at, "number", 0.0) for at in ends])
    shares = [places.share(0, at) for at in ends]
    assert shares == sorted(shares)
    assert shares[0] >= -1e-9
    assert shares[-1] <= 1 + 1e-9


def test_a_bar_of_no_length_is_not_widened():
    assert not Places(DAY, [], []).is_short(5, 5)
    assert Places(DAY, [], []).is_short(5, 6)
    assert not Places(DAY, [], []).is_short(0, round(SHORT * DAY.end) + SECOND)


def test_the_widened_bar_is_seen_and_marked_in_all_three_forms():
    """0.04 s of half a minute: half a pixel, under the signs at its ends."""
    written = Written().sent(0, "id-1").received(0, "id-1", "Ann", 1, 30).back(30, "id-1", 1)
    picture = swimlanes(written.received(30.02, "id-1", "Bob", 2, 60).deleted(30.06, "id-1", "Bob", 2).history)
    image = Image(picture.image())
    bars = [one for one in image.svg.iter(f"{SVG}rect") if one.get("fill") == "#56B4E9" and one.get("height") == "16"]
    assert [float(one.get("width")) for one in bars] > [30]
    assert "in flight 30.02 s to 30.06 s with Bob" in str(picture)
    assert "bow tie: drawn wider than it lasts" in str(picture)
    assert "drawn wider than it lasts" in image.texts()
    (mark,) = (trace for trace in picture.plotly["data"] if trace["name"] == "drawn wider than it lasts")
    assert mark["customdata"] == ["order-1: in flight 30.02 s to 30.06 s with Bob (receive 2)"]
