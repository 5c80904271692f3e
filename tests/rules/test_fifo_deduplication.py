"""What a FIFO queue takes for a duplicate, for how long, and what it answers."""

from hashlib import sha256

import pytest

from labkit.causes import Effect
from labkit.rules import Refused
from tests.rules.fifo_queues import fifo, receive, take
from tests.rules.queues import HOUR, at

MINUTE = 60


def send(orders, body="order-1", seconds=0, group="a", **more):
    return orders.send(body, at(seconds), group=group, **more)


def test_a_duplicate_is_answered_with_the_first_message_and_stored_no_second_time():
    orders = fifo()
    first, second = send(orders), send(orders, seconds=3)
    assert second.message is first.message
    assert second.changes == []
    assert second.effect is Effect.DUPLICATE
    assert receive(orders, 3) == ["order-1"]
    assert orders.totals["sent"] == 1


def test_an_id_is_remembered_after_the_message_was_received_and_deleted():
    orders = fifo()
    send(orders)
    orders.delete(take(orders)["order-1"].receipt, at(1))
    send(orders, seconds=299)
    assert receive(orders, 299) == []


def test_five_minutes_after_the_first_send_the_same_is_a_new_message():
    orders = fifo()
    send(orders)
    send(orders, seconds=2 * MINUTE)
    orders.delete(take(orders)["order-1"].receipt, at(1))
    assert send(orders, seconds=5 * MINUTE).effect is None
    assert receive(orders, 5 * MINUTE) == ["order-1"]
    assert send(orders, seconds=9 * MINUTE).effect is Effect.DUPLICATE


def test_the_id_counts_not_the_body_and_the_given_id_goes_before_the_bodys():
    orders = fifo()
    send(orders, "order-1", deduplication="one")
    send(orders, "order-2", deduplication="one")
    send(orders, "order-1", deduplication="two")
    assert receive(orders) == ["order-1", "order-1"]


def test_the_bodys_sha_256_given_as_an_id_is_the_same_id():
    orders = fifo()
    first = send(orders).message
    assert first.deduplication == sha256(b"order-1").hexdigest()
    assert send(orders, "other", deduplication=first.deduplication).message is first


def test_attributes_make_no_difference():
    orders = fifo()
    first = send(orders, attributes={"kind": {"DataType": "String", "StringValue": "book"}}).message
    assert send(orders, attributes={}).message is first


@pytest.mark.parametrize(("scope", "expected"), [("queue", ["order-1"]), ("messageGroup", ["order-1", "order-1"])])
def test_the_scope_tells_whether_the_same_id_in_two_groups_is_a_duplicate(scope, expected):
    orders = fifo(deduplication_scope=scope)
    send(orders, group="a")
    send(orders, group="b")
    assert receive(orders) == expected


@pytest.mark.parametrize(("before", "after"), [("queue", "messageGroup"), ("messageGroup", "queue")])
def test_a_changed_scope_acts_a_minute_later(before, after):
    """Right after the change AWS was recorded to go on as before; attributes take up to 60 seconds to spread."""
    orders = fifo(deduplication_scope=before)
    send(orders, group="a")
    orders.settings.deduplication_scope = after
    orders.settle(at(10))
    as_before, changed = send(orders, seconds=69, group="b").effect, send(orders, seconds=71, group="c").effect
    assert bool(as_before) == (before == "queue")
    assert bool(changed) == (after == "queue")


def test_after_a_change_to_groups_the_groups_own_ids_are_still_known():
    orders = fifo()
    send(orders, group="a")
    orders.settings.deduplication_scope = "messageGroup"
    orders.settle(at(1))
    assert send(orders, seconds=100, group="a").effect is Effect.DUPLICATE


def test_a_purge_forgets_the_ids():
    orders = fifo()
    send(orders)
    orders.purge(at(1))
    send(orders, seconds=2)
    assert receive(orders, 2) == ["order-1"]


def test_a_message_without_group_or_without_id_is_refused():
    with pytest.raises(Refused, match=r"MissingParameter: The request must contain the parameter MessageGroupId\."):
        fifo().send("order-1", at(0))
    with pytest.raises(Refused, match="InvalidParameterValue: The queue should either have ContentBasedDeduplication"):
        send(fifo(content_based_deduplication=False))


def test_a_messages_own_delay_is_refused_and_zero_means_the_queues():
    orders = fifo(delay_seconds=2)
    with pytest.raises(Refused, match="Value 2 for parameter DelaySeconds is invalid"):
        send(orders, delay=2)
    assert send(orders, delay=0).message.state == "delayed"


def test_ids_are_forgotten_so_that_a_queue_of_a_day_keeps_those_of_five_minutes():
    orders = fifo()
    for second in range(0, 24 * HOUR, MINUTE):
        message = send(orders, f"order-{second}", second, group=str(second)).message
        orders.receive(at(second))
        orders.delete(message.receipt, at(second))
    assert len(orders._deduplication._accepted) == 5
    assert len(orders._deduplication._by_age) == 5
    assert len(orders._groups._lines) == 0
