"""Data points of metrics: what a queue publishes, how it adds up to periods, what metric math makes of it."""

import pytest

from labkit.causes import DEAD_LETTERED, DELETED, IN_FLIGHT, VISIBLE
from labkit.rules.message import SECOND
from labkit.rules.metric import MINUTE, Statistics, data_points, rounded_start
from labkit.rules.metric_math import evaluate, names
from labkit.rules.queue_metrics import AGE, EMPTY, INACTIVE_AFTER, POISON_RECEIVES, RECEIVED, SENT, SIZE, QueueMetrics
from labkit.rules.refused import Refused

START = 1_767_225_600 * SECOND  # a full minute
SHOWN, FLYING, WAITING = (f"ApproximateNumberOfMessages{state}" for state in ("Visible", "NotVisible", "Delayed"))


def values(metrics, name, minutes=10):
    """The values by minute since the start; None where nothing was published."""
    found = dict(metrics.samples(name, START, START + minutes * MINUTE))
    every = [found.get(START + minute * MINUTE) for minute in range(minutes)]
    return [None if one is None else one.total for one in every]


@pytest.fixture
def queue():
    """A queue that gets a message at 30 seconds."""
    queue = QueueMetrics()
    queue.moved(START + 30 * SECOND, "order-1", None, VISIBLE, 0)
    return queue


def test_a_gauge_is_what_holds_at_the_end_of_its_minute(queue):
    queue.moved(START + MINUTE, "order-2", None, VISIBLE, 0)
    queue.moved(START + 3 * MINUTE - 1, "order-1", VISIBLE, IN_FLIGHT, 1)
    assert values(queue, SHOWN, 4) == [1, 2, 1, 1]
    assert values(queue, FLYING, 4) == [None, None, 1, 1]
    assert values(queue, WAITING, 4) == [None] * 4


def test_the_minute_that_is_not_over_has_no_data_point_yet(queue):
    assert list(queue.samples(SHOWN, START, START + MINUTE - 1)) == []


def test_the_age_of_the_oldest_message_grows_until_it_is_gone(queue):
    queue.moved(START + 90 * SECOND, "order-2", None, VISIBLE, 0)
    queue.moved(START + 3 * MINUTE + 1, "order-1", VISIBLE, DELETED, 1)
    queue.moved(START + 5 * MINUTE, "order-2", VISIBLE, DELETED, 1)
    assert values(queue, AGE, 7) == [30, 90, 150, 150, 210, None, None]


@pytest.mark.parametrize(("keeps_order", "after_the_third"), [(False, 60), (True, 210)])
def test_a_message_received_too_often_counts_only_where_it_blocks_others(keeps_order, after_the_third):
    queue = QueueMetrics(keeps_order)
    queue.moved(START + 30 * SECOND, "order-1", None, VISIBLE, 0)
    queue.moved(START + 3 * MINUTE, "order-2", None, VISIBLE, 0)
    for receive in range(1, POISON_RECEIVES + 1):
        queue.moved(START + receive * MINUTE, "order-1", VISIBLE, IN_FLIGHT, receive)
    assert values(queue, AGE, 4)[2:] == [150, after_the_third]


def test_the_age_of_a_dead_letter_counts_from_its_move():
    queue = QueueMetrics()
    queue.moved(START + 2 * MINUTE, "order-1", DEAD_LETTERED, VISIBLE, 3)
    assert values(queue, AGE, 4) == [None, None, 60, 120]


def test_counts_of_one_minute_are_one_value_and_sizes_are_samples(queue):
    for size in (10, 20):
        queue.count(SENT, START + 40 * SECOND)
        queue.count(SIZE, START + 40 * SECOND, size)
    ((_, sent),) = queue.samples(SENT, START, START + MINUTE)
    ((_, sizes),) = queue.samples(SIZE, START, START + MINUTE)
    assert (sent.total, sent.count) == (2, 1)
    assert (sizes.total, sizes.count, sizes.smallest, sizes.largest) == (30, 2, 10, 20)


def test_a_receive_reports_a_zero_too(queue):
    queue.count(RECEIVED, START + MINUTE, 0)
    queue.count(EMPTY, START + MINUTE, 1)
    assert values(queue, RECEIVED, 3) == [None, 0, None]
    assert values(queue, EMPTY, 3) == [None, 1, None]


def test_an_empty_queue_is_active_for_six_hours_after_the_last_action(queue):
    queue.moved(START + MINUTE, "order-1", VISIBLE, DELETED, 1)
    published = values(queue, SHOWN, 400)
    assert published.index(None) == 1 + INACTIVE_AFTER // MINUTE - 1
    queue.called(START + 390 * MINUTE)
    assert values(queue, SHOWN, 400)[389:] == [None] + [0] * 10


def test_a_queue_with_a_message_stays_active(queue):
    assert values(queue, SHOWN, 2000) == [1] * 2000


def test_a_deleted_queue_publishes_nothing_more(queue):
    queue.deleted(START + 3 * MINUTE)
    assert values(queue, SHOWN, 5) == [1, 1, 1, None, None]


def test_a_minute_costs_nothing_until_it_is_asked_for(queue):
    queue.called(START + 14 * 1440 * MINUTE)
    assert len(queue._moments) == 1


# Periods


def test_samples_add_up_from_the_start_of_the_query_on():
    samples = [(START + minute * MINUTE, Statistics.of(minute)) for minute in range(6)]
    found = data_points(samples, START + MINUTE, START + 6 * MINUTE, 2 * MINUTE)
    assert [((at - START) // MINUTE, one.total, one.value("Average")) for at, one in found] == [
        (1, 3, 1.5),
        (3, 7, 3.5),
        (5, 5, 5),
    ]
    assert samples[1][1].total == 1


def test_a_statistic_that_is_not_kept_is_refused():
    with pytest.raises(KeyError):
        Statistics.of(1).value("p99")


@pytest.mark.parametrize(
    ("age", "period", "rounded_to"),
    [(1, 60, MINUTE), (1, 10, 10 * SECOND), (20, 60, 5 * MINUTE), (70, 60, 60 * MINUTE)],
)
def test_the_start_of_a_query_is_rounded_down(age, period, rounded_to):
    start = START + 3_754_321_000
    rounded = rounded_start(start, start + age * 1440 * MINUTE, period * SECOND)
    assert rounded == start - start % rounded_to


# Metric math


TIMES = [0, 1, 2]
SERIES = {"m1": {0: 30.0, 1: 40.0, 2: 50.0}, "m2": {0: 0.0, 2: 10.0}}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("m1 / m2", {2: 5.0}),
        ("m1 / FILL(m2, 20)", {1: 2.0, 2: 5.0}),
        ("FILL(m2, REPEAT)", {0: 0.0, 1: 0.0, 2: 10.0}),
        ("IF(m1 > 35, m1, 0)", {0: 0.0, 1: 40.0, 2: 50.0}),
        ("MAX([m1, 45])", {0: 45.0, 1: 45.0, 2: 50.0}),
        ("(m1 - 10) * 2 ^ 2", {0: 80.0, 1: 120.0, 2: 160.0}),
        ("-m2", {0: 0.0, 2: -10.0}),
    ],
)
def test_metric_math(expression, found):
    assert evaluate(expression, SERIES, TIMES) == found


@pytest.mark.parametrize("expression", ["m1 /", "m9", "RATE(m1)", "m1.real", "m1 if m2 else m1", "open('x')"])
def test_what_is_outside_of_metric_math_is_refused(expression):
    with pytest.raises(Refused, match="ValidationError"):
        evaluate(expression, SERIES, TIMES)


def test_the_ids_in_an_expression():
    assert names("m1 / FILL(m2, REPEAT)") == {"m1", "m2", "FILL", "REPEAT"}
