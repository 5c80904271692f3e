"""The print shop of exercise 22: what a day comes to, why an order is missing, and hostile programs."""

import threading

import pytest

from labkit.brokers.engines import why_not
from labkit.study.exercise import exercise
from labkit.study.exercises import survive_failover as exercise_22
from labkit.study.exercises.survive_failover import (
    MOST_CALLS,
    MOST_SENDS,
    ORDERS,
    OUTAGES,
    Day,
    DayOver,
    Happening,
    Row,
    Shop,
)
from labkit.study.judge import judge
from labkit.study.performing import ReportedCrash
from labkit.study.shift.standing import Standing
from labkit.words import LabError
from labkit.words.survive_failover import Mistake
from tests.exercises.answers import answers_of

FIRST, BODY = ORDERS[0]
ALL = [Row(id, body, 1) for id, body in ORDERS]


def step(call, who="producer", fate="", start=0, persistent=True, id=FIRST):
    return Happening(who, call, id, BODY, fate, start, persistent)


def problem(steps=(), rows=ALL, **about):
    return exercise_22.books(None, Day(list(steps), list(rows), **about))


def test_a_day_is_right_with_one_line_for_each_order_and_an_empty_queue():
    assert problem() is None


RECEIVED = [step("send"), step("received", "consumer", start=1)]
MISSING = {
    "never sent": ([], Mistake.NEVER_SENT),
    "lost on its way": ([step("send", fate="lost")], Mistake.NO_RECEIPT),
    "lost, and it was known": ([step("send", fate="lost"), step("wait_for_receipt")], Mistake.NOT_AGAIN),
    "in memory": ([step("send", fate="lost"), step("send", persistent=False)], Mistake.NOT_PERSISTENT),
    "on its way when a later order's kill came": ([step("send")], Mistake.NO_RECEIPT),
    "the same, and it was known": ([step("send"), step("wait_for_receipt")], Mistake.NOT_AGAIN),
    "not written": (RECEIVED, Mistake.NOT_WRITTEN),
    "acknowledged first": ([*RECEIVED, step("acknowledged", "consumer")], Mistake.ACK_FIRST),
}


@pytest.mark.parametrize(("steps", "mistake"), MISSING.values(), ids=MISSING)
def test_why_an_order_is_missing(steps, mistake):
    found = problem(steps, ALL[1:], kills=1)
    assert (found.mistake, *map(str, found.came_back)) == (mistake, f"{BODY!r}: ordered 1, in the books 0")


def test_what_is_still_in_the_queue_was_not_fetched():
    """A queue that is empty held nothing of it: then it never arrived."""
    steps = [step("send", fate="lost"), step("send")]
    assert problem(steps, ALL[1:], kills=1, left=1).mistake is Mistake.NOT_FETCHED
    assert problem(steps, ALL[1:]).mistake is Mistake.NOT_FETCHED


def test_an_order_that_never_came_was_not_taken_for_another_of_the_same_body():
    """Whoever asked for no receipt has lost it on the line, however many of that body are in the books."""
    twin, body = ORDERS[5]
    first = next(id for id, other in ORDERS if other == body and id != twin)
    sent = [Happening("producer", "send", id, body, fate, 0) for id, fate in ((first, "lost"), (twin, ""))]
    came = [Happening("consumer", call, twin, body, "", 1) for call in ("received", "look up")]
    rows = [row for row in ALL if row.id != first]
    assert problem([*sent, *came], rows).mistake is Mistake.NO_RECEIPT


def test_an_order_whose_id_was_looked_up_was_not_taken_for_another():
    """Only a body that was never told apart by its id is a reason to say so."""
    twin, body = ORDERS[5]
    received = [Happening("consumer", "received", twin, body, "", 1)]
    rows = [row for row in ALL if row.id != twin]
    assert problem(received, rows).mistake is Mistake.SAME_BODY
    assert problem([*received, Happening("consumer", "look up", twin, "", "", 1)], rows).mistake is Mistake.NOT_WRITTEN


AGAIN = [step("received", "consumer", start=1)] * 2
TWICE = {
    "the same machine": ([], [Row(FIRST, BODY, 1)], Mistake.TWICE),
    "another machine, and nobody remembered": ([], [Row(FIRST, BODY, 2)], Mistake.TWICE),
    "another machine, after one had remembered": (AGAIN, [Row(FIRST, BODY, 2)], Mistake.MEMORY),
    "another id": ([], [Row("order-1b", BODY, 1)], Mistake.OTHER_ID),
}


@pytest.mark.parametrize(("steps", "rows", "mistake"), TWICE.values(), ids=TWICE)
def test_why_an_order_is_there_twice(steps, rows, mistake):
    assert problem(steps, [*ALL, *rows]).mistake is mistake


def test_what_nobody_ordered_is_told_first():
    found = problem(rows=[*ALL[1:], Row("order-13", "a statue", 1)])
    assert (found.mistake, str(found.came_back[0])) == (Mistake.NOT_ORDERED, "'a statue': ordered 0, in the books 1")


@pytest.mark.parametrize("ended", [Mistake.SILENT, Mistake.GONE, Mistake.RESTLESS])
def test_a_day_that_was_ended_is_wrong_whatever_the_books_say(ended):
    assert problem(ended=ended, ended_by="consumer").mistake is ended


def test_who_waits_for_a_receipt_of_nothing_is_told_so():
    steps = [step("send"), step("wait_for_receipt", id=BODY)]
    assert problem(steps, ended=Mistake.RESTLESS).mistake is Mistake.OTHER_RECEIPT


def test_a_message_that_is_left_is_told_last():
    assert problem(RECEIVED, left=3).mistake is Mistake.NO_ACK
    assert problem([*RECEIVED, step("ack", "consumer")], left=3).mistake is Mistake.NOT_FETCHED
    assert problem(RECEIVED, rows=[], left=3).mistake is not Mistake.NO_ACK


def test_only_the_latest_calls_about_an_order_are_shown_and_no_reports():
    found = problem([step("send"), step("stored"), *[step("connect")] * 20, step("send", fate="stored")], ALL[1:])
    assert len(found.called) == 8
    assert str(found.called[-1]).endswith("the broker stored it and was killed before its receipt arrived")


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
        monkeypatch.setattr("labkit.study.programs.program.Program", Program)
        shop = Shop(pair or Pair(), fates)
        try:
            shop.is_started_again = shop.run("producer", None, "")
        except DayOver:
            answers.append("stopped")
        return shop, answers

    return run


CRASHED = {"call": "crashed", "told": "no line", "line": "", "number": 1, "code": "OTHER", "is_not_attempted": False}


def test_a_program_that_a_broken_line_ends_is_started_again(run):
    assert run([CRASHED | {"is_announced": True}])[0].is_started_again
    assert not run([{"call": "returned"}])[0].is_started_again
    with pytest.raises(ReportedCrash):
        run([CRASHED | {"is_announced": False}])


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


@pytest.mark.parametrize(("fate", "written"), [("power", []), ("written", [Row(FIRST, BODY, 0)])])
def test_the_consumers_machine_fails_before_a_line_is_written_or_after_it(run, fate, written):
    shop, answers = run([{"call": "book", "id": FIRST, "body": BODY}], {("book", 1): fate})
    assert (shop.day.rows, answers) == (written, ["killed"])


@pytest.mark.parametrize(("number", "fate"), [(5, "acknowledged"), (9, "power")])
def test_the_consumers_machine_fails_after_one_acknowledgement_and_before_another(run, number, fate):
    said = [{"call": "ack", "id": FIRST}] * number + [{"call": "acknowledged"}] * (fate == "acknowledged")
    _, answers = run(said, {("ack", number): fate})
    assert answers == [None] * (number - 1) + ["acknowledged"] * (fate == "acknowledged") + ["killed"]


def test_the_day_ends_when_nothing_waits_or_nothing_comes_three_times(run):
    assert run([{"call": "receive"}], {}, Pair(waiting=0))[1] == ["killed"]
    assert run([{"call": "received nothing"}] * 3)[1] == [None, None, "killed", "stopped"]


def test_a_program_that_is_silent_gone_or_restless_is_ended(run):
    assert run([])[0].day.ended is Mistake.SILENT
    assert run([], is_running=False)[0].day.ended is Mistake.GONE
    assert run([{"call": "connect"}] * (MOST_CALLS + 1))[0].day.ended is Mistake.RESTLESS
    assert run([{"call": "send", "id": FIRST}] * (MOST_SENDS + 1), {})[0].day.ended is Mistake.RESTLESS


def test_what_a_program_prints_and_how_it_crashed_reach_the_check(run, capsys):
    crashed = {
        "call": "crashed",
        "told": "a reason",
        "line": "line",
        "number": 3,
        "code": "OTHER",
        "is_announced": False,
        "is_not_attempted": False,
    }
    with pytest.raises(ReportedCrash, match="a reason"):
        run([{"call": "print", "text": "hello"}, crashed])
    assert capsys.readouterr().out == "hello"


def test_every_standing_run_has_its_place_or_the_reason_why_it_has_none():
    assert set(exercise_22.WITHOUT) == set(Standing)
    assert {"power", "written", "acknowledged", "lost", "stored"} <= set(OUTAGES.values())
    assert [fate for fate in exercise_22.NOTHING_YET.values() if fate != "nothing"] == []


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
    assert list(map(str, found.problem.came_back)) == ["the process of the producer ended itself"]


@pytest.mark.live
@needs_activemq
def test_an_answer_that_is_half_written_is_not_attempted():
    """Told by the program's own process, whose producer was right."""
    answers = answers_of("22-survive-failover")
    half = (
        answers.solution.partition("def consume")[0] + "def consume(connect, books):\n    raise NotImplementedError()"
    )
    assert judge(exercise("22-survive-failover"), *answers.functions(half)).state == "not attempted"
