"""Actors: one at a time in lab time, fair, stopped by name when they stop the clock, ended in start order."""

import asyncio
import queue
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from labkit import Lab, LabError
from labkit.clock.watch import Watch

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def log() -> list:
    return []


def elapsed(lab) -> float:
    return (lab.clock.now() - START).total_seconds()


# run(until=)


def ticking(lab, log, every=1.0):
    def worker():
        while True:
            time.sleep(every)
            log.append(elapsed(lab))

    return worker


@pytest.mark.parametrize("until", ["3 s", 3, timedelta(seconds=3), START + timedelta(seconds=3)])
def test_run_goes_up_to_and_including_a_length_or_an_aware_datetime(lab, log, until):
    """What falls on the last instant still happens; the clock then stands there."""
    lab.start(ticking(lab, log))
    lab.run(until=until)
    assert log == [1, 2, 3]
    assert elapsed(lab) == 3
    lab.run(until="1 s")
    assert log == [1, 2, 3, 4]


def test_run_until_a_predicate_stops_at_the_instant_at_which_it_is_true(lab, log):
    """It is asked after each step and needs no arguments."""
    lab.start(ticking(lab, log))
    lab.run(until=lambda: len(log) == 4)
    assert elapsed(lab) == 4


def test_a_predicate_may_use_the_labs_clients(lab, sqs, orders, log):
    """Its calls are yours, and they are in the history."""
    lab.start(lambda: (time.sleep(5), sqs.send_message(QueueUrl=orders, MessageBody="order-1")))

    def sent():
        attributes = sqs.get_queue_attributes(QueueUrl=orders, AttributeNames=["ApproximateNumberOfMessages"])
        return attributes["Attributes"]["ApproximateNumberOfMessages"] == "1"

    lab.run(until=sent)
    assert elapsed(lab) == 5.01
    assert {call.by for call in lab.history.calls() if call.operation == "GetQueueAttributes"} == {"you"}


def test_what_a_predicate_raises_stops_the_run(lab, log):
    """It surfaces as it is and the actor goes on at the next run."""
    lab.start(ticking(lab, log))
    with pytest.raises(ZeroDivisionError):
        lab.run(until=lambda: 1 / 0)
    lab.run(until="1 s")
    assert log == [1]


def test_run_without_an_end_ends_when_all_are_done(lab, log):
    """The clock stands at the last thing that happened; running again does nothing."""
    lab.start(lambda: (time.sleep(7), log.append("done")))
    lab.run()
    lab.run()
    assert (log, elapsed(lab)) == (["done"], 7)


def test_run_for_ever_with_an_endless_poller_is_stopped_with_a_sentence(sqs, orders, lab):
    """Nothing changes for a day of lab time, so nothing ever will."""

    def poller():
        while True:
            sqs.receive_message(QueueUrl=orders, WaitTimeSeconds=20)

    lab.start(poller, name="worker A")
    with pytest.raises(LabError, match="worker A would go on for ever: give the run an end"):
        lab.run()
    lab.run(until="20 s")


def test_run_for_ever_waits_for_what_is_far_away(lab, sqs, orders, log):
    """Retention of 14 days and an actor that sleeps a month are no endless pollers."""
    lab.start(lambda: [time.sleep(7 * 86_400) for _ in range(4)] and log.append("done"))
    lab.run()
    assert log == ["done"]


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (datetime(2026, 1, 2), "has no time zone: give an aware datetime"),
        (START - timedelta(seconds=1), "It is already 2026-01-01"),
        ("-5 min", "is negative: give a length of zero or more"),
        (-5, "is negative"),
        (timedelta(seconds=-1), "is negative"),
        ("soon", "I cannot read 'soon' as a length of time: write"),
        ("5", "I cannot read '5'"),
        ("", "I cannot read ''"),
        ("5 parsecs", "I cannot read"),
        (float("nan"), "I cannot read nan"),
        (float("inf"), "I cannot read inf"),
        (1e300, "I cannot read"),
        (True, "run\\(until=True\\): give a length|I cannot read True"),
        ([], "run\\(until=\\[\\]\\): give a length"),
        (b"5 s", "give a length"),
        (lambda lab: True, "takes no arguments"),
    ],
)
def test_a_wrong_until_is_refused_in_one_sentence(lab, until, sentence):
    """And no time passes."""
    with pytest.raises(LabError, match=sentence) as refused:
        lab.run(until=until)
    assert str(refused.value).count("\n") == 0
    assert elapsed(lab) == 0


def test_run_inside_an_actor_is_refused(lab):
    """The sentence names the actor and what it does instead."""
    lab.start(lambda: lab.run(until="1 s"), name="worker A")
    with pytest.raises(LabError, match=r"not inside actor 'worker A': an actor waits with time.sleep"):
        lab.run()


def test_a_lab_is_neither_opened_nor_closed_inside_an_actor(lab):
    """Both belong in a cell."""
    lab.start(Lab, name="worker A")
    with pytest.raises(LabError, match=r"Lab\(...\) belongs in a cell, not inside actor 'worker A'"):
        lab.run()
    lab.start(lab.close, name="worker B")
    with pytest.raises(LabError, match=r"lab.close\(\) belongs in a cell, not inside actor 'worker B'"):
        lab.run()
    assert lab.is_open


# Order and fairness


def test_actors_due_at_the_same_instant_run_in_the_order_in_which_they_began_to_wait(lab, log):
    """Ties have one order, and no actor overtakes."""
    for name in ("A", "B", "C"):
        lab.start(lambda name=name: [(log.append(name), time.sleep(1)) for _ in range(3)], name=name)
    lab.run()
    assert "".join(log) == "ABCABCABC"


def test_an_actor_that_sleeps_for_zero_seconds_lets_the_others_in(lab, log):
    """time.sleep(0) is a turn for everybody at the same instant."""
    for name in ("A", "B"):
        lab.start(lambda name=name: [(log.append(name), time.sleep(0)) for _ in range(3)])
    lab.run()
    assert ("".join(log), elapsed(lab)) == ("ABABAB", 0)


def test_five_hundred_actors(lab, log):
    """Each at its own pace, all at their own instants."""
    for number in range(500):
        lab.start(lambda number=number: (time.sleep(number % 7), log.append((elapsed(lab), number))))
    lab.run()
    assert log == sorted((number % 7, number) for number in range(500))


def test_actors_start_actors(lab, log):
    """The new one begins at the present instant; names are made distinct."""

    def worker(depth):
        log.append((elapsed(lab), depth))
        if depth:
            lab.start(worker, depth - 1)
            time.sleep(1)

    first = lab.start(worker, 3)
    lab.run()
    assert log == [(0, 3), (0, 2), (0, 1), (0, 0)]
    assert (first.name, first.state, elapsed(lab)) == ("worker", "done", 1)


def test_names_are_made_distinct_and_results_are_kept(lab):
    """An actor's result and state can be read afterwards."""
    actors = [lab.start(lambda: 42, name="worker") for _ in range(3)]
    lab.run()
    assert [actor.name for actor in actors] == ["worker", "worker 2", "worker 3"]
    assert [actor.result for actor in actors] == [42] * 3


# Errors


def test_an_exception_in_an_actor_stops_the_run_at_that_instant(lab, log):
    """It surfaces with the learner's own line; the others stay suspended and go on at the next run."""

    def failing():
        time.sleep(2)
        raise ValueError("order-13 is broken")

    lab.start(ticking(lab, log), name="steady")
    lab.start(failing)
    with pytest.raises(ValueError, match="order-13 is broken") as caught:
        lab.run(until="1 min")
    assert caught.traceback[-1].name == "failing"
    assert caught.traceback[-1].path.name == "test_actors.py"
    assert elapsed(lab) == 2
    lab.run(until="2 s")
    assert log == [1, 2, 3, 4]


def test_an_exception_in_an_actor_surfaces_from_your_own_sleep(lab):
    """time.sleep in the cell runs the others, so it tells what happened to them."""

    def failing():
        time.sleep(2)
        raise ValueError("order-13 is broken")

    lab.start(failing)
    with pytest.raises(ValueError, match="order-13"):
        time.sleep(10)
    assert elapsed(lab) == 2


def test_deep_recursion_in_an_actor_is_an_ordinary_recursion_error(lab):
    """It surfaces, and the lab works on."""

    def recursive(depth):
        return recursive(depth + 1)

    lab.start(recursive, 0)
    with pytest.raises(RecursionError):
        lab.run()
    assert lab.client("sqs").list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_recursion_as_deep_as_python_allows_works_in_an_actor(lab):
    """With a sleep at the bottom."""

    def down(depth):
        return down(depth - 1) if depth else time.sleep(1) or "bottom"

    actor = lab.start(down, sys.getrecursionlimit() - 200)
    lab.run()
    assert actor.result == "bottom"


# Guards


def test_100_000_calls_without_the_clock_moving_are_stopped(monkeypatch):
    """One sentence names the actor; the number is lowered here, the real one is asserted."""
    from labkit.clock import scheduler

    assert scheduler.MOST_CALLS_AT_ONE_INSTANT == 100_000
    monkeypatch.setattr(scheduler, "MOST_CALLS_AT_ONE_INSTANT", 50)
    with Lab(latency=0) as lab:
        sqs = lab.client("sqs")

        def busy():
            while True:
                sqs.list_queues()

        lab.start(busy, name="worker A")
        with pytest.raises(
            LabError, match=r"'worker A' made 50 calls while the lab clock stood still at 2026-01-01 00:00:00.000"
        ):
            lab.run(until="1 s")


def test_five_real_seconds_without_the_clock_moving_are_stopped(lab, monkeypatch):
    """One sentence names the actor; the limit is lowered here, the real one is asserted."""
    assert Watch.limit == 5
    monkeypatch.setattr(Watch, "limit", 0.05)

    def busy():
        while True:
            pass

    lab.start(busy, name="worker A")
    with pytest.raises(LabError, match=r"Actor 'worker A' computed for .* real seconds without the lab clock moving"):
        lab.run(until="1 s")


def test_a_busy_actor_that_swallows_everything_is_left_where_it_is(lab, log, monkeypatch):
    """Even `except BaseException: pass` cannot hold the lab; the others go on."""
    monkeypatch.setattr(Watch, "limit", 0.05)

    def stubborn():
        while True:
            try:
                while True:
                    pass
            except BaseException as swallowed:
                log.append(type(swallowed).__name__)

    lab.start(stubborn, name="worker A")
    lab.start(ticking(lab, log), name="steady")
    with pytest.raises(LabError, match="worker A"):
        lab.run(until="1 s")
    assert log == ["LabError"]
    lab.run(until="2 s")
    assert log == ["LabError", 1, 2]


CLOSED_LOOP = asyncio.new_event_loop()
CLOSED_LOOP.close()


def connect():
    with socket.socket() as one:
        one.connect(("127.0.0.1", 9))


REFUSED = {
    "starting a thread": (lambda: threading.Thread(target=print).start(), "lab.start"),
    "ThreadPoolExecutor": (lambda: ThreadPoolExecutor().submit(print), "lab.start"),
    "asyncio.run": (lambda: asyncio.run(nothing()), "plain function"),
    "run_until_complete": (lambda: CLOSED_LOOP.run_until_complete(nothing()), "plain function"),
    "Event.wait": (lambda: threading.Event().wait(), "time.sleep"),
    "Event.wait with a time-out": (lambda: threading.Event().wait(1), "time.sleep"),
    "queue.Queue.get": (lambda: queue.Queue().get(), "time.sleep"),
    "Thread.join": (lambda: threading.main_thread().join(), "lab.start"),
    "a socket": (connect, "boto3"),
}


async def nothing():
    """A coroutine that would do nothing."""


@pytest.mark.parametrize("what", REFUSED)
def test_what_would_stop_lab_time_is_refused_inside_an_actor(lab, what):
    """One sentence names the actor and says what to do instead."""
    work, instead = REFUSED[what]
    lab.start(work, name="worker A")
    with pytest.raises(
        LabError, match=f"does not work inside actor 'worker A', because lab time would stop: .*{instead}"
    ):
        lab.run(until="1 s")


def test_the_same_is_allowed_to_you_and_after_the_lab(lab):
    """Only actors are refused."""
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
    assert not threading.Event().wait(0)
    assert asyncio.run(nothing()) is None


async def async_worker():
    """No ordinary function."""


def generator_worker():
    yield 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (None, "lab.start needs a function to run, not None: write lab.start\\(worker\\)"),
        ("worker", "lab.start needs a function"),
        (async_worker, "async_worker is not an ordinary function"),
        (generator_worker, "generator_worker is not an ordinary function"),
    ],
)
def test_only_an_ordinary_function_can_be_an_actor(lab, wrong, sentence):
    """Generators and coroutines are told apart from functions."""
    with pytest.raises(LabError, match=sentence):
        lab.start(wrong)


class Shop:
    """Callable objects, bound methods and partials of generators are seen through."""

    def worker(self):
        yield 1

    async def __call__(self):
        """A coroutine again."""


@pytest.mark.parametrize("wrong", [Shop().worker, Shop(), __import__("functools").partial(generator_worker)])
def test_a_disguised_generator_or_coroutine_is_refused_too(lab, wrong):
    """Whatever wraps it."""
    with pytest.raises(LabError, match="is not an ordinary function"):
        lab.start(wrong)


def test_starting_with_wrong_arguments_says_so_at_once(lab):
    """Not minutes later, at the next run."""
    with pytest.raises(LabError, match="cannot be called with 1 argument"):
        lab.start(lambda: None, "order-1")
    with pytest.raises(LabError, match="cannot be called with 0 arguments"):
        lab.start(lambda order: None)


@pytest.mark.parametrize("name", ["", 5, ["worker"]])
def test_a_name_is_text(lab, name):
    """A name that is no text is refused."""
    with pytest.raises(LabError, match="give a name as text"):
        lab.start(print, name=name)


# The end


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
