"""The exercise in a real browser: not attempted, wrong, right, and what the start page says of it."""

import pytest

from tests.browser.screens import photograph
from tests.exercises.heartbeat import ANSWERS, QUIET

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def exercise(open_notebook):
    """The exercise of lesson 03, run whole as it is shipped."""
    notebook = open_notebook("exercises/03_visibility_timeout.ipynb")
    notebook.run_all()
    return notebook


def test_from_not_attempted_over_wrong_to_right_and_the_start_page_knows(exercise, open_notebook, screenshots):
    """Each outcome has its own words; the solution opens with success; progress is read by another notebook."""
    write_here, look = exercise.find("def worker("), exercise.find("check(")
    assert "Not attempted" in exercise.cell(look).inner_text()
    assert "Hint 1 of 4" in exercise.cell(exercise.find("hint(")).inner_text()
    photograph(exercise, screenshots)

    exercise.write(write_here, ANSWERS.edited(QUIET))
    exercise.run(write_here)
    assert "The message was visible again 30 s after its receive" in exercise.run(look).inner_text()

    exercise.write(write_here, ANSWERS.solution)
    exercise.run(write_here)
    assert "Right: a heartbeat for long work" in exercise.run(look).inner_text()
    assert "change_message_visibility" in exercise.run(exercise.find("solution(")).inner_text()

    start = open_notebook("00_start_here.ipynb")
    start.run_all()
    row = start.cell(start.find("progress()")).locator("tr", has_text="03-heartbeat")
    assert row.inner_text().split("\t")[1:3] == ["solved", "2"]
    photograph(start, screenshots)


def test_hints_go_forth_and_back_with_the_keyboard(exercise):
    """Enter on a button shows the next text, and the one before."""
    hints = exercise.cell(exercise.find("hint("))
    back, following = hints.get_by_role("button").all()[-2:]
    following.focus()
    exercise.page.keyboard.press("Enter")
    exercise.wait(lambda: "Hint 2 of 4" in hints.inner_text(), "the second hint")
    back.focus()
    exercise.page.keyboard.press("Enter")
    exercise.wait(lambda: "Hint 1 of 4" in hints.inner_text(), "the first hint")
