"""Lengths of time and instants, in whole microseconds."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import LabError
from labkit.clock.length import clock_text, instant, length, moment

FORMS = {
    "31 s": 31_000_000,
    "31s": 31_000_000,
    "1 second": 1_000_000,
    "2 seconds": 2_000_000,
    "5 min": 300_000_000,
    "5 Minutes": 300_000_000,
    "1 h 30 min": 5_400_000_000,
    "2 hours": 7_200_000_000,
    "14 days": 1_209_600_000_000,
    "1d": 86_400_000_000,
    "10 ms": 10_000,
    "7 us": 7,
    "0.5 s": 500_000,
    " 1 s ": 1_000_000,
    "0 s": 0,
}


@pytest.mark.parametrize("text", FORMS)
def test_a_length_is_read_as_people_write_it(text):
    """Units in full or short, one or more, with or without spaces."""
    assert length(text) == FORMS[text]


@given(st.integers(0, 10**15))
def test_a_timedelta_is_exact_to_the_microsecond(micros):
    """No rounding through floating point."""
    assert length(timedelta(microseconds=micros)) == micros
    assert length(f"{micros} us") == micros


@given(st.integers(0, 10**9))
def test_seconds_are_a_number(seconds):
    """Whole or broken."""
    assert length(seconds) == seconds * 1_000_000
    assert length(seconds / 1000) == seconds * 1000


@given(st.text(max_size=12))
def test_any_other_text_is_refused_in_one_sentence(text):
    """Whatever it is, the answer is a length or a LabError, never another error."""
    try:
        assert length(text) >= 0
    except LabError as refused:
        assert "\n" not in str(refused) or "\n" in text  # noqa: PT017


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_instants_are_exact_in_both_directions(when):
    """Microseconds since 1970 and back."""
    assert moment(instant(when)) == when


def test_an_instant_is_the_same_in_every_time_zone():
    """The zone of a datetime only says how it is written."""
    seoul = datetime(2026, 1, 1, 9, tzinfo=timezone(timedelta(hours=9)))
    assert instant(seoul) == instant(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock_text(instant(seoul)) == "2026-01-01 00:00:00.000"


def test_an_instant_without_a_time_zone_is_refused():
    """The sentence shows how to write one."""
    with pytest.raises(LabError, match=r"has no time zone: give an aware datetime such as datetime\(2026, 1, 1"):
        instant(datetime(2026, 1, 1))
