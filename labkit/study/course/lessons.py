"""The lessons that exist, as the learner's folder holds them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import NamedTuple

from labkit.study.course.journal import folder_of
from labkit.study.page import Page, Part, Rows
from labkit.words import say
from labkit.words import study as words

_FILE = re.compile(r"(?P<number>\d\d[a-z]?)_\w+\.ipynb")
_HEADING = re.compile(r"^# +(?:\d\d[a-z]? · )?(?P<title>.+)$", re.MULTILINE)
_MINUTES = re.compile(r"About `?(?P<minutes>\d+)`? minutes")


class Lesson(NamedTuple):
    """One lesson: its number, title and file, and how many minutes it takes a learner (None: not said)."""

    number: str
    title: str
    file: str
    minutes: int | None


def lessons() -> Page:
    """List the lessons beside this notebook, with their exercises."""
    course = os.environ.get("LABKIT_COURSE")
    folder = folder_of(Path(course)) if course else Path(".")
    found = lessons_in(folder)
    if not found:
        return Page([say(words.NO_LESSONS, folder=folder.resolve().name)])
    table: list[Part] = [Rows([say(head) for head in words.LESSON_HEADS], [_row(folder, one) for one in found])]
    return Page([*table, say(words.LESSONS_HOW)])


def lessons_in(folder: Path) -> list[Lesson]:
    """Return the lessons of a folder in reading order; a file that is no notebook is left out."""
    names = sorted(path for path in folder.glob("*.ipynb") if _FILE.fullmatch(path.name))
    return [lesson for path in names if (lesson := _read(path)) is not None]


def _read(path: Path) -> Lesson | None:
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
    except (ValueError, KeyError):
        return None
    text = "".join(cells[0]["source"]) if cells else ""
    heading, minutes = _HEADING.search(text), _MINUTES.search(text)
    title = heading["title"] if heading else path.stem
    return Lesson(path.name.split("_")[0], title, path.name, int(minutes["minutes"]) if minutes else None)


def _row(folder: Path, lesson: Lesson) -> list[object]:
    places = [Path("exercises"), Path("..") / "exercises"]
    exercise = next((str(place) for place in places if (folder / place / lesson.file).is_file()), "")
    return [lesson.number, lesson.title, lesson.minutes or "", lesson.file, say(words.YES) if exercise else ""]
