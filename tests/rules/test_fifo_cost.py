"""The work of a FIFO queue's call grows neither with its stored messages nor with its groups."""

from itertools import count
from time import process_time

import pytest

from tests.rules.fifo_queues import fifo
from tests.rules.queues import at

GROUPS = (1, 1_000)


def filled(depth, groups):
    """A queue of this many messages, and a function that sends, receives and deletes so many more."""
    orders, numbers = fifo(), count()

    def send():
        number = next(numbers)
        orders.send("order", at(0), group=f"group-{number % groups}", deduplication=f"id-{number}")

    def play(rounds):
        for _ in range(rounds):
            send()
            (message,) = orders.receive(at(0)).messages
            orders.delete(message.receipt, at(0))

    for _ in range(depth):
        send()
    return orders, play


@pytest.mark.parametrize("groups", GROUPS)
@pytest.mark.parametrize("depth", [10, 5_000])
def test_the_lines_of_groups_are_looked_at_a_few_times_at_any_depth(monkeypatch, depth, groups):
    from labkit.rules.groups import Groups

    orders, play = filled(depth, groups)
    looks, look = [], Groups._first
    monkeypatch.setattr(Groups, "_first", lambda line, message: looks.append(1) or look(line, message))
    play(200)
    assert len(looks) < 10 * 200
    assert len(orders.stored()) == depth


def test_messages_that_come_back_again_and_again_leave_nothing_behind():
    orders, _ = filled(20, 5)
    for turn in range(500):
        assert len(orders.receive(at(31 * turn), 10).messages) == 10
    assert len(orders._groups._open) < 200
    assert len(orders._timers) < 200


def test_messages_that_expire_unread_leave_nothing_behind():
    orders = fifo(message_retention_period=60)
    for second in range(3_000):
        orders.send("order", at(second), group=f"group-{second}", deduplication=str(second))
    assert len(orders._groups._lines) == 60
    assert len(orders._groups._open) < 300


@pytest.mark.slow
@pytest.mark.parametrize("groups", GROUPS)
def test_a_message_costs_the_same_at_depth_10_and_100_000(groups):
    def cost(depth):
        _, play = filled(depth, groups)
        began = process_time()
        play(2_000)
        return process_time() - began

    assert min(cost(100_000) for _ in range(3)) < 1.7 * min(cost(10) for _ in range(3))
