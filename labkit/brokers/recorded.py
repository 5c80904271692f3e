"""A lesson's recorded outputs, shown in the place of cells whose broker cannot run on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from labkit.brokers.engines import TAG, why_not
from labkit.jupyter import instead_of_cells
from labkit.words import brokers as words
from labkit.words import say

SHOW = "__import__('importlib').import_module('labkit.brokers.recorded').show({lesson!r}, {cell!r})"
_recorded: dict[str, Recording] = {}


class Recording:
    """The stored outputs of a lesson's cells that need an engine; `made` is the day on which they were recorded."""

    def __init__(self, lesson: str, engine: str, made: str) -> None:
        import nbformat

        self.made, self.reason = made, why_not(engine)
        root = Path(os.environ.get("LABKIT_COURSE") or Path(__file__).parents[2])
        (path,) = (root / "notebooks").glob(f"{lesson}_*.ipynb")
        tag = f"{TAG}{engine}"
        needing = [cell for cell in nbformat.read(path, as_version=4).cells if tag in cell.metadata.get("tags", [])]
        self.cells = {cell.source: cell for cell in needing}
        self.by_id = {cell.id: cell for cell in needing}


def broker_or_recording(lesson: str, engine: str, *, recorded: str) -> None:
    """Do nothing where an engine's brokers run; elsewhere replace the lesson's cells that need one.

    Such a cell then shows what it showed on the day `recorded`, and says so; a cell that was changed is run.
    """
    if not why_not(engine):
        return
    recording = _recorded[lesson] = Recording(lesson, engine, recorded)

    def find(source: str) -> str | None:
        cell = recording.cells.get(source)
        return None if cell is None else SHOW.format(lesson=lesson, cell=cell["id"])

    instead_of_cells(find)
    print(say(words.RECORDED_LESSON, reason=recording.reason, day=recorded))


def show(lesson: str, cell_id: str) -> None:
    """Show one cell's recorded outputs, marked as such."""
    from IPython.display import publish_display_data

    recording = _recorded[lesson]
    print(say(words.RECORDED_CELL, day=recording.made))
    for output in recording.by_id[cell_id]["outputs"]:
        if "data" in output:
            publish_display_data(output.data)
        else:
            print(output.text if "text" in output else f"{output.ename}: {output.evalue}")
