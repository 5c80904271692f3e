"""The list of lessons is read from the folder that the learner works in."""

import json

from labkit import lessons

NOTEBOOK = {"cells": [{"cell_type": "markdown", "source": "# 03 · Visibility timeout\n\nAbout `40` minutes."}]}


def put(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(NOTEBOOK))


def test_the_course_s_lessons_are_those_of_the_learner_s_copy(course):
    (course / "lab.py").write_text("")
    put(course / "my_course", "03_visibility_timeout.ipynb", "exercises/03_visibility_timeout.ipynb")
    row = lessons().plain().splitlines()[1].split("  ")
    assert [part.strip() for part in row if part] == [
        "03", "Visibility timeout", "40", "03_visibility_timeout.ipynb", "yes"
    ]  # fmt: skip


def test_without_a_course_they_are_those_beside_the_notebook(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "03_visibility_timeout.ipynb")
    assert "Visibility timeout" in lessons().plain()


def test_a_folder_without_lessons_is_told_so(course):
    (course / "03_damaged.ipynb").write_text("{")
    assert "03" not in lessons().plain()
