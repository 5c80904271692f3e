"""Which brokers can run on this machine and why not; cells that need one show a recording where it cannot."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from labkit.brokers import wheels
from labkit.brokers.rabbitmq_found import installed
from labkit.jupyter import instead_of_cells
from labkit.words import LabError, say
from labkit.words import brokers as words

TAG = "needs-"
SHOW = "__import__('importlib').import_module('labkit.brokers.engines').show({lesson!r}, {cell!r})"


def why_not(engine: str) -> str:
    """Return why no broker of an engine ("activemq" or "rabbitmq") can run here, in one sentence; "" where one can."""
    return REASONS[engine]()


def why_not_run(cells: Iterable[Mapping[str, Any]]) -> str:
    """Return the reason of the first engine that these cells' tags name and that cannot run here, or ""."""
    tags = {tag for cell in cells for tag in cell["metadata"].get("tags", [])}
    wanted = sorted(tag.removeprefix(TAG) for tag in tags if tag.startswith(TAG))
    return next((reason for engine in wanted if (reason := why_not(engine))), "")


def _activemq() -> str:
    if os.name == "nt":
        return say(words.NOT_ON_WINDOWS)
    missing = wheels.missing()
    return say(words.NO_ACTIVEMQ, missing=", ".join(missing)) if missing else ""


def _rabbitmq() -> str:
    try:
        installed()
    except LabError as missing:
        return str(missing)
    return ""


REASONS: dict[str, Callable[[], str]] = {"activemq": _activemq, "rabbitmq": _rabbitmq}


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
