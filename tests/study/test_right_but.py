"""*Right, but*: said in the check's words; hints and solution open, the exercise stays open, and all of it is kept."""

import pytest

from labkit import hint, progress, solution
from labkit.study.check import check
from labkit.study.hints import honest_tries, is_nearly_solved, is_solved
from labkit.study.journal import journal
from labkit.study.progress import standing
from labkit.words.shift import Rests
from tests.exercises.answers import answers_of

ID = "06-dead-letters"
PAY = "pay(order, order)"
TODAY = {PAY: 'import datetime\npay(order, f"{datetime.date.today()} {order}")'}


@pytest.fixture(scope="module")
def answers():
    return answers_of(ID)


@pytest.fixture
def result(answers):
    return check(ID, *answers.functions(answers.edited(TODAY)))


def state():
    (found,) = [one for one in standing()["exercises"] if one["id"] == ID]
    return found


def test_the_check_says_what_holds_here_and_on_what_it_rests(result):
    assert (result.outcome, result.mistake, result.right) == ("right, but", Rests.ONE_DAY, False)
    lines = result.plain().splitlines()
    assert lines[0] == "Right, but not on what AWS promises: one bad order among good ones"
    assert lines[1] == "In the run “all machines die, and others take over a day later”:"
    heads = ["What was called:", "What came back:", "What was expected:", "Why:", "What it rests on:"]
    assert [line for line in lines if line in heads] == heads
    assert lines[lines.index("What it rests on:") + 1].startswith("  - It rests on the day:")
    assert lines[-1] == f"`hint('{ID}')` helps in steps."


def test_no_belief_is_looked_for_where_the_promise_holds(result):
    assert result.myth is None


def test_the_journal_keeps_the_outcome_and_what_it_rests_on(result):
    entry = journal().entries()[-1]
    assert (entry["kind"], entry["id"], entry["outcome"], entry["mistake"]) == ("check", ID, "right, but", "ONE_DAY")
    assert entry["code"]


def test_it_is_kept_in_the_course(course, result):
    journal_of_tomorrow = [entry["outcome"] for entry in journal().entries()]
    assert journal_of_tomorrow == ["right, but"]
    assert '"outcome": "right, but"' in (course / "progress.jsonl").read_text("utf-8")


def test_hints_go_on_and_the_solution_opens_at_once(result):
    assert (is_solved(ID), is_nearly_solved(ID), honest_tries(ID)) == (False, True, 1)
    assert hint(ID).step == 1
    assert "def worker(sqs, queue_url, pay, send):" in solution(ID).plain()


def test_progress_shows_it_as_a_state_of_its_own_until_an_answer_is_right(answers, result):
    assert state() == {"id": ID, "state": "right, but", "tries": 1, "hints": 0}
    (row,) = [line for line in progress().plain().splitlines() if ID in line]
    assert "right, but" in row
    check(ID, *answers.functions(answers.solution))
    assert state()["state"] == "solved"


def test_a_try_that_is_wrong_afterwards_does_not_close_what_was_open(answers, result):
    check(ID, *answers.functions(answers.edited({PAY: "pass"})))
    assert state()["state"] == "right, but"
    assert "def worker" in solution(ID).plain()
