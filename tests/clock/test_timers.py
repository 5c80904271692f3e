"""What happens at an instant of lab time without an actor."""

import pytest

from labkit.clock.length import SECOND
from labkit.clock.scheduler import Scheduler


@pytest.fixture
def scheduler():
    return Scheduler(0)


@pytest.fixture
def seen():
    return []


def test_timers_happen_at_their_instant_and_in_their_order(scheduler, seen):
    for name, second in (("late", 5), ("first", 1), ("second", 1)):
        scheduler.timers.add(second * SECOND, lambda name=name: seen.append((name, scheduler.now // SECOND)))
    scheduler.run(4 * SECOND)
    assert (seen, scheduler.now) == ([("first", 1), ("second", 1)], 4 * SECOND)
    scheduler.sleep(1 * SECOND)
    assert seen[-1] == ("late", 5)


def test_a_timer_comes_before_the_actors_of_its_instant(scheduler, seen):
    scheduler.start(lambda: (scheduler.sleep(SECOND), seen.append("actor")), (), "worker")
    scheduler.timers.add(SECOND, lambda: seen.append("timer"))
    scheduler.run(None)
    assert seen == ["timer", "actor"]


def test_a_run_without_an_end_waits_for_what_happens_once_and_not_for_what_recurs(scheduler, seen):
    def again():
        seen.append(scheduler.now // SECOND)
        scheduler.timers.add(scheduler.now + SECOND, again, recurring=True)

    again()
    scheduler.timers.add(3 * SECOND, lambda: seen.append("once"))
    scheduler.run(None)
    assert seen == [0, 1, 2, "once"]
    assert scheduler.now == 3 * SECOND


def test_a_run_until_a_question_is_answered_lets_timers_happen_for_a_day_and_not_for_ever(scheduler, seen):
    def again():
        seen.append(1)
        scheduler.timers.add(scheduler.now + 3_600 * SECOND, again, recurring=True)

    again()
    scheduler.run(None, lambda: len(seen) == 5)
    assert len(seen) == 5
    scheduler.run(None, lambda: False)
    assert len(seen) == 5 + 24


def test_a_timer_may_start_an_actor_and_stop_one(scheduler, seen):
    def sleeps():
        scheduler.sleep(100 * SECOND)
        seen.append("never")

    actor = scheduler.start(sleeps, (), "sleeper")
    scheduler.timers.add(SECOND, lambda: scheduler.start(seen.append, ("started",), "other"))
    scheduler.timers.add(2 * SECOND, lambda: scheduler.stop(actor))
    scheduler.run(200 * SECOND)
    assert (seen, actor.state) == (["started"], "ended")
