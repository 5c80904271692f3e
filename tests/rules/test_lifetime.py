"""Delay, retention, purge, counts, and when something changes by itself."""

import pytest

from labkit.ledger import quota
from labkit.rules import Refused
from tests.rules.queues import DAY, at, queue, receive, told

RETENTION = quota("sqs.retention.default")
PURGE = quota("sqs.purge.interval")


# Delay


def test_a_delayed_message_is_shown_at_exactly_the_end_of_its_delay():
    orders = queue()
    orders.send("order-1", at(0), delay=900)
    assert receive(orders, 899.999999) == []
    assert receive(orders, 900) == ["order-1"]


def test_the_queues_delay_holds_for_messages_that_name_none_and_zero_overrides_it():
    orders = queue(delay_seconds=5)
    orders.send("late", at(0))
    orders.send("at once", at(0), delay=0)
    assert receive(orders, 0) == ["at once"]
    assert receive(orders, 5) == ["late"]


def test_the_end_of_a_delay_is_told_with_its_own_time():
    orders = queue()
    orders.send("order-1", at(0), delay=5)
    assert told(orders.settle(at(100))) == [(5, "order-1", "delayed", "visible")]


# Retention


@pytest.mark.parametrize("settings", [{}, {"message_retention_period": 60}, {"message_retention_period": 14 * DAY}])
def test_a_message_expires_at_exactly_the_end_of_its_retention(settings):
    orders = queue(**settings)
    orders.send("order-1", at(0))
    end = orders.settings.message_retention_period
    assert orders.settle(at(end) - 1) == []
    assert told(orders.settle(at(end + 7))) == [(end, "order-1", "visible", "expired")]
    assert orders.totals["expired"] == 1


def test_a_message_expires_in_flight_and_its_receipt_then_finds_nothing():
    orders = queue(message_retention_period=60)
    orders.send("order-1", at(0))
    (message,) = orders.receive(at(50)).messages
    answered = orders.delete(message.receipt, at(61))
    assert told(answered.changes) == [(60, "order-1", "in flight", "expired")]
    assert answered.message is None


def test_a_message_expires_while_it_is_delayed():
    orders = queue(message_retention_period=60)
    orders.send("order-1", at(0), delay=100)
    assert told(orders.settle(at(200))) == [(60, "order-1", "delayed", "expired")]


def test_expired_messages_neither_block_nor_count():
    orders = queue(message_retention_period=60)
    for number in range(5):
        orders.send(f"old-{number}", at(0))
    orders.send("fresh", at(30))
    assert orders.counts(at(60))[0] == {"visible": 1, "in flight": 0, "delayed": 0}
    assert receive(orders, 60, limit=1) == ["fresh"]


def test_a_lowered_retention_acts_at_the_change_and_not_before():
    orders = queue()
    orders.send("order-1", at(0))
    orders.settle(at(1000))
    orders.settings.message_retention_period = 60
    assert told(orders.settle(at(2000))) == [(1000, "order-1", "visible", "expired")]


def test_a_raised_retention_saves_what_has_not_expired_yet():
    orders = queue(message_retention_period=60)
    orders.send("order-1", at(0))
    orders.settings.message_retention_period = 120
    assert receive(orders, 119) == ["order-1"]


def test_a_message_that_comes_back_at_the_instant_of_its_expiry_expires():
    orders = queue(message_retention_period=60)
    orders.send("order-1", at(0))
    orders.receive(at(30))
    assert told(orders.settle(at(60))) == [(60, "order-1", "in flight", "expired")]


# Purge


def test_purge_removes_visible_delayed_and_in_flight_messages():
    orders = queue()
    orders.send("taken", at(0))
    orders.receive(at(0))
    orders.send("waiting", at(0))
    orders.send("delayed", at(0), delay=10)
    assert told(orders.purge(at(1))) == [
        (1, "taken", "in flight", "purged"),
        (1, "waiting", "visible", "purged"),
        (1, "delayed", "delayed", "purged"),
    ]
    assert orders.counts(at(100))[0] == {"visible": 0, "in flight": 0, "delayed": 0}


def test_purge_is_refused_within_60_seconds_and_accepted_at_60():
    orders = queue()
    orders.purge(at(0))
    with pytest.raises(Refused, match=r"orders is allowed every 60 seconds\.") as refused:
        orders.purge(at(PURGE) - 1)
    assert refused.value.code == "AWS.SimpleQueueService.PurgeQueueInProgress"
    assert orders.purge(at(PURGE)) == []


def test_a_message_sent_after_a_purge_is_received():
    orders = queue()
    orders.send("before", at(0))
    orders.purge(at(0))
    orders.send("after", at(0))
    assert receive(orders, 0) == ["after"]


# Counts and what comes next


def test_counts_follow_a_message_through_its_states():
    orders = queue()
    orders.send("order-1", at(0), delay=5)
    assert orders.counts(at(4))[0] == {"visible": 0, "in flight": 0, "delayed": 1}
    assert orders.counts(at(5))[0] == {"visible": 1, "in flight": 0, "delayed": 0}
    (message,) = orders.receive(at(6)).messages
    assert orders.counts(at(6))[0] == {"visible": 0, "in flight": 1, "delayed": 0}
    orders.delete(message.receipt, at(7))
    assert orders.counts(at(7))[0] == {"visible": 0, "in flight": 0, "delayed": 0}


def test_next_event_names_delays_timeouts_and_expiries_and_nothing_for_an_empty_queue():
    orders = queue()
    assert orders.next_event(at(0)) is None
    orders.send("order-1", at(0), delay=5)
    assert orders.next_event(at(1)) == at(5)
    orders.settle(at(5))
    assert orders.next_event(at(5)) == at(RETENTION)
    (message,) = orders.receive(at(6)).messages
    assert orders.next_event(at(6)) == at(36)
    orders.delete(message.receipt, at(7))
    assert orders.next_event(at(7)) is None


def test_next_event_is_now_when_something_is_overdue():
    orders = queue()
    orders.send("order-1", at(0), delay=5)
    assert orders.next_event(at(9)) == at(9)


def test_next_visible_is_now_or_the_next_end_of_a_delay_or_timeout():
    orders = queue()
    assert orders.next_visible(at(0)) is None
    orders.send("order-1", at(0), delay=5)
    assert orders.next_visible(at(1)) == at(5)
    orders.settle(at(5))
    assert orders.next_visible(at(5)) == at(5)
    orders.receive(at(6))
    assert orders.next_visible(at(7)) == at(36)
