"""Where the learner stands: place, exercises, predictions; as a page, as data, by the command."""

import json

import pytest

from labkit import LabError, hint, progress
from labkit.cli import main
from labkit.study.course import place
from labkit.study.course.journal import journal
from labkit.study.course.place import Place, stopped
from labkit.study.course.progress import standing

ID = "03-heartbeat"


def cell(kind, source, id):
    return {"cell_type": kind, "source": source, "id": id, "metadata": {}}


@pytest.fixture
def lesson(course):
    """A course's folder with one lesson of two sections, and its exercise."""
    cells = [
        cell("markdown", ["# 03 · Visibility timeout\n", "Text."], "03-00"),
        cell("code", "import labkit", "03-01"),
        cell("markdown", "Text.\n\n## Too short\n\nText.", "03-02"),
        cell("code", "1 + 1", "03-03"),
    ]
    (course / "03_visibility_timeout.ipynb").write_text(json.dumps({"cells": cells}))
    (course / "exercises").mkdir()
    exercise = {"cells": [cell("markdown", "# Exercise", "03-exercise-00"), cell("code", "1", "03-exercise-01")]}
    (course / "exercises" / "03_visibility_timeout.ipynb").write_text(json.dumps(exercise))
    return course


def test_nothing_done_yet_is_said_and_stays_the_same():
    assert progress().plain() == progress().plain()
    assert progress().plain().splitlines()[0] == "No cell of a lesson has been run yet."
    assert "kept until the kernel stops" in progress().plain()


@pytest.mark.parametrize(
    ("cell_id", "file", "section"),
    [
        ("03-03", "03_visibility_timeout.ipynb", "Too short"),
        ("03-01", "03_visibility_timeout.ipynb", "03 · Visibility timeout"),
        ("03-exercise-01", "exercises/03_visibility_timeout.ipynb", "Exercise"),
    ],
)
def test_the_place_is_the_section_of_the_cell_that_ran_last(lesson, cell_id, file, section):
    journal().append({"kind": "place", "cell": "03-01"})
    journal().append({"kind": "place", "cell": cell_id})
    assert stopped(lesson) == Place("03", file, section)
    assert f"You stopped in {file}, at “{section}”." in progress().plain()


def test_a_cell_that_the_notebook_no_longer_has_still_tells_the_lesson(lesson):
    journal().append({"kind": "place", "cell": "03-77"})
    assert stopped(lesson) == Place("03", "03_visibility_timeout.ipynb", "")
    assert "You stopped in lesson 03." in progress().plain()


def test_a_damaged_notebook_still_tells_the_lesson(lesson):
    (lesson / "03_visibility_timeout.ipynb").write_text("{")
    journal().append({"kind": "place", "cell": "03-03"})
    assert stopped(lesson).lesson == "03"


def test_each_cell_of_the_course_is_noted_once_in_a_row(monkeypatch, course):
    place._last.clear()
    for cell_id in ("03-01", "03-01", "03-02", None, "a-learner-s-own-cell", "03-02", "03-01"):
        monkeypatch.setattr(place, "current_cell_id", lambda cell_id=cell_id: cell_id)
        place._end(None)
    assert [entry["cell"] for entry in journal().entries()] == ["03-01", "03-02", "03-01"]


def state_of_the_exercise() -> dict:
    return next(one for one in standing()["exercises"] if one["id"] == ID)


def test_exercises_show_their_state_tries_and_hints():
    assert state_of_the_exercise() == {"id": ID, "state": "not attempted", "tries": 0, "hints": 0}
    journal().append({"kind": "check", "id": ID, "outcome": "wrong", "code": "a"})
    hint(ID, 2)
    assert state_of_the_exercise() == {"id": ID, "state": "tried", "tries": 1, "hints": 2}
    journal().append({"kind": "check", "id": ID, "outcome": "right", "code": "b"})
    assert state_of_the_exercise() == {"id": ID, "state": "solved", "tries": 2, "hints": 2}


def test_lines_that_cannot_be_read_are_counted(course):
    (course / "progress.jsonl").write_text('{"kind": "pla')
    assert "1 lines of" in progress().plain()
    assert standing()["unreadable"] == 1


def test_entries_of_another_version_are_passed_over(course):
    (course / "progress.jsonl").write_text('{"kind": "revealed", "id": "03-a"}\n{"kind": "place", "cell": 3}\n')
    assert standing()["predictions"] == []
    assert standing()["stopped"] is None


def test_the_command_prints_the_page_or_the_data(course, capsys):
    assert main(["progress"]) == 0
    assert capsys.readouterr().out.strip() == progress().plain()
    assert main(["progress", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == standing()


def test_the_command_refuses_what_it_does_not_know(course, capsys):
    assert main(["progress", "--xml"]) == 2
    assert "takes one option" in capsys.readouterr().err


def test_the_command_without_a_learner_s_folder_says_what_to_do(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("LABKIT_COURSE", str(tmp_path / "nowhere"))
    assert main(["progress"]) == 2
    assert "open the course once" in capsys.readouterr().err


def test_the_check_command_judges_the_learner_s_notebook(course, capsys):
    cells = [
        cell("code", "%matplotlib inline\nfrom labkit import check\nPATIENCE = 30", "03-exercise-01"),
        cell("code", "def worker(sqs, queue_url, render):\n    raise NotImplementedError()", "03-exercise-02"),
        cell("code", 'raise RuntimeError("never run")', "03-exercise-03"),
    ]
    (course / "exercises").mkdir()
    (course / "exercises" / "03_visibility_timeout.ipynb").write_text(json.dumps({"cells": cells}))
    assert main(["check", ID]) == 1
    assert capsys.readouterr().out.startswith("Not attempted")
    assert journal().entries()[-1]["outcome"] == "not attempted"


def test_the_check_command_judges_a_file_and_tells_the_line(course, capsys):
    file = course / "mine.py"
    file.write_text("import time\n\ndef worker(sqs, queue_url, render):\n    sqs.recieve_message()\n")
    assert main(["check", ID, str(file)]) == 1
    told = capsys.readouterr().out
    assert "Line 4 of your code:\n    sqs.recieve_message()" in told
    assert "Did you mean `receive_message`" in told


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("x = 1", "There is no function `worker`"),
        ("def worker(:", "cannot be run"),
        ("import no_such_module", "cannot be run"),
        (None, "cannot be read"),
    ],
)
def test_the_check_command_says_what_is_wrong_with_a_file(course, capsys, content, sentence):
    file = course / "mine.py"
    if content is not None:
        file.write_text(content)
    assert main(["check", ID, str(file)]) == 2
    assert sentence in capsys.readouterr().err


def test_the_check_command_needs_an_exercise(course, capsys):
    assert main(["check"]) == 2
    assert main(["check", "03-hartbeat"]) == 2
    assert "did you mean 03-heartbeat" in capsys.readouterr().err


def test_a_course_that_is_none_is_refused_in_a_sentence(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LABKIT_COURSE", str(tmp_path / "file"))
    with pytest.raises(LabError):
        progress()


def test_the_start_page_where_one_asks_is_no_place_to_go_on(lesson):
    """Asking in 00_start_here does not forget the lesson; before any lesson the start page is the place."""
    journal().append({"kind": "place", "cell": "00-20"})
    assert stopped(lesson).lesson == "00"
    journal().append({"kind": "place", "cell": "03-03"})
    journal().append({"kind": "place", "cell": "00-28"})
    assert stopped(lesson) == Place("03", "03_visibility_timeout.ipynb", "Too short")
