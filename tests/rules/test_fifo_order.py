"""Order in a group, and which group comes next. The stories with three groups are those recorded on AWS by the tests
of a public emulator (test_fifo_receive_message_..., test_fifo_message_group_visibility_...)."""

from itertools import pairwise

import pytest

from tests.rules.fifo_queues import fifo, receive, send, take
from tests.rules.queues import at


def test_as_many_as_possible_of_one_group_come_first_then_those_of_the_next():
    orders = fifo()
    send(orders, "a1", "b1", "a2", "a3")
    assert receive(orders) == ["a1", "a2", "a3", "b1"]


def test_a_receive_for_fewer_leaves_the_rest_of_its_group_blocked():
    orders = fifo()
    send(orders, "a1", "a2", "b1")
    assert receive(orders, limit=1) == ["a1"]
    assert receive(orders) == ["b1"]
    assert receive(orders) == []


def test_at_most_ten_of_a_group_come_in_one_receive():
    orders = fifo()
    send(orders, *(f"a{number:02}" for number in range(12)))
    assert receive(orders) == [f"a{number:02}" for number in range(10)]
    assert receive(orders) == []


def test_a_group_resumes_from_its_head_after_the_visibility_timeout():
    orders = fifo()
    send(orders, "a0", "a1", "a2")
    assert receive(orders, 0) == receive(orders, 31) == ["a0", "a1", "a2"]


def test_after_a_timeout_a_group_lines_up_behind_one_that_waited():
    orders = fifo(visibility_timeout=1)
    send(orders, "a1", "a2", "a3", "a4", "b1", "c1")
    assert receive(orders, limit=2) == ["a1", "a2"]
    assert receive(orders, limit=1) == ["b1"]
    assert receive(orders, 2) == ["c1", "a1", "a2", "a3", "a4", "b1"]


def test_a_receive_with_timeout_zero_lines_its_groups_up_anew():
    orders = fifo()
    send(orders, "a1", "b1", "b2", "c1", "a2")
    assert receive(orders, limit=3, timeout=0) == ["a1", "a2", "b1"]
    assert receive(orders, timeout=0) == ["c1", "a1", "a2", "b1", "b2"]


@pytest.mark.parametrize("timeout", [0, 1])
def test_a_group_is_open_as_soon_as_its_head_is_visible_up_to_the_first_that_is_not(timeout):
    orders = fifo()
    send(orders, "a1", "a2", "b1")
    got = take(orders, limit=2)
    orders.change_visibility(got["a1"].receipt, timeout, at(0))
    assert receive(orders, 2, limit=3) == ["b1", "a1"]


@pytest.mark.parametrize(("extended", "expected"), [("a0", []), ("a1", ["a0"]), ("a2", ["a0", "a1"])])
def test_an_extended_message_holds_back_itself_and_what_follows_it(extended, expected):
    orders = fifo(visibility_timeout=1)
    send(orders, "a0", "a1", "a2")
    orders.change_visibility(take(orders)[extended].receipt, 4, at(0))
    assert receive(orders, 2) == expected


def test_a_group_goes_on_when_all_that_it_handed_out_are_deleted():
    orders = fifo()
    send(orders, "a1", "b1", "a2", "b2", "a3", "a4", "c1")
    for message in take(orders, limit=2).values():
        orders.delete(message.receipt, at(0))
    assert receive(orders) == ["b1", "b2", "a3", "a4", "c1"]


def test_a_group_stays_blocked_while_one_of_what_it_handed_out_is_left():
    orders = fifo()
    send(orders, "a1", "b1", "a2", "b2", "a3", "a4", "c1")
    orders.delete(take(orders, limit=2)["a1"].receipt, at(0))
    assert receive(orders) == ["b1", "b2", "c1"]


def test_a_message_sent_to_a_blocked_group_waits_and_an_emptied_group_opens_again():
    orders = fifo()
    send(orders, "a1")
    first = take(orders)["a1"]
    send(orders, "a2")
    assert receive(orders) == []
    orders.delete(first.receipt, at(0))
    assert receive(orders) == ["a2"]


def test_a_blocked_group_opens_when_the_retention_of_its_head_in_flight_ends():
    orders = fifo(message_retention_period=60)
    send(orders, "a1")
    orders.receive(at(0), timeout=600)
    send(orders, "a2", seconds=30)
    assert orders.next_visible(at(30)) == at(60)
    assert receive(orders, 60) == ["a2"]


def test_messages_of_a_delayed_queue_come_in_order_when_their_delay_ends():
    orders = fifo(delay_seconds=2)
    send(orders, "a1", "a2", "a3")
    assert receive(orders, 1) == []
    assert receive(orders, 3) == ["a1", "a2", "a3"]


def test_a_shorter_delay_set_later_acts_on_what_is_delayed_already_and_nothing_overtakes():
    orders = fifo(delay_seconds=100)
    send(orders, "a1")
    orders.settings.delay_seconds = 10
    send(orders, "a2", seconds=5)
    assert receive(orders, 9) == []
    assert receive(orders, 10) == ["a1"]
    assert orders.next_event(at(10)) == at(15)


def test_a_longer_delay_set_later_holds_what_is_delayed_still():
    orders = fifo(delay_seconds=10)
    send(orders, "a1")
    orders.settings.delay_seconds = 100
    orders.settle(at(5))
    assert receive(orders, 99) == []
    assert receive(orders, 100) == ["a1"]


def test_a_group_beyond_the_first_messages_is_not_found_until_the_backlog_goes():
    orders = fifo(look_ahead=5)
    send(orders, "a1", "a2", "a3", "a4", "a5", "b1")
    held = take(orders, limit=1)["a1"]
    assert receive(orders) == []
    orders.delete(held.receipt, at(0))
    assert receive(orders, limit=4) == ["a2", "a3", "a4", "a5"]
    assert receive(orders) == ["b1"]


def test_at_the_in_flight_limit_a_receive_is_empty_and_no_error():
    orders = fifo(in_flight_limit=2)
    send(orders, "a1", "b1", "c1")
    assert receive(orders) == ["a1", "b1"]
    assert receive(orders) == []
    assert orders.next_visible(at(0)) == at(30)


def test_a_message_moved_to_the_dead_letter_queue_lets_its_group_go_on():
    dead = fifo(name="dead.fifo", message_retention_period=100)
    orders = fifo(max_receive_count=1, dead_letter_queue=dead, message_retention_period=100)
    send(orders, "a1", "a2")
    receive(orders, limit=1, timeout=10)
    assert receive(orders, 90) == ["a2"]
    (moved,) = dead.stored()
    assert (moved.body, moved.group, moved.sent) == ("a1", "a", at(90))
    assert dead.next_event(at(90)) == at(190)
    assert receive(dead, 100) == ["a1"]


def test_a_long_poll_moves_what_is_exhausted_without_handing_anything_out():
    dead = fifo(name="dead.fifo")
    orders = fifo(max_receive_count=1, dead_letter_queue=dead)
    send(orders, "a1", "a2")
    receive(orders, limit=1, timeout=0)
    orders.move_exhausted(at(1))
    assert [message.body for message in dead.stored()] == ["a1"]
    assert receive(orders, 1) == ["a2"]


def test_a_message_that_comes_back_from_the_dead_letter_queue_goes_to_the_end_of_its_group():
    orders = fifo()
    dead = fifo(name="dead.fifo")
    send(orders, "a1", "a2")
    (moved,) = send(dead, "a3")
    dead._remove(moved, at(1), "dead-lettered", "moved back")
    orders.accept(moved, at(1), "dead.fifo")
    assert receive(orders, 1) == ["a1", "a2", "a3"]


def test_sequence_numbers_have_twenty_digits_and_grow():
    orders = fifo()
    numbers = [str(message.sequence) for message in send(orders, *(f"{group}{n}" for n in range(9) for group in "ab"))]
    assert {len(number) for number in numbers} == {20}
    assert numbers == sorted(numbers)
    assert len({int(later) - int(earlier) for earlier, later in pairwise(numbers)}) > 1


def test_other_receives_do_not_change_a_sequence_number():
    looked, untouched = fifo(), fifo()
    for orders in (looked, untouched):
        send(orders, "a1")
    receive(looked)
    assert send(looked, "a2")[0].sequence == send(untouched, "a2")[0].sequence
