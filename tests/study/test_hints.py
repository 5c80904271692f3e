"""Hints go both ways; the solution opens after success or three honest tries."""

import pytest

from labkit import LabError, hint, solution
from labkit.study.exercise import exercise
from labkit.study.hints import honest_tries, solution_text
from labkit.study.journal import journal
from tests.exercises.answers import answers_of

ID = "03-heartbeat"
LAST = len(exercise(ID).hints)


def tried(outcome, code):
    journal().append({"kind": "check", "id": ID, "outcome": outcome, **({"code": code} if code else {})})


def test_hints_go_forward_step_by_step_and_stop_at_the_last():
    assert [hint(ID).step for _ in range(LAST + 2)] == [*range(1, LAST + 1), LAST, LAST]


def test_hints_go_back_and_on_from_there():
    assert [hint(ID, 3).step, hint(ID, 2).step, hint(ID).step] == [3, 2, 3]
    assert [hint(ID, 0).step, hint(ID, 99).step] == [1, LAST]


def test_a_hint_tells_how_to_reach_its_neighbours():
    assert hint(ID, 1).plain().splitlines()[-1] == "Next: `hint('03-heartbeat', 2)`."
    assert "Back: `hint('03-heartbeat', 1)`. Next: `hint('03-heartbeat', 3)`." in hint(ID, 2).plain()
    assert f"Back: `hint('03-heartbeat', {LAST - 1})`. This is the last hint" in hint(ID, LAST).plain()


def test_hints_are_remembered_in_the_course(course):
    hint(ID)
    assert hint(ID).step == 2


@pytest.mark.parametrize("step", ["2", 1.5, True])
def test_a_hint_has_a_number(step):
    with pytest.raises(LabError, match="give the hint's number"):
        hint(ID, step)


def test_the_solution_is_closed_at_first_and_says_what_is_left():
    tried("not attempted", None)
    assert "after 3 more tries" in solution(ID).plain()
    tried("wrong", "a")
    tried("crashed", "b")
    assert "after one more try" in solution(ID).plain()
    assert "change_message_visibility" not in solution(ID).plain()


def test_the_same_code_twice_is_one_try():
    for code in ("a", "a", "b", "a"):
        tried("wrong", code)
    assert honest_tries(ID) == 2


@pytest.mark.parametrize("tries", [[("wrong", "a"), ("wrong", "b"), ("crashed", "c")], [("right", "a")]])
def test_the_solution_opens_after_three_tries_or_success(tries):
    for outcome, code in tries:
        tried(outcome, code)
    assert "change_message_visibility" in solution(ID).plain()
    assert "SOLUTION" not in solution(ID).plain()


def test_the_solution_shown_is_the_right_answer_of_the_course():
    tried("right", "a")
    shown = solution(ID).plain()
    assert [line for line in answers_of(ID).solution.splitlines() if line.strip() not in shown] == []


def test_a_missing_solution_is_told_in_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr("labkit.study.hints.ROOT", tmp_path)
    with pytest.raises(LabError, match="in solutions/03_visibility_timeout"):
        solution_text(exercise(ID))
