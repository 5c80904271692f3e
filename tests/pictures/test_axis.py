"""The time axis: ticks and units that a person would choose."""

import pytest

from labkit.pictures.axis import MOST_TICKS, axis

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("seconds", "unit", "labels"),
    [
        (0.05, "s", ["0", "0.01", "0.02", "0.03", "0.04", "0.05"]),
        (7, "s", ["0", "1", "2", "3", "4", "5", "6", "7"]),
        (90, "s", ["0", "10", "20", "30", "40", "50", "60", "70", "80", "90"]),
        (180, "s", ["0", "30", "60", "90", "120", "150", "180"]),
        (600, "min", ["0", "2", "4", "6", "8", "10"]),
        (43_200, "h", ["0", "2", "4", "6", "8", "10", "12"]),
        (14 * 86_400, "d", ["0", "2", "4", "6", "8", "10", "12", "14"]),
    ],
)
def test_ticks_are_round_numbers_of_one_unit(seconds, unit, labels):
    """Thirty seconds are 30, ten minutes are 10, fourteen days are 14."""
    drawn = axis(0, round(seconds * SECOND))
    assert drawn.unit == unit
    assert [drawn.label(tick) for tick in drawn.ticks] == labels


@pytest.mark.parametrize("days", [30, 365, 20_000])
def test_even_a_very_long_axis_has_few_ticks(days):
    """A history of years stays readable."""
    assert 2 <= len(axis(0, days * 86_400 * SECOND).ticks) <= MOST_TICKS + 1


def test_an_axis_of_no_length_can_be_drawn():
    """Everything at one instant is no division by zero."""
    drawn = axis(5 * SECOND, 5 * SECOND)
    assert drawn.share(5 * SECOND) == 0


def test_what_lies_outside_is_drawn_at_the_edge():
    """Nothing is drawn outside the frame."""
    drawn = axis(0, 10 * SECOND)
    assert (drawn.share(-SECOND), drawn.share(5 * SECOND), drawn.share(11 * SECOND)) == (0, 0.5, 1)
