"""How instants and lengths of lab time read."""

import pytest

from labkit.history.times import SECOND, since_start, span


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "00:00:00.000"),
        (30 * SECOND, "00:00:30.000"),
        (30 * SECOND + 10_999, "00:00:30.010"),
        (3_661 * SECOND, "01:01:01.000"),
        (14 * 86_400 * SECOND + 1, "14 d 00:00:00.000"),
        (-SECOND, "-00:00:01.000"),
    ],
)
def test_an_instant_reads_as_a_clock_since_the_start(micros, text):
    """Hours, minutes, seconds, milliseconds; days only when there are some."""
    assert since_start(micros) == text


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "0 s"),
        (10_000, "0.01 s"),
        (30 * SECOND, "30 s"),
        (90 * SECOND + 500_000, "1 min 30.5 s"),
        (12 * 3_600 * SECOND, "12 h"),
        (4 * 86_400 * SECOND + 5 * 60 * SECOND, "4 d 5 min"),
        (100, "0 s"),
    ],
)
def test_a_length_reads_in_its_own_units(micros, text):
    """No unit that is zero, no digits that say nothing."""
    assert span(micros) == text
