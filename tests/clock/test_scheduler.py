"""The event queue alone: who wakes when, without AWS."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.clock.scheduler import Scheduler

SECOND = 1_000_000


@given(st.lists(st.lists(st.integers(0, 5), max_size=6), min_size=1, max_size=6))
def test_actors_wake_in_order_of_time_then_of_beginning_to_wait(pauses):
    """For any actors with any pauses: time never goes back, and at one instant first come is first served."""
    scheduler, log, tickets = Scheduler(0), [], iter(range(10**6))

    def worker(own):
        for pause in own:
            due, ticket = scheduler.now + pause, next(tickets)
            scheduler.sleep(pause)
            log.append((scheduler.now, ticket))
            assert scheduler.now == due

    for own in pauses:
        scheduler.start(worker, (own,), "worker")
    scheduler.run(None)
    assert log == sorted(log)
    assert len(log) == sum(map(len, pauses))
    assert scheduler.actors == []


def test_who_waits_for_a_topic_wakes_when_it_is_notified_or_at_the_end_of_the_wait():
    """In the order in which they began to wait; other topics do not wake them."""
    scheduler, log = Scheduler(0), []

    def waiting(name, topic):
        scheduler.wait(topic, 60 * SECOND)
        log.append((name, scheduler.now))

    def notifying():
        scheduler.sleep(5 * SECOND)
        scheduler.notify("orders")

    for name, topic in (("A", "orders"), ("B", "payments"), ("C", "orders")):
        scheduler.start(waiting, (name, topic), name)
    scheduler.start(notifying, (), "shop")
    scheduler.run(None)
    assert log == [("A", 5 * SECOND), ("C", 5 * SECOND), ("B", 60 * SECOND)]


def test_a_notification_before_the_wait_does_not_count():
    """Only what happens while one waits wakes one."""
    scheduler = Scheduler(0)
    scheduler.notify("orders")
    scheduler.wait("orders", 3 * SECOND)
    assert scheduler.now == 3 * SECOND


def test_an_error_in_one_leaves_the_others_suspended_and_the_order_intact():
    """The next run goes on where this one stopped."""
    scheduler, log = Scheduler(0), []

    def failing():
        scheduler.sleep(2)
        raise ZeroDivisionError

    def steady():
        for _ in range(4):
            scheduler.sleep(1)
            log.append(scheduler.now)

    scheduler.start(steady, (), "steady")
    scheduler.start(failing, (), "failing")
    with pytest.raises(ZeroDivisionError):
        scheduler.run(None)
    assert scheduler.now == 2
    scheduler.run(None)
    assert log == [1, 2, 3, 4]


def test_ten_thousand_wakes_cost_no_more_each_than_a_hundred():
    """The event queue is a heap: the ratio of the costs is bounded, measured in one run."""
    from time import process_time

    def cost(actors, wakes):
        scheduler = Scheduler(0)
        for number in range(actors):
            scheduler.start(lambda number=number: [scheduler.sleep(1 + number % 7) for _ in range(wakes)], (), "worker")
        began = process_time()
        scheduler.run(10**6)
        return (process_time() - began) / (actors * wakes)

    few, many = (min(cost(*size) for _ in range(3)) for size in ((10, 10), (500, 20)))
    assert many < 10 * few
