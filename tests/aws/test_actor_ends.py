"""The end of actors: in start order, at once, and also of those that will not end."""

import time
from datetime import UTC, datetime

from labkit import Lab
from labkit.clock.watch import Watch

START = datetime(2026, 1, 1, tzinfo=UTC)


def elapsed(lab) -> float:
    return (lab.clock.now() - START).total_seconds()


def test_close_ends_actors_in_start_order_and_their_finally_blocks_run(log):
    """None survives; none that never began begins."""
    lab = Lab()

    def worker(name):
        try:
            time.sleep(60)
        finally:
            log.append(name)

    actors = [lab.start(worker, name) for name in ("A", "B", "C")]
    lab.run(until="1 s")
    late = lab.start(log.append, "never")
    lab.close()
    assert log == ["A", "B", "C"]
    assert {actor.state for actor in [*actors, late]} == {"ended"}


def test_an_ending_actor_can_neither_call_nor_sleep_nor_start_others(log):
    """Its finally block ends at the first try; nothing that it starts ever runs."""
    lab = Lab()
    sqs = lab.client("sqs")

    def worker(last_wish):
        try:
            time.sleep(60)
        finally:
            log.append("before")
            last_wish()
            log.append("after")

    lab.start(worker, sqs.list_queues)
    lab.start(worker, lambda: time.sleep(1))
    lab.start(worker, lambda: lab.start(log.append, "survivor"))
    lab.run(until="1 s")
    lab.close()
    assert log == ["before", "before", "before", "after"]
    assert lab.scheduler.actors == []


def test_a_stubborn_actor_that_swallows_its_end_is_left_where_it_is(log):
    """Closing takes no noticeable time and the actor never runs again."""
    lab = Lab()

    def stubborn():
        while True:
            try:
                time.sleep(1)
                log.append(elapsed(lab))
            except BaseException:
                pass

    actor = lab.start(stubborn)
    lab.run(until="2 s")
    lab.close()
    assert (log, actor.state) == ([1, 2], "ended")


def test_a_stubborn_actor_that_computes_at_its_end_is_left_where_it_is(monkeypatch):
    """The watch looks at closing labs too."""
    monkeypatch.setattr(Watch, "limit", 0.05)
    lab = Lab()

    def stubborn():
        while True:
            try:
                time.sleep(1)
            except BaseException:
                while True:
                    try:
                        while True:
                            pass
                    except BaseException:
                        pass

    actor = lab.start(stubborn)
    lab.run(until="2 s")
    lab.close()
    assert actor.state == "ended"
