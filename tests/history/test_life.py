"""Which state each message was in, in which queue, from when to when."""

import pytest

from labkit.history.life import lives, short_name
from tests.history.events import SECOND, START, Written


def stays(life):
    """A life as (state, queue, from, to) in seconds since the start."""
    return [
        (stay.state, stay.queue, (stay.began - START) / SECOND, stay.ended and (stay.ended - START) / SECOND)
        for stay in life.stays
    ]


def test_lives_come_in_order_of_sending():
    """Even when a later message is received first."""
    written = Written().sent(0, "id-2").sent(1, "id-1").received(2, "id-1", "Ann", 1, 32)
    assert [life.message for life in lives(written.history.changes())] == ["id-2", "id-1"]


def test_a_changed_timeout_prolongs_the_stay_and_starts_no_new_one():
    """In flight to in flight is one stretch whose end moved."""
    written = Written().sent(0, "id-1").received(1, "id-1", "Ann", 1, 31)
    written.change(20, "id-1", "in flight", "in flight", by="Ann", receives=1, until=80).deleted(60, "id-1", "Ann")
    (life,) = lives(written.history.changes())
    assert stays(life) == [("visible", "orders", 0, 1), ("in flight", "orders", 1, 60)]
    assert life.stays[1].until == START + 80 * SECOND
    assert life.end.after == "deleted"


def test_a_receive_that_does_not_hide_leaves_the_message_visible():
    """A duplicate delivery is a receive without a stay in flight."""
    written = Written().sent(0, "id-1").change(5, "id-1", "visible", "visible", by="Ann", receives=1)
    (life,) = lives(written.history.changes())
    assert stays(life) == [("visible", "orders", 0, None)]
    assert [change.by for change in life.receives()] == ["Ann"]


def test_a_dead_lettered_message_lives_on_in_the_other_queue():
    """Its life is in both queues, and it belongs to the pictures of both."""
    written = Written().sent(0, "id-1").change(9, "id-1", "visible", "dead-lettered")
    written.change(9, "id-1", "dead-lettered", "visible", queue="dead")
    for queue in (None, "orders", "dead"):
        (life,) = lives(written.history.changes(), queue)
        assert stays(life) == [("visible", "orders", 0, 9), ("visible", "dead", 9, None)]
        assert life.end is None
    assert lives(written.history.changes(), "payments") == []


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("order-1", "order-1"),
        ('{"order": "order-1", "customer": "c-17"}', "order-1"),
        ('{"order": 17, "customer": "c-17"}', "17"),
        ('{"order": 17}', '{"order": 17}'),
        ('{"lines": [1, 2], "order": "order-1"}', "01234567"),
        ('{"order": "order-1", "customer"', "01234567"),
        ("x" * 21, "01234567"),
        ("two\nlines", "01234567"),
        ("", "01234567"),
    ],
)
def test_a_message_is_named_by_what_a_reader_knows_it_by(body, name):
    """A short body, the first value of a JSON object, or else the beginning of its id."""
    assert short_name("0123456789abcdef", body) == name
