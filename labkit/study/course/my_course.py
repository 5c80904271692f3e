"""The learner's own copy of the lessons and exercises: made at first open, never overwritten."""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from labkit.words import course as words
from labkit.words import error, say

RECORD = ".labkit/shipped.json"
Version = dict[str, str]
Record = dict[str, Version]


class Shipped(NamedTuple):
    """One notebook as the course ships it: its name below my_course, and its bytes."""

    name: str
    content: bytes


class MyCourse:
    """The folder `my_course` of a course, and what it holds.

    `root` is the folder with `notebooks/` and `exercises/`. The copy remembers each shipped version that it has
    seen, so that a notebook whose cells the learner changed can be told from one that they only ran.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "my_course"

    @classmethod
    def here(cls) -> "MyCourse":
        """The course that labkit was installed from, or the one that LABKIT_COURSE names.

        Raises LabError, saying what to do, when there is no course in that folder.
        """
        root = Path(os.environ.get("LABKIT_COURSE") or Path(__file__).parents[3])
        if not (root / "lab.py").is_file():
            raise error(words.NO_COURSE, root=root)
        return cls(root)

    def shipped(self) -> Iterator[Shipped]:
        """Every notebook that the course ships, lessons first, in reading order, then the programs that they run."""
        for path in sorted((self.root / "notebooks").glob("*.ipynb")):
            yield Shipped(path.name, path.read_bytes())
        for path in sorted((self.root / "notebooks").glob("*_app.py")):
            yield Shipped(path.name, path.read_bytes())
        for path in sorted((self.root / "exercises").glob("*.ipynb")):
            yield Shipped(f"exercises/{path.name}", path.read_bytes())

    def bring_up_to_date(self) -> list[str]:
        """Copies what is missing and what is newer; returns one sentence for each newer notebook.

        A notebook whose cells the learner never changed becomes the newer one; beside a changed one the newer is
        laid under another name. Killed at any instant, the next call finishes the work.
        """
        self._sweep()
        seen = self._read_record()
        sentences = [sentence for notebook in self.shipped() for sentence in self._update(notebook, seen)]
        self._write_record(seen)
        return sentences

    def reset(self, lesson: str) -> list[str]:
        """Brings back the shipped notebooks of a lesson ("03"), keeping each changed one under another name.

        Also takes a full name ("exercises/03" or "03_visibility_timeout"). Returns one sentence for each
        notebook; raises LabError when no notebook has that name.
        """
        chosen = self.named(lesson)
        sentences = [self._reset(notebook) for notebook in chosen]
        self._write_record(self._read_record() | {notebook.name: version(notebook.content) for notebook in chosen})
        return sentences

    def named(self, lesson: str) -> list[Shipped]:
        """The shipped notebooks that "03", "03_visibility_timeout" or "exercises/03" means.

        Raises LabError, naming the lessons that exist, when there is none.
        """
        chosen = [notebook for notebook in self.shipped() if _matches(notebook.name, lesson)]
        if not chosen:
            raise error(words.NO_LESSON, given=lesson, names=", ".join(self.lessons()) or say(words.NONE_YET))
        return chosen

    def lessons(self) -> list[str]:
        """The lessons' names without their ending, in reading order."""
        names = [notebook.name for notebook in self.shipped() if "/" not in notebook.name]
        return [name.removesuffix(".ipynb") for name in names if name.endswith(".ipynb")]

    def _update(self, notebook: Shipped, seen: Record) -> Iterator[str]:
        target, before, now = self.folder / notebook.name, seen.get(notebook.name), version(notebook.content)
        seen[notebook.name] = now
        if not target.exists():
            _write(target, notebook.content)
        elif before != now and (mine := version(target.read_bytes())) != now:
            if before and mine["cells"] == before["cells"]:
                _write(target, notebook.content)
                yield say(words.NOW_NEWER, name=notebook.name)
            else:
                beside = free_name(target, "new")
                _write(beside, notebook.content)
                yield say(words.NEWER_BESIDE, name=notebook.name, beside=beside.name)

    def _reset(self, notebook: Shipped) -> str:
        target = self.folder / notebook.name
        if target.exists() and target.read_bytes() == notebook.content:
            return say(words.AS_SHIPPED, name=notebook.name)
        if not target.exists():
            _write(target, notebook.content)
            return say(words.BACK, name=notebook.name)
        kept = free_name(target, "old")
        _write(kept, target.read_bytes())
        _write(target, notebook.content)
        return say(words.RESET, name=notebook.name, kept=kept.name)

    def _read_record(self) -> Record:
        try:
            record = json.loads((self.folder / RECORD).read_text("utf-8"))
        except (OSError, ValueError):
            # A lost record only means that a changed notebook gets one newer version too many beside it.
            return {}
        return record if isinstance(record, dict) else {}

    def _write_record(self, seen: Record) -> None:
        _write(self.folder / RECORD, json.dumps(seen, indent=1, sort_keys=True).encode())

    def _sweep(self) -> None:
        """Removes what a copy killed in the middle left behind: its hidden temporary file."""
        for leftover in self.folder.rglob(".*.labkit-copy"):
            if time.time() - leftover.stat().st_mtime > 60:
                leftover.unlink(missing_ok=True)


def version(content: bytes) -> Version:
    """Two digests of a notebook: of the whole file, and of its cells' text alone.

    JupyterLab rewrites outputs and metadata when it saves, so only the cells tell whether a learner changed it.
    """
    try:
        cells = [[cell["cell_type"], "".join(cell["source"])] for cell in json.loads(content)["cells"]]
    except (ValueError, LookupError, TypeError):
        return {"file": _sha256(content), "cells": _sha256(content)}
    return {"file": _sha256(content), "cells": _sha256(json.dumps(cells).encode())}


def free_name(path: Path, word: str) -> Path:
    """The first name of `lesson.new.ipynb`, `lesson.new-2.ipynb`, ... that is not taken."""
    number = 1
    while (free := path.with_suffix(f".{word}{'' if number == 1 else f'-{number}'}{path.suffix}")).exists():
        number += 1
    return free


def command(arguments: list[str]) -> int:
    """`labkit reset 03`: brings back a lesson's notebooks; returns the exit code."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        raise error(words.RESET_USAGE)
    print("\n".join(MyCourse.here().reset(arguments[0])))
    return 0


def _matches(name: str, wanted: str) -> bool:
    stem, wanted = name.removesuffix(".ipynb"), wanted.removesuffix(".ipynb")
    if "/" in wanted:
        return stem == wanted or stem.startswith(f"{wanted}_")
    return stem.rpartition("/")[2] == wanted or stem.rpartition("/")[2].startswith(f"{wanted}_")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a kill leaves the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.labkit-copy")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
