"""The work of a call does not grow with the number of stored messages."""

from time import process_time

import pytest

from labkit.rules import MoveTask, Receipt
from tests.rules.queues import at, queue

HEAPS = ("heappush", "heappop", "heapify", "heapreplace")


@pytest.fixture
def heap_operations(monkeypatch):
    """Counts calls of heap functions inside the rules; heapify counts as many as it orders."""
    from labkit.rules import fair_line, line, queue, storage, tenants

    counted = {"operations": 0}

    def counting(function, weight):
        def count(heap, *more):
            counted["operations"] += weight(heap)
            return function(heap, *more)

        return count

    for module in (fair_line, line, queue, storage, tenants):
        for name in HEAPS:
            if hasattr(module, name):
                weight = len if name == "heapify" else lambda heap: 1
                monkeypatch.setattr(module, name, counting(getattr(module, name), weight))
    return counted


@pytest.mark.parametrize("depth", [10, 1_000, 20_000])
def test_a_send_receive_and_delete_need_a_few_heap_operations_at_any_depth(heap_operations, depth):
    orders = queue()
    for _ in range(depth):
        orders.send("order", at(0))
    heap_operations["operations"] = 0
    rounds = 200
    for turn in range(rounds):
        orders.send("order", at(turn))
        (message,) = orders.receive(at(turn)).messages
        orders.delete(message.receipt, at(turn))
    assert heap_operations["operations"] / rounds < 5


@pytest.mark.parametrize("tenants", [2, 100, 5_000])
def test_a_fair_queue_needs_a_few_heap_operations_for_any_number_of_tenants(heap_operations, tenants):
    orders = queue()
    for number in range(5_000):
        orders.send("order", at(0), group="noisy")
        orders.send("order", at(0), group=f"tenant {number % tenants}")
    for _ in range(10):
        orders.receive(at(0), 10)
    heap_operations["operations"] = 0
    rounds = 200
    for turn in range(rounds):
        orders.send("order", at(turn), group=f"tenant {turn % tenants}")
        orders.send("order", at(turn), group="noisy")
        for message in orders.receive(at(turn), 2).messages:
            orders.delete(message.receipt, at(turn))
    assert heap_operations["operations"] / rounds < 25


def test_tenants_that_come_and_go_leave_nothing_behind():
    orders = queue(visibility_timeout=1)
    for number in range(3_000):
        orders.send("order", at(number), group=f"tenant {number}")
        orders.delete(orders.receive(at(number)).messages[0].receipt, at(number + 0.5))
    (line,) = orders._lines
    assert len(line._heads) + len(line._of) + len(line._parked) < 200
    assert len(orders._tenants.all()) + len(orders._tenants._crowds) < 50


def test_messages_that_come_back_again_and_again_leave_nothing_behind():
    orders = queue(visibility_timeout=1)
    for number in range(10):
        orders.send(f"order-{number}", at(0))
    for turn in range(2_000):
        assert len(orders.receive(at(2 * turn), 10).messages) == 10
    kept = len(orders._timers) + sum(len(line._fresh) + len(line._others) for line in orders._lines)
    assert kept < 200


def test_a_queue_that_nobody_receives_from_keeps_only_what_has_not_expired():
    orders = queue(message_retention_period=60)
    for second in range(3_000):
        orders.send("order", at(second))
    assert len(orders.stored()) == 60
    assert sum(len(line._fresh) + len(line._others) for line in orders._lines) == 60


def test_one_message_that_stays_does_not_hold_back_what_is_forgotten():
    orders = queue()
    orders.send("kept", at(0))
    orders.receive(at(0), timeout=43_200)
    for _ in range(2_000):
        orders.send("order", at(1))
        orders.delete(orders.receive(at(1)).messages[0].receipt, at(1))
    assert len(orders._timers) < 100


@pytest.mark.slow
def test_a_message_costs_the_same_at_depth_10_and_100_000():
    def cost(depth):
        orders = queue()
        for _ in range(depth):
            orders.send("order", at(0))
        began = process_time()
        for turn in range(2_000):
            orders.send("order", at(turn / 1000))
            (message,) = orders.receive(at(turn / 1000)).messages
            orders.delete(Receipt(message.number, message.receives), at(turn / 1000))
        return process_time() - began

    assert min(cost(100_000) for _ in range(5)) < 1.5 * min(cost(10) for _ in range(5))


@pytest.mark.parametrize("depth", [10, 1_000, 20_000])
def test_a_moved_message_needs_a_few_heap_operations_at_any_depth(heap_operations, depth):
    dead, orders = queue(name="dead-orders"), queue()
    for _ in range(depth):
        dead.send("order", at(0))
        orders.send("order", at(0))
    task = MoveTask(lambda: dead, lambda message: orders, at(0))
    heap_operations["operations"] = 0
    task.settle(at(1))
    assert task.moved == min(depth, 500)
    assert heap_operations["operations"] / task.moved < 5
