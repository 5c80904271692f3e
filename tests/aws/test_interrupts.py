"""Ctrl-C at seeded instants: in the cell, an actor, moto, botocore, scheduler and rules, at opening and closing."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from labkit import Lab
from labkit.clock import guard as guards
from labkit.clock.guard import guard

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def strikes() -> list[dict]:
    """What 54 interrupts left, in a process of their own: tracing would disturb the measuring of coverage."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/aws/interrupted.py"), "7", "6"],
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_ctrl_c_at_54_instants_always_surfaces(strikes):
    """Nothing swallows it, wherever it strikes; every place was struck six times."""
    places = [one["place"] for one in strikes[:-1]]
    assert len(places) == 54
    assert {places.count(place) for place in places} == {6}
    assert [one for one in strikes[:-1] if not one["surfaced"] or not one["at"]] == []


def test_after_ctrl_c_no_actor_survives(strikes):
    """Those in a run are ended at once, the others at the end of the cell."""
    assert sum(one.get("in run", False) for one in strikes) > 10
    assert [one for one in strikes[:-1] if one["survivors"] or one["left"]] == []


def test_after_ctrl_c_the_rules_are_consistent_and_the_lab_is_usable(strikes):
    """Messages sent = gone + stored, calls are answered and lab time moves."""
    assert [one for one in strikes[:-1] if not (one["conserved"] and one["usable"])] == []


def test_after_ctrl_c_time_is_real_and_the_process_as_before(strikes):
    """No lab open, handlers and timers given back; the same story then gives the same bytes as before."""
    assert {one["after"] for one in strikes[:-1]} == {"as before"}
    assert strikes[-1] == {"same story afterwards": True}


def ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


def test_ctrl_c_that_an_actor_swallows_surfaces_all_the_same(lab):
    """`except BaseException` in a worker does not keep you from stopping it."""

    def stubborn():
        while True:
            try:
                time.sleep(1)
                ctrl_c()
            except BaseException:
                pass

    actor = lab.start(stubborn)
    with pytest.raises(KeyboardInterrupt):
        lab.run(until="1 min")
    assert (actor.state, lab.clock.now().second) == ("ended", 1)


def test_ctrl_c_in_a_finally_block_of_a_closing_lab_surfaces_after_closing():
    """The lab is closed whole first."""
    lab = Lab()

    def worker():
        try:
            time.sleep(60)
        finally:
            ctrl_c()

    actors = [lab.start(worker), lab.start(worker)]
    lab.run(until="1 s")
    with pytest.raises(KeyboardInterrupt):
        lab.close()
    assert not lab.is_open
    assert [actor.state for actor in actors] == ["ended", "ended"]


def test_ctrl_c_in_a_predicate_stops_the_run_and_ends_the_actors(lab):
    """The learner's own function may be struck like the rest."""
    actor = lab.start(lambda: time.sleep(60))
    with pytest.raises(KeyboardInterrupt):
        lab.run(until=ctrl_c)
    assert actor.state == "ended"


def test_ctrl_c_stops_your_own_sleep_and_long_poll(lab, sqs, orders):
    """Both let others run, so both can be struck."""
    for wait in (lambda: time.sleep(60), lambda: sqs.receive_message(QueueUrl=orders, WaitTimeSeconds=20)):
        actor = lab.start(lambda: (time.sleep(1), ctrl_c()))
        with pytest.raises(KeyboardInterrupt):
            wait()
        assert actor.state == "failed"


def test_actors_are_ended_in_start_order_by_ctrl_c(lab):
    """Their finally blocks run in that order."""
    ended = []

    def worker(name):
        try:
            time.sleep(60)
        finally:
            ended.append(name)

    for name in "ABC":
        lab.start(worker, name)
    lab.start(lambda: (time.sleep(1), ctrl_c()))
    with pytest.raises(KeyboardInterrupt):
        lab.run()
    assert ended == ["A", "B", "C"]


def test_a_second_ctrl_c_gets_through_when_labkit_itself_hangs(monkeypatch):
    """Held back for two seconds at most (lowered here), should something inside never end."""
    assert guards.PATIENCE == 2
    monkeypatch.setattr(guards, "PATIENCE", 0)
    with Lab():
        was = guard.hold()
        ctrl_c()
        with pytest.raises(KeyboardInterrupt):
            ctrl_c()
        guard.restore(was)
