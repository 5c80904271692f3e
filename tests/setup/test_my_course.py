"""The learner's copy: made once, never overwritten, whole after any kill."""

import json
import os
import signal
import subprocess
import sys

import pytest

from labkit.study.course.my_course import RECORD, MyCourse, command, free_name
from labkit.words import LabError
from tests.setup.conftest import notebook

LESSON = "03_visibility_timeout.ipynb"


def files(course):
    return sorted(path.relative_to(course.folder).as_posix() for path in course.folder.rglob("*.ipynb"))


def ship_newer(course):
    (course.root / "notebooks" / LESSON).write_bytes(notebook("newer"))


def test_first_open_copies_every_notebook_and_nothing_else(course):
    (course.root / "notebooks" / "03_visibility_timeout.py").write_text("source")
    assert course.bring_up_to_date() == []
    assert files(course) == ["00_start_here.ipynb", LESSON, f"exercises/{LESSON}"]
    assert (course.folder / LESSON).read_bytes() == (course.root / "notebooks" / LESSON).read_bytes()


def test_a_lessons_own_program_comes_with_it_and_is_no_lesson(course):
    (course.root / "notebooks" / "orders_app.py").write_text("print('orders')")
    course.bring_up_to_date()
    assert (course.folder / "orders_app.py").read_text() == "print('orders')"
    assert course.lessons() == ["00_start_here", "03_visibility_timeout"]


def test_a_changed_notebook_is_never_overwritten_and_the_newer_version_lies_beside_it_once(course):
    course.bring_up_to_date()
    (course.folder / LESSON).write_bytes(notebook("mine"))
    ship_newer(course)
    (sentence,) = course.bring_up_to_date()
    assert sentence.startswith(f"A newer {LESSON} lies beside yours as 03_visibility_timeout.new.ipynb")
    assert (course.folder / LESSON).read_bytes() == notebook("mine")
    assert (course.folder / "03_visibility_timeout.new.ipynb").read_bytes() == notebook("newer")
    assert course.bring_up_to_date() == []


def test_an_untouched_notebook_becomes_the_newer_version(course):
    course.bring_up_to_date()
    ship_newer(course)
    (sentence,) = course.bring_up_to_date()
    assert "newer version now" in sentence
    assert (course.folder / LESSON).read_bytes() == notebook("newer")
    assert len(files(course)) == 3


def test_a_notebook_that_was_only_run_and_saved_counts_as_untouched(course):
    """JupyterLab's autosave writes outputs and the kernel's version into every notebook that is opened."""
    course.bring_up_to_date()
    saved = json.loads((course.folder / LESSON).read_bytes())
    saved["metadata"] = {"language_info": {"version": "3.13.1"}}
    (course.folder / LESSON).write_text(json.dumps(saved, indent=1))
    ship_newer(course)
    assert "newer version now" in course.bring_up_to_date()[0]


def test_a_notebook_that_no_longer_reads_as_one_counts_as_changed(course):
    course.bring_up_to_date()
    (course.folder / LESSON).write_bytes(b"<<<<<<< mine")
    ship_newer(course)
    assert "lies beside yours" in course.bring_up_to_date()[0]


def test_a_changed_notebook_is_safe_even_when_the_record_is_lost(course):
    course.bring_up_to_date()
    (course.folder / LESSON).write_bytes(notebook("mine"))
    for damage in ("", "[1]", "{"):
        (course.folder / RECORD).write_text(damage)
        course.bring_up_to_date()
        assert (course.folder / LESSON).read_bytes() == notebook("mine")


def test_a_deleted_notebook_comes_back(course):
    course.bring_up_to_date()
    (course.folder / LESSON).unlink()
    course.bring_up_to_date()
    assert (course.folder / LESSON).exists()


def test_reset_brings_back_the_lesson_and_its_exercise_and_keeps_both_old_files(course, capsys):
    course.bring_up_to_date()
    for name in (LESSON, f"exercises/{LESSON}"):
        (course.folder / name).write_bytes(notebook("mine"))
    assert command(["03"]) == 0
    assert "yours is kept as 03_visibility_timeout.old.ipynb" in capsys.readouterr().out
    for folder in (course.folder, course.folder / "exercises"):
        assert (folder / "03_visibility_timeout.old.ipynb").read_bytes() == notebook("mine")
        assert (folder / LESSON).read_bytes() != notebook("mine")


def test_reset_of_an_exercise_leaves_the_lesson_alone(course):
    course.bring_up_to_date()
    for name in (LESSON, f"exercises/{LESSON}"):
        (course.folder / name).write_bytes(notebook("mine"))
    assert course.reset("exercises/03") == [
        f"exercises/{LESSON} is as the course ships it again; yours is kept as 03_visibility_timeout.old.ipynb."
    ]
    assert (course.folder / LESSON).read_bytes() == notebook("mine")


def test_reset_says_when_there_is_nothing_to_do_or_the_file_was_gone(course):
    course.bring_up_to_date()
    assert course.reset("00") == ["00_start_here.ipynb is already as the course ships it."]
    (course.folder / "00_start_here.ipynb").unlink()
    assert course.reset("00_start_here.ipynb") == ["00_start_here.ipynb is back."]


@pytest.mark.parametrize("wrong", ["07", "3", "", "visibility"])
def test_reset_of_an_unknown_lesson_names_those_that_exist(course, wrong):
    with pytest.raises(LabError, match="there are: 00_start_here, 03_visibility_timeout"):
        course.reset(wrong)


@pytest.mark.parametrize("arguments", [[], ["03", "04"], ["--hard"]])
def test_reset_called_wrongly_says_how(arguments):
    with pytest.raises(LabError, match="labkit reset 03"):
        command(arguments)


def test_a_folder_without_a_course_is_refused_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_COURSE", str(tmp_path))
    with pytest.raises(LabError, match="set LABKIT_COURSE"):
        MyCourse.here()


def test_free_name_counts_up(tmp_path):
    first = free_name(tmp_path / "a.ipynb", "old")
    first.touch()
    assert [first.name, free_name(tmp_path / "a.ipynb", "old").name] == ["a.old.ipynb", "a.old-2.ipynb"]


KILLED = """
import os, signal, sys
from pathlib import Path
from labkit.study.course import my_course
calls = int(sys.argv[2])
def counted(function):
    def call(*arguments, **more):
        global calls
        calls -= 1
        if calls < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **more)
    return call
Path.replace, os.fsync, Path.mkdir = counted(Path.replace), counted(os.fsync), counted(Path.mkdir)
my_course.MyCourse(Path(sys.argv[1])).bring_up_to_date()
"""


@pytest.mark.parametrize("instant", range(12))
def test_killed_at_any_instant_of_the_first_copy_the_next_open_finishes_it(course, instant):
    ended = subprocess.run([sys.executable, "-c", KILLED, str(course.root), str(instant)], check=False)
    assert ended.returncode == -signal.SIGKILL
    for path in course.folder.rglob("*.ipynb"):
        assert path.read_bytes() in {shipped.content for shipped in course.shipped()}
    assert course.bring_up_to_date() == []
    assert len(files(course)) == 3


def test_what_a_killed_copy_left_is_swept_away_later(course):
    course.bring_up_to_date()
    leftover = course.folder / f".{LESSON}.123.labkit-copy"
    leftover.write_text("half")
    course.bring_up_to_date()
    assert leftover.exists(), "another process may be writing it right now"
    os.utime(leftover, (0, 0))
    course.bring_up_to_date()
    assert not leftover.exists()
