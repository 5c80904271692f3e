"""Where the learner stopped: the cell that ran last, and the lesson and section that it stands in."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from labkit.jupyter import current_cell_id, on_cell
from labkit.study.course.journal import journal

_CELL = re.compile(r"(?P<lesson>\d\d[a-z]?)-(?P<exercise>exercise-)?\d+")
START_PAGE = "00-"
_last: list[str] = []


class Place(NamedTuple):
    """A file of the learner's folder ("exercises/03_..." for an exercise) and its section's heading or ""."""

    lesson: str
    file: str
    section: str


def remember() -> None:
    """Keep in the journal, from now on, which cell of the course ran last; does nothing outside a notebook."""
    on_cell(_begin, _end)


def _begin() -> None:
    pass  # a cell counts when it has ended


def _end(failure: BaseException | None) -> None:
    cell = current_cell_id()
    if cell is not None and _CELL.fullmatch(cell) and _last != [cell]:
        _last[:] = [cell]
        journal().append({"kind": "place", "cell": cell})


def stopped(folder: Path | None) -> Place | None:
    """Return where the cell that ran last stands in the notebooks of a folder; None when no cell ran.

    The start page, where one asks, counts only as long as nothing else was run.
    """
    cells = [str(entry["cell"]) for entry in journal().entries() if entry.get("kind") == "place"]
    elsewhere = [cell for cell in cells if not cell.startswith(START_PAGE)]
    last = (elsewhere or cells or [""])[-1]
    found = _CELL.fullmatch(last)
    if found is None:
        return None
    if folder is None:
        return Place(found["lesson"], "", "")
    notebooks = _notebooks(folder, found["lesson"], bool(found["exercise"]))
    for notebook in notebooks:
        section = _section(notebook, last)
        if section is not None:
            return Place(found["lesson"], notebook.relative_to(folder).as_posix(), section)
    return Place(found["lesson"], notebooks[0].relative_to(folder).as_posix() if notebooks else "", "")


def _notebooks(folder: Path, lesson: str, exercise: bool) -> list[Path]:
    return sorted((folder / "exercises" if exercise else folder).glob(f"{lesson}_*.ipynb"))


def _section(notebook: Path, cell_id: str) -> str | None:
    """The last heading before a cell; None when the notebook does not have the cell."""
    try:
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return None
    heading = ""
    for cell in cells:
        if cell.get("cell_type") == "markdown":
            heads = re.findall(r"(?m)^##? +(.+)$", "".join(cell["source"]))
            heading = heads[-1] if heads else heading
        if cell.get("id") == cell_id:
            return heading
    return None
