"""Real time behind the clock's protocol: one acts at a time, waiting sleeps on a condition, the end ends all."""

import threading
import time

import pytest

from labkit.clock.actor import ActorEnded
from labkit.clock.real_scheduler import RealScheduler
from labkit.clock.real_time import RealTime
from labkit.words import LabError
from tests.patience import FAR, ended, wait_until

SECOND = 1_000_000
HOUR = 3_600 * SECOND


def in_thread(function, *args):
    """A running thread, and the list into which it puts what the function returns."""
    returned = []
    thread = threading.Thread(target=lambda: returned.append(function(*args)), daemon=True)
    thread.start()
    return thread, returned


def until_waiting(clock, topic):
    """Come back when somebody waits for the topic."""
    wait_until(lambda: clock._waiting[topic], f"somebody who waits for {topic}")


def test_time_passes_by_itself_at_its_speed():
    began, clock = time.perf_counter(), RealTime(5 * SECOND, speed=1_000)
    clock.sleep(10 * SECOND)
    assert 10 * SECOND <= clock.now - 5 * SECOND <= 1_000 * SECOND * (time.perf_counter() - began)


def test_who_acts_sees_one_instant_and_everybody_else_waits_for_it():
    clock, seen = RealTime(0, speed=1_000), []

    def other():
        with clock.acting():
            seen.append(clock.now)

    with clock.acting():
        first = clock.now
        thread, _ = in_thread(other)
        clock.sleep(SECOND)
        assert clock.now == first
        assert seen == []
    assert ended(thread)
    assert seen[0] >= first + SECOND


def test_a_wait_lets_others_act_and_ends_with_their_word_at_a_later_instant():
    clock = RealTime(0)

    def wait():
        with clock.acting():
            before = clock.now
            clock.wait("orders", clock.now + HOUR)
            return before, clock.now

    thread, returned = in_thread(wait)
    until_waiting(clock, "orders")
    with clock.acting():
        clock.notify("payments")
        clock.notify("orders")
        told = clock.now
    assert ended(thread)
    ((before, after),) = returned
    assert before < told <= after < before + HOUR
    assert not clock._conditions


def test_a_wait_ends_by_itself_at_its_instant():
    clock = RealTime(0, speed=1_000)
    with clock.acting():
        end = clock.now + 20 * SECOND
        clock.wait("orders", end)
        assert end <= clock.now < end + FAR * 1_000 * SECOND


def test_the_end_ends_every_wait_and_every_sleep_and_lets_nobody_wait_again():
    clock = RealTime(0)
    threads = [in_thread(clock.wait, "orders", HOUR)[0], in_thread(clock.sleep, HOUR)[0]]
    until_waiting(clock, "orders")
    clock.end()
    clock.wait("orders", clock.now + HOUR)
    assert all(ended(thread) for thread in threads)
    assert clock.is_over


def test_actors_run_side_by_side_while_you_wait_and_stop_between():
    scheduler, log = RealScheduler(0, speed=1_000), []

    def tick(name):
        while True:
            scheduler.sleep(SECOND)
            log.append(name)

    for name in ("Ann", "Bob"):
        scheduler.start(tick, (name,), name)
    assert log == []

    def both_ticked():
        scheduler.sleep(20 * SECOND)
        return {"Ann", "Bob"} == set(log)

    wait_until(both_ticked, "a tick of each")
    seen = list(log)
    RealTime(0, 1_000).sleep(20 * SECOND)
    assert len(log) <= len(seen) + 2
    actors = list(scheduler.actors)
    scheduler.end()
    assert [actor.state for actor in actors] == ["ended", "ended"]


def test_a_run_ends_when_all_are_done_and_when_a_function_says_so():
    scheduler, log = RealScheduler(0, speed=1_000), []
    scheduler.start(log.append, ("done",), "Ann")
    scheduler.run(None)
    assert log == ["done"]
    scheduler.start(scheduler.sleep, (1_000 * HOUR,), "Bob")
    scheduler.start(log.append, ("again",), "Ann")
    scheduler.run(scheduler.now + 100 * HOUR, lambda: len(log) == 2)
    assert [actor.name for actor in scheduler.actors] == ["Bob"]
    scheduler.end()


def test_what_an_actor_raises_is_raised_by_the_run():
    scheduler = RealScheduler(0, speed=1_000)
    scheduler.start(lambda: {}["order"], (), "Ann")
    with pytest.raises(KeyError):
        scheduler.run(None)
    scheduler.run(None)


def test_an_actor_neither_runs_the_others_nor_survives_the_end():
    scheduler, log = RealScheduler(0, speed=1_000), []

    def runs():
        with pytest.raises(LabError, match="belongs in a cell"):
            scheduler.run(None)
        log.append("sleeps")
        try:
            scheduler.sleep(1_000 * HOUR)
        except ActorEnded:
            log.append("ended")
            raise

    scheduler.start(runs, (), "Ann")
    scheduler.run(scheduler.now + 100 * HOUR, lambda: log == ["sleeps"])
    scheduler.end()
    assert log == ["sleeps", "ended"]


def test_timers_happen_in_order_at_their_instants_whoever_waits():
    clock, happened, done = RealTime(0, speed=1_000), [], threading.Event()

    def happen(name):
        happened.append((name, clock.now))
        if len(happened) == 2:
            done.set()

    clock.timers.add(20 * SECOND, lambda: happen("second"))
    clock.timers.add(10 * SECOND, lambda: happen("first"))
    assert done.wait(FAR)
    (first, at), (second, later) = happened
    assert (first, second) == ("first", "second")
    assert 10 * SECOND <= at <= later
    assert later >= 20 * SECOND
    clock.end()


def test_a_timer_that_fails_is_told_and_the_next_one_happens(capsys):
    clock, done = RealTime(0, speed=1_000), threading.Event()
    clock.timers.add(SECOND, lambda: {}["order"])
    clock.timers.add(2 * SECOND, done.set)
    assert done.wait(FAR)
    clock.end()
    assert "KeyError: 'order'" in capsys.readouterr().err
