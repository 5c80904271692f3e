"""Receipt handles that end, receives that can be repeated, and calls that are too many."""

import pytest

from labkit.causes import Effect
from labkit.rules import Refused
from tests.rules.fifo_queues import fifo, receive, send, take
from tests.rules.queues import at, bodies

EXPIRED = "InvalidParameterValue: Value {handle} for parameter ReceiptHandle is invalid. Reason: "


def first_receipt(orders, timeout=None):
    send(orders, "a1")
    return take(orders, timeout=timeout)["a1"].receipt


def test_a_delete_after_the_visibility_timeout_is_refused_and_the_message_stays():
    orders = fifo()
    receipt = first_receipt(orders)
    with pytest.raises(Refused) as refused:
        orders.delete(receipt, at(30))
    assert str(refused.value) == EXPIRED + "The receipt handle has expired."
    assert receive(orders, 30) == ["a1"]


def test_a_delete_within_an_extended_timeout_deletes():
    orders = fifo()
    receipt = first_receipt(orders)
    orders.change_visibility(receipt, 60, at(20))
    assert orders.delete(receipt, at(79)).effect is Effect.DELETED
    assert orders.stored() == []


def test_a_handle_of_a_receive_with_timeout_zero_has_expired_at_once():
    orders = fifo()
    with pytest.raises(Refused, match="expired"):
        orders.delete(first_receipt(orders, timeout=0), at(0))


def test_an_earlier_handle_neither_deletes_nor_extends_what_another_holds():
    orders = fifo()
    earlier = first_receipt(orders)
    take(orders, 31)
    with pytest.raises(Refused, match="The receipt handle has expired"):
        orders.delete(earlier, at(32))
    with pytest.raises(Refused, match="not available for visibility timeout change"):
        orders.change_visibility(earlier, 600, at(32))
    assert receive(orders, 61) == ["a1"]


def test_deleting_a_second_time_succeeds():
    orders = fifo()
    receipt = first_receipt(orders)
    orders.delete(receipt, at(1))
    assert orders.delete(receipt, at(2)).effect is Effect.NOTHING_TO_DELETE


def attempt(orders, seconds, id="try-1", limit=10):
    return orders.receive(at(seconds), limit, attempt=id).messages


def test_the_same_attempt_brings_the_same_messages_and_receipts_hidden_anew():
    orders = fifo()
    send(orders, "a1", "a2", "b1")
    first = [(message.body, message.receipt) for message in attempt(orders, 0)]
    again = [(message.body, message.receipt) for message in attempt(orders, 20)]
    assert again == first
    assert receive(orders, 49) == []
    assert receive(orders, 50) == ["a1", "a2", "b1"]


def test_another_attempt_and_none_bring_nothing_of_a_blocked_group():
    orders = fifo()
    send(orders, "a1")
    attempt(orders, 0)
    assert attempt(orders, 1, "try-2") == []
    assert receive(orders, 1) == []


@pytest.mark.parametrize("how", ["deleted", "changed", "became visible", "older than 5 minutes"])
def test_an_attempt_ends_with_any_change_to_its_messages_and_after_five_minutes(how):
    orders = fifo(visibility_timeout=3_600)
    send(orders, "a1", "a2", "b1")
    held = {message.body: message for message in attempt(orders, 0, limit=2)}
    seconds = 10
    if how == "deleted":
        orders.delete(held["a1"].receipt, at(1))
    elif how == "changed":
        orders.change_visibility(held["a1"].receipt, 60, at(1))
    elif how == "became visible":
        orders.change_visibility(held["a2"].receipt, 0, at(1))
    else:
        seconds = 300
    assert bodies(orders.receive(at(seconds), 2, attempt="try-1")) == ["b1"]


def test_an_attempt_that_brought_nothing_is_no_attempt():
    orders = fifo()
    assert attempt(orders, 0) == []
    send(orders, "a1", seconds=1)
    assert [message.body for message in attempt(orders, 1)] == ["a1"]


def admitted(orders, calls, action="send_message", groups=("a",), seconds=0.0):
    for number in range(calls):
        try:
            orders.admit(action, groups, at(seconds))
        except Refused as refused:
            return number if refused.code == "ThrottlingException" else refused
    return calls


def test_three_hundred_calls_a_second_of_each_action_and_none_more():
    orders = fifo()
    assert admitted(orders, 400) == 300
    assert admitted(orders, 400, "receive_message", ()) == 300
    assert admitted(orders, 400, seconds=0.999) == 0
    assert admitted(orders, 400, seconds=1.0) == 300


def test_no_second_holds_more_wherever_it_begins():
    orders = fifo()
    assert admitted(orders, 150, seconds=0.0) == 150
    assert admitted(orders, 400, seconds=0.5) == 150
    assert admitted(orders, 400, seconds=1.0) == 150


def test_high_throughput_has_the_regions_quota_and_300_calls_for_each_group():
    orders = fifo(
        deduplication_scope="messageGroup", fifo_throughput_limit="perMessageGroupId", region="ap-northeast-2"
    )
    assert admitted(orders, 400, groups=("a",)) == 300
    assert admitted(orders, 400, groups=("b", "a")) == 0
    assert sum(admitted(orders, 300, groups=(f"group-{number}",)) for number in range(10)) == 2_400 - 300


def test_the_scope_of_groups_alone_makes_no_high_throughput():
    orders = fifo(deduplication_scope="messageGroup")
    assert sum(admitted(orders, 100, groups=(str(number),)) for number in range(10)) == 300


def test_throughput_keeps_no_count_of_groups_that_are_silent():
    orders = fifo(deduplication_scope="messageGroup", fifo_throughput_limit="perMessageGroupId")
    for number in range(5_000):
        orders.admit("send_message", [f"group-{number}"], at(number))
    assert len(orders._throughput._counted) < 300
