"""The visibility timeout, receipts, ChangeMessageVisibility and delete."""

import pytest

from labkit.causes import Effect
from labkit.ledger import quota
from labkit.rules import Receipt, Refused
from tests.rules.queues import HOUR, at, queue, receive, told

DEFAULT = quota("sqs.visibility_timeout.default")
LONGEST = quota("sqs.visibility_timeout.maximum")


def one_in_flight(**settings):
    orders = queue(**settings)
    orders.send("order-1", at(0))
    return orders, orders.receive(at(0)).messages[0].receipt


def test_a_received_message_is_hidden_until_its_timeout_and_shown_at_exactly_that_instant():
    orders, _ = one_in_flight()
    assert receive(orders, DEFAULT - 0.000001) == []
    assert receive(orders, DEFAULT) == ["order-1"]


def test_the_end_of_the_timeout_carries_its_own_time_however_late_somebody_looks():
    orders, _ = one_in_flight()
    assert told(orders.settle(at(5 * HOUR))) == [(DEFAULT, "order-1", "in flight", "visible")]


@pytest.mark.parametrize("timeout", [1, 5, LONGEST])
def test_a_receive_may_ask_for_its_own_timeout(timeout):
    orders = queue()
    orders.send("order-1", at(0))
    orders.receive(at(0), timeout=timeout)
    assert receive(orders, timeout - 0.000001) == []
    assert receive(orders, timeout) == ["order-1"]


def test_a_timeout_of_zero_hands_out_without_hiding_and_counts_the_receive():
    orders = queue()
    orders.send("order-1", at(0))
    assert receive(orders, 0, timeout=0) == ["order-1"]
    (again,) = orders.receive(at(0)).messages
    assert again.receives == 2
    assert receive(orders, DEFAULT - 1) == []


def test_one_receive_with_timeout_zero_hands_out_each_message_once():
    orders = queue()
    for number in range(3):
        orders.send(f"order-{number}", at(0))
    assert receive(orders, 0, timeout=0) == ["order-0", "order-1", "order-2"]
    assert receive(orders, 0, timeout=0) == ["order-0", "order-1", "order-2"]


def test_a_message_that_comes_back_is_handed_out_before_those_sent_after_it():
    orders, _ = one_in_flight()
    orders.send("order-2", at(1))
    assert receive(orders, DEFAULT) == ["order-1", "order-2"]


def test_a_receive_hands_out_at_most_what_was_asked_for_in_order_of_arrival():
    orders = queue()
    for number in range(12):
        orders.send(f"order-{number}", at(0))
    assert receive(orders, 1, limit=10) == [f"order-{number}" for number in range(10)]
    assert receive(orders, 1, limit=10) == ["order-10", "order-11"]


def test_first_and_latest_receive_are_remembered():
    orders, _ = one_in_flight()
    (message,) = orders.receive(at(DEFAULT + 1)).messages
    assert (message.sent, message.first_received, message.received) == (0, 0, at(DEFAULT + 1))
    assert message.receives == 2


# Delete


def test_the_latest_receipt_deletes_the_message():
    orders, receipt = one_in_flight()
    assert orders.delete(receipt, at(1)).effect is Effect.DELETED
    assert orders.stored() == []
    assert receive(orders, DEFAULT) == []


def test_a_second_delete_succeeds_and_does_nothing():
    orders, receipt = one_in_flight()
    orders.delete(receipt, at(1))
    answered = orders.delete(receipt, at(2))
    assert (answered.message, answered.changes) == (None, [])
    assert orders.totals["deleted"] == 1


def test_the_receipt_of_a_lapsed_delivery_still_deletes_while_nobody_received_again():
    orders, receipt = one_in_flight()
    assert told(orders.delete(receipt, at(DEFAULT + 1)).changes) == [
        (DEFAULT, "order-1", "in flight", "visible"),
        (DEFAULT + 1, "order-1", "visible", "deleted"),
    ]


def test_a_superseded_receipt_succeeds_and_the_message_stays():
    orders, stale = one_in_flight()
    orders.receive(at(DEFAULT))
    answered = orders.delete(stale, at(DEFAULT + 1))
    assert answered.effect is Effect.OLD_RECEIPT
    assert [message.state for message in orders.stored()] == ["in flight"]


def test_a_receipt_is_refused_12_hours_after_its_receive():
    orders, receipt = one_in_flight()
    with pytest.raises(Refused, match="The receipt handle has expired") as refused:
        orders.delete(receipt, at(LONGEST) + 1)
    assert refused.value.code == "InvalidParameterValue"
    assert orders.delete(orders.receive(at(LONGEST) + 1).messages[0].receipt, at(LONGEST) + 1).effect is Effect.DELETED


def test_a_receipt_still_deletes_at_exactly_12_hours():
    orders, receipt = one_in_flight()
    assert orders.delete(receipt, at(LONGEST)).effect is Effect.DELETED


# ChangeMessageVisibility


def test_a_change_counts_from_the_call_and_does_not_add_up():
    orders, receipt = one_in_flight()
    orders.change_visibility(receipt, 40, at(10))
    assert receive(orders, 49.999999) == []
    assert receive(orders, 50) == ["order-1"]


def test_a_change_may_shorten_the_timeout():
    orders, receipt = one_in_flight()
    orders.change_visibility(receipt, 2, at(10))
    assert receive(orders, 12) == ["order-1"]


def test_a_change_to_zero_shows_the_message_at_once_and_the_next_receive_hides_it_for_the_queues_timeout():
    orders, receipt = one_in_flight()
    assert told(orders.change_visibility(receipt, 0, at(10)).changes) == [(10, "order-1", "in flight", "visible")]
    assert receive(orders, 10) == ["order-1"]
    assert receive(orders, 10 + DEFAULT - 0.000001) == []
    assert receive(orders, 10 + DEFAULT) == ["order-1"]


def test_heartbeats_keep_a_message_hidden_with_one_receipt():
    orders, receipt = one_in_flight(visibility_timeout=2)
    for second in range(1, 90):
        orders.change_visibility(receipt, 2, at(second))
    assert receive(orders, 90) == []
    assert orders.delete(receipt, at(90)).effect is Effect.DELETED


def test_a_change_after_the_timeout_ended_succeeds_and_the_message_stays_visible():
    orders, receipt = one_in_flight()
    answered = orders.change_visibility(receipt, 600, at(DEFAULT))
    assert answered.effect is Effect.TIMEOUT_HAD_ENDED
    assert receive(orders, DEFAULT) == ["order-1"]


def test_a_change_by_a_superseded_receipt_acts_on_the_message_as_seen_on_aws_in_2021():
    """Open: AWS's pages say to use the latest handle; getmoto/moto#4655 saw the older one act."""
    orders, stale = one_in_flight()
    orders.receive(at(DEFAULT))
    orders.change_visibility(stale, 100, at(DEFAULT + 1))
    assert receive(orders, 2 * DEFAULT) == []
    assert receive(orders, DEFAULT + 101) == ["order-1"]


def test_a_change_on_a_deleted_message_is_refused():
    orders, receipt = one_in_flight()
    orders.delete(receipt, at(1))
    with pytest.raises(Refused, match="Message does not exist or is not available") as refused:
        orders.change_visibility(receipt, 10, at(2))
    assert refused.value.code == "InvalidParameterValue"


@pytest.mark.parametrize(("second", "most"), [(0, LONGEST), (1, LONGEST - 1), (29, LONGEST - 29)])
def test_a_message_is_hidden_for_at_most_12_hours_from_its_receive(second, most):
    orders, receipt = one_in_flight()
    with pytest.raises(Refused, match="beyond the limit") as refused:
        orders.change_visibility(receipt, most + 1, at(second))
    assert refused.value.code == "InvalidParameterValue"
    orders.change_visibility(receipt, most, at(second))
    assert receive(orders, LONGEST - 0.000001) == []
    assert receive(orders, LONGEST) == ["order-1"]


def test_the_12_hours_count_from_the_receive_not_from_the_send():
    orders = queue()
    orders.send("order-1", at(0))
    (message,) = orders.receive(at(13 * HOUR)).messages
    orders.change_visibility(message.receipt, LONGEST, at(13 * HOUR))
    assert receive(orders, 13 * HOUR + LONGEST - 1) == []


def test_a_receipt_of_a_message_that_never_was_finds_nothing():
    orders = queue()
    assert orders.delete(Receipt(5, 1), at(0)).message is None
    with pytest.raises(Refused):
        orders.change_visibility(Receipt(5, 1), 10, at(0))
