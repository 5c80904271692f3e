"""About 120,000 messages of a standard queue may be in flight."""

import pytest

from labkit.ledger import quota
from labkit.rules import Refused
from tests.rules.queues import at, queue, receive

LIMIT = quota("sqs.in_flight.standard")


def test_the_limit_is_met_at_120_000_messages_and_not_before():
    orders = queue()
    for _ in range(LIMIT + 1):
        orders.send("order", at(0))
    for _ in range(LIMIT // 10):
        assert len(orders.receive(at(0), 10).messages) == 10
    assert orders.counts(at(0))[0] == {"visible": 1, "in flight": LIMIT, "delayed": 0}
    with pytest.raises(Refused) as refused:
        orders.receive(at(1))
    assert refused.value.code == "OverLimit"
    assert receive(orders, 1, long_poll=True) == []
    assert receive(orders, 30, limit=1) == ["order"]


def full():
    orders = queue(in_flight_limit=3)
    for number in range(5):
        orders.send(f"order-{number}", at(0))
    return orders


def test_a_receive_hands_out_only_what_the_limit_leaves():
    assert receive(full(), 0, limit=10) == ["order-0", "order-1", "order-2"]


def test_at_the_limit_a_short_poll_is_refused_and_a_long_poll_gets_nothing():
    orders = full()
    orders.receive(at(0), 10)
    with pytest.raises(Refused, match="Too many messages have been received without being deleted"):
        orders.receive(at(1))
    assert receive(orders, 1, long_poll=True) == []


def test_a_delete_makes_room_for_one_more():
    orders = full()
    first = orders.receive(at(0), 10).messages[0]
    orders.delete(first.receipt, at(1))
    assert receive(orders, 1, limit=10) == ["order-3"]
