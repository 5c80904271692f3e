"""lab.run: up to an instant, a predicate or the end of everything; who runs when, and what an error leaves."""

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from labkit import Lab, LabError
from tests.aws.ticking import elapsed, ticking

START = datetime(2026, 1, 1, tzinfo=UTC)


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
    assert caught.traceback[-1].path.name == Path(__file__).name
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
