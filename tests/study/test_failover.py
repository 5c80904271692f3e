"""The print shop of exercise 22: what a day comes to, why an order is missing, and hostile programs."""

import threading

import pytest

from labkit.brokers.engines import why_not
from labkit.study.exercise import exercise
from labkit.study.failover import judging, playing
from labkit.study.failover.playing import MOST_CALLS, ORDERS, OUTAGES, Day, Row, Shop, Step, Stopped
from labkit.study.judge import judge
from labkit.study.performing import ReportedCrash
from labkit.words import LabError
from labkit.words import survive_failover as words

FIRST, BODY = ORDERS[0]
ALL = [Row(id, body, 1) for id, body in ORDERS]


def step(call, who="producer", fate="", start=0, persistent=True, id=FIRST):
    return Step(who, call, id, BODY, fate, start, persistent)


def problem(steps=(), rows=ALL, **about):
    return judging.books(None, Day(list(steps), list(rows), **about))


def test_a_day_is_right_with_one_line_for_each_order_and_an_empty_queue():
    assert problem() is None


RECEIVED = [step("send"), step("received", "consumer", start=1)]
MISSING = {
    "never sent": ([], words.WHY_NEVER_SENT),
    "lost on its way": ([step("send", fate="lost")], words.WHY_NO_RECEIPT),
    "in memory": ([step("send", persistent=False)], words.WHY_NOT_PERSISTENT),
    "not fetched": ([step("send", fate="lost"), step("send")], words.WHY_NOT_FETCHED),
    "not written": (RECEIVED, words.WHY_NOT_WRITTEN),
    "acknowledged first": ([*RECEIVED, step("acknowledged", "consumer")], words.WHY_ACK_FIRST),
}


@pytest.mark.parametrize(("steps", "why"), MISSING.values(), ids=MISSING)
def test_why_an_order_is_missing(steps, why):
    found = problem(steps, ALL[1:], kills=1)
    assert (found.why, found.came_back) == (why, [f"{BODY!r}: ordered 1, in the books 0"])


TWICE = {
    "the same machine": ([Row(FIRST, BODY, 1)], words.WHY_TWICE),
    "another machine": ([Row(FIRST, BODY, 2)], words.WHY_MEMORY),
    "another id": ([Row("order-1b", BODY, 1)], words.WHY_NEW_ID),
}


@pytest.mark.parametrize(("rows", "why"), TWICE.values(), ids=TWICE)
def test_why_an_order_is_there_twice(rows, why):
    assert problem([], [*ALL, *rows]).why == why


def test_what_nobody_ordered_is_told():
    assert problem([], [*ALL, Row("order-13", "a statue", 1)]).came_back == ["'a statue': ordered 0, in the books 1"]


ENDED = {"silent": "made no call", "gone": "ended itself", "restless": f"after {MOST_CALLS} calls"}


@pytest.mark.parametrize(("ended", "told"), ENDED.items(), ids=ENDED)
def test_a_day_that_was_ended_is_wrong_whatever_the_books_say(ended, told):
    assert told in problem(ended=ended, ended_by="consumer").came_back[0]


def test_a_message_that_is_left_is_told_last():
    assert problem(left=3).why == words.WHY_NO_ACK
    assert problem(rows=[], left=3).why != words.WHY_NO_ACK


def test_only_the_latest_calls_about_an_order_are_shown_and_no_reports():
    found = problem([step("send"), step("stored"), *[step("connect")] * 20, step("send", fate="stored")], ALL[1:])
    assert len(found.called) == 8
    assert found.called[-1].endswith("the broker stored it and was killed before its receipt arrived")


class Pair:
    """A pair whose queue holds `waiting` messages; it counts what is done to it."""

    def __init__(self, waiting=1):
        self.held, self.done = waiting, []

    def waiting(self, queue):
        return self.held

    def states(self):
        return ["active", "standby"]

    def __getattr__(self, name):
        return lambda: self.done.append(name)


@pytest.fixture
def run(monkeypatch):
    """Run a program that says what it is told to; returns the shop and the answers that it gave."""

    def run(said, fates=OUTAGES, pair=None, is_running=True):
        class Program:
            def __init__(self, *given):
                self.said, self.answers, self.is_running = iter(said), answers, is_running

            def next(self, seconds):
                said = next(self.said, None)
                return said and dict(said)

            def answer(self, answer):
                self.answers.append(answer)

            def kill(self):
                self.answers.append("killed")

        answers = []
        monkeypatch.setattr("labkit.study.failover.programs.Program", Program)
        shop = Shop(pair or Pair(), fates)
        try:
            shop.run("producer", None, "")
        except Stopped:
            answers.append("stopped")
        return shop, answers

    return run


def test_a_broker_dies_before_the_third_send_arrives_and_is_replaced(run):
    pair = Pair()
    shop, answers = run([{"call": "send", "id": FIRST, "body": BODY}] * 3 + [{"call": "returned"}], pair=pair)
    assert answers == [None, None, "lost", "killed"]
    assert (shop.day.kills, pair.done) == (1, ["kill", "wait", "start"])


def test_the_third_broker_that_dies_is_not_replaced(run):
    pair = Pair()
    run([{"call": "stored"}] * 3, pair=pair)
    assert pair.done == ["kill", "wait", "start"] * 2 + ["kill", "wait"]


def test_the_books_know_an_id_as_soon_as_it_is_written(run):
    said = [
        {"call": "look up", "id": FIRST},
        {"call": "book", "id": FIRST, "body": BODY},
        {"call": "look up", "id": FIRST},
    ]
    shop, answers = run([*said, {"call": "returned"}])
    assert answers == [False, None, True, "killed"]
    assert shop.day.rows == [Row(FIRST, BODY, 0)]


@pytest.mark.parametrize(("number", "fate"), [(5, "acknowledged"), (9, "power")])
def test_the_consumers_machine_fails_after_one_acknowledgement_and_before_another(run, number, fate):
    said = [{"call": "ack", "id": FIRST}] * number + [{"call": "acknowledged"}] * (fate == "acknowledged")
    _, answers = run(said, {("ack", number): fate})
    assert answers == [None] * (number - 1) + ["acknowledged"] * (fate == "acknowledged") + ["killed"]


def test_the_day_ends_when_nothing_waits_or_nothing_comes_three_times(run):
    assert run([{"call": "receive"}], {}, Pair(waiting=0))[1] == ["killed"]
    assert run([{"call": "received nothing"}] * 3)[1] == [None, None, "killed", "stopped"]


def test_a_program_that_is_silent_gone_or_restless_is_ended(run):
    assert run([])[0].day.ended == "silent"
    assert run([], is_running=False)[0].day.ended == "gone"
    assert run([{"call": "connect"}] * (MOST_CALLS + 1))[0].day.ended == "restless"


def test_what_a_program_prints_and_how_it_crashed_reach_the_check(run, capsys):
    crashed = {
        "call": "crashed",
        "told": "a reason",
        "line": "line",
        "number": 3,
        "code": "OTHER",
        "is_not_attempted": False,
    }
    with pytest.raises(ReportedCrash, match="a reason"):
        run([{"call": "print", "text": "hello"}, crashed])
    assert capsys.readouterr().out == "hello"


def test_the_days_are_an_ordinary_one_and_one_with_three_kills_and_two_failures():
    assert [fate for fate in playing.NOTHING_YET.values() if fate != "nothing"] == []
    fates = list(OUTAGES.values())
    assert (fates.count("lost") + fates.count("stored"), fates.count("acknowledged") + fates.count("power")) == (3, 2)


needs_activemq = pytest.mark.skipif(bool(why_not("activemq")), reason=why_not("activemq"))


def leaves(connect, orders):
    import os

    os._exit(3)


def consume(connect, books):
    connect()


@pytest.mark.live
@needs_activemq
def test_what_cannot_go_to_another_machine_is_told_in_a_sentence():
    cell = {"__name__": "cell", "lock": threading.Lock()}
    exec("def locks(connect, orders):\n    with lock:\n        connect()", cell)
    with pytest.raises(LabError, match=r"locks runs on a machine of its own.*make that inside the function"):
        judge(exercise("22-survive-failover"), cell["locks"], consume)


@pytest.mark.live
@needs_activemq
def test_a_program_that_ends_its_process_is_told_so():
    found = judge(exercise("22-survive-failover"), leaves, consume)
    assert found.problem.came_back == ["the process of the producer ended itself"]
