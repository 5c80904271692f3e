"""When an alarm changes its state: AWS's own tables of missing data, row by row, and the sentences it writes."""

import pytest

from labkit.rules.alarm import ALARM, INSUFFICIENT_DATA, OK, Condition, next_state
from labkit.rules.alarm_reason import reason, reason_data
from labkit.rules.message import SECOND

KEEPS = "the state before"
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html: 0 within, X beyond.
ALL_OF_THREE = [
    ("0 - X - X", OK, OK, OK, OK),
    ("0 - - - -", OK, OK, OK, OK),
    ("- - - - -", INSUFFICIENT_DATA, KEEPS, ALARM, OK),
    ("0 X X - X", ALARM, ALARM, ALARM, ALARM),
    ("- - X - -", ALARM, KEEPS, ALARM, OK),
    ("- - - - X", INSUFFICIENT_DATA, KEEPS, ALARM, OK),
]
TWO_OF_THREE = [
    ("0 - X - X", ALARM, ALARM, ALARM, ALARM),
    ("0 0 X 0 X", ALARM, ALARM, ALARM, ALARM),
    ("0 - X - -", OK, OK, ALARM, OK),
    ("- - - - 0", OK, OK, ALARM, OK),
    ("- - - X -", ALARM, KEEPS, ALARM, OK),
]
ROWS = [(points, 3, expected) for points, *expected in ALL_OF_THREE] + [
    (points, 2, expected) for points, *expected in TWO_OF_THREE
]


def values(points):
    return [{"0": 1.0, "X": 9.0, "-": None}[point] for point in points.split()]


@pytest.mark.parametrize(("points", "to_alarm", "expected"), ROWS)
@pytest.mark.parametrize("before", [OK, ALARM, INSUFFICIENT_DATA])
def test_missing_data_is_treated_as_in_awss_tables(points, to_alarm, expected, before):
    for treatment, state in zip(TREATMENTS, expected, strict=True):
        condition = Condition("GreaterThanThreshold", 5, 3, to_alarm, treatment)
        assert next_state(values(points), condition, before) == (before if state == KEEPS else state)


@pytest.mark.parametrize(
    ("comparison", "beyond"),
    [
        ("GreaterThanThreshold", [6]),
        ("GreaterThanOrEqualToThreshold", [5, 6]),
        ("LessThanThreshold", [4]),
        ("LessThanOrEqualToThreshold", [4, 5]),
    ],
)
def test_each_comparison_counts_its_own_values_as_beyond_the_threshold(comparison, beyond):
    condition = Condition(comparison, 5, 1)
    assert [value for value in (4, 5, 6) if next_state([None, None, value], condition, OK) == ALARM] == beyond


def test_only_the_latest_data_points_decide():
    condition = Condition("GreaterThanThreshold", 5, 2)
    assert next_state([9, 9, 1, 1], condition, ALARM) == OK


START = 1_762_511_460 * SECOND  # 2025-11-07 10:31:00 UTC
TIMES = [START + minute * 60 * SECOND for minute in range(5)]


def told(points, state, **condition):
    chosen = Condition("GreaterThanThreshold", 5, **({"periods": 3} | condition))
    return reason(values(points), TIMES, chosen, state)


def test_the_reason_of_an_alarm_lists_the_data_points_newest_first():
    assert told("0 0 X 0 X", ALARM, to_alarm=2) == (
        "Threshold Crossed: 2 out of the last 3 datapoints [9.0 (07/11/25 10:35:00), 9.0 (07/11/25 10:33:00)] "
        "were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition)."
    )


def test_the_reason_of_ok_lists_what_was_within_the_threshold():
    assert told("X X X X 0", OK, to_alarm=3) == (
        "Threshold Crossed: 1 out of the last 3 datapoints [1.0 (07/11/25 10:35:00)] "
        "was not greater than the threshold (5.0) (minimum 1 datapoint for ALARM -> OK transition)."
    )


def test_without_datapoints_to_alarm_the_reason_is_shorter():
    assert (
        told("0 0 0 0 X", ALARM, periods=1)
        == "Threshold Crossed: 1 datapoint [9.0 (07/11/25 10:35:00)] was greater than the threshold (5.0)."
    )


def test_the_reason_without_data_says_how_it_was_treated():
    assert told("- - - - -", INSUFFICIENT_DATA) == "Insufficient Data: 3 datapoints were unknown."
    assert told("- - - - -", INSUFFICIENT_DATA, periods=1) == "Insufficient Data: 1 datapoint was unknown."
    assert told("- - - - -", ALARM, periods=1, missing="breaching") == (
        "Threshold Crossed: no datapoints were received for 1 period "
        "and 1 missing datapoint was treated as [Breaching]."
    )
    assert told("- - - - -", OK, periods=2, missing="notBreaching") == (
        "Threshold Crossed: no datapoints were received for 2 periods "
        "and 2 missing datapoints were treated as [NonBreaching]."
    )


def test_the_data_of_a_reason_has_the_points_oldest_first():
    condition = Condition("GreaterThanThreshold", 5, 3)
    assert reason_data(values("0 0 X 0 X"), TIMES, condition, TIMES[-1] + 60 * SECOND, 60, "Maximum") == (
        '{"version": "1.0", "queryDate": "2025-11-07T10:36:00.000+0000", "startDate": "2025-11-07T10:33:00.000+0000", '
        '"statistic": "Maximum", "period": 60, "recentDatapoints": [9.0, 1.0, 9.0], "threshold": 5}'
    )
