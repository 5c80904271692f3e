"""The dead-letter queue, and the back of the queue for messages received often."""

from labkit.rules import Settings, StandardQueue
from tests.rules.queues import at, queue, receive, told


def source_and_target(receives, **target_settings):
    dead = queue(name="dead-orders", **target_settings)
    return queue(max_receive_count=receives, dead_letter_queue=dead), dead


def receive_times(orders, times):
    for _ in range(times):
        (message,) = orders.receive(at(0), timeout=1).messages
        orders.change_visibility(message.receipt, 0, at(0))


def test_a_message_moves_at_the_receive_after_the_last_one_allowed():
    orders, dead = source_and_target(2)
    orders.send("order-1", at(0))
    receive_times(orders, 2)
    assert dead.stored() == []
    got = orders.receive(at(1))
    assert got.messages == []
    assert told(got.changes) == [
        (1, "order-1", "visible", "dead-lettered"),
        (1, "order-1", "dead-lettered", "visible"),
    ]
    assert [change.queue for change in got.changes] == ["orders", "dead-orders"]
    assert receive(dead, 1) == ["order-1"]


def test_the_receive_that_moves_one_message_hands_out_the_next():
    orders, dead = source_and_target(1)
    orders.send("bad", at(0))
    receive_times(orders, 1)
    orders.send("good", at(0))
    assert receive(orders, 1) == ["good"]
    assert [message.body for message in dead.stored()] == ["bad"]


def test_a_moved_message_keeps_id_send_time_attributes_and_goes_on_counting():
    orders, dead = source_and_target(1)
    sent = orders.send("order-1", at(0)).message
    sent.attributes, identity = {"kind": {"DataType": "String", "StringValue": "book"}}, sent.id
    receive_times(orders, 1)
    orders.receive(at(5))
    (moved,) = dead.receive(at(6)).messages
    assert (moved.id, moved.sent, moved.receives) == (identity, at(0), 2)
    assert moved.attributes == {"kind": {"DataType": "String", "StringValue": "book"}}


def test_retention_in_the_dead_letter_queue_counts_from_the_original_send():
    orders, dead = source_and_target(1, message_retention_period=100)
    orders.send("order-1", at(0))
    receive_times(orders, 1)
    orders.receive(at(90))
    dead.send("sent here", at(95))
    assert told(dead.settle(at(150))) == [(100, "order-1", "visible", "expired")]
    assert dead.next_event(at(150)) == at(195)


def test_an_old_message_that_moves_in_late_expires_at_the_move():
    orders, dead = source_and_target(1, message_retention_period=60)
    orders.send("order-1", at(0))
    receive_times(orders, 1)
    orders.receive(at(90))
    assert told(dead.settle(at(91))) == [(90, "order-1", "visible", "expired")]


def test_without_a_dead_letter_queue_a_message_is_received_for_ever():
    orders = StandardQueue("orders", Settings(max_receive_count=1, dead_letter_queue=None))
    orders.send("order-1", at(0))
    receive_times(orders, 50)
    assert receive(orders, 1) == ["order-1"]


def test_a_lowered_count_acts_on_the_next_receive():
    orders, dead = source_and_target(10)
    orders.send("order-1", at(0))
    receive_times(orders, 3)
    orders.settings.max_receive_count = 3
    assert receive(orders, 1) == []
    assert len(dead.stored()) == 1


def test_what_a_long_poll_finds_exhausted_moves_and_is_not_called_visible():
    orders, dead = source_and_target(1)
    orders.send("bad", at(0))
    receive_times(orders, 1)
    assert orders.next_visible(at(1)) == at(1)
    assert [change.after for change in orders.move_exhausted(at(1))] == ["dead-lettered", "visible"]
    assert orders.next_visible(at(1)) is None
    assert len(dead.stored()) == 1


def test_move_exhausted_leaves_a_message_that_may_still_be_received():
    orders, _ = source_and_target(2)
    orders.send("order-1", at(0))
    receive_times(orders, 1)
    assert orders.move_exhausted(at(1)) == []
    assert receive(orders, 1) == ["order-1"]


def test_after_three_receives_a_message_goes_to_the_back_when_more_than_three_are_allowed():
    orders, _ = source_and_target(5)
    orders.send("often", at(0))
    receive_times(orders, 2)
    orders.send("second", at(0))
    assert receive(orders, 1, limit=1, timeout=1) == ["often"]
    assert receive(orders, 2) == ["second", "often"]


def test_with_at_most_three_receives_allowed_a_message_keeps_its_place():
    orders, _ = source_and_target(3)
    orders.send("often", at(0))
    receive_times(orders, 2)
    orders.send("second", at(0))
    assert receive(orders, 1, limit=1, timeout=1) == ["often"]
    assert receive(orders, 2) == ["second"]


def test_totals_tell_where_every_message_went():
    orders, dead = source_and_target(1)
    orders.send("order-1", at(0))
    receive_times(orders, 1)
    orders.receive(at(1))
    nothing = {"sent": 0, "redriven in": 0, "deleted": 0, "expired": 0, "purged": 0, "redriven out": 0}
    assert orders.totals == nothing | {"sent": 1, "redriven out": 1}
    assert dead.totals == nothing | {"redriven in": 1}
