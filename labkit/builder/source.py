"""The course's sources, and the notebooks' cells that one of them stands for before anything is executed."""

from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

import jupytext
import nbformat

from labkit.builder.named_errors import wanted_error

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


# "03_visibility_timeout", and "22b_rabbitmq" beside "22_amazon_mq_migration".
NUMBERED = "[0-9][0-9]*_*.py"


class BuildError(Exception):
    """The source can't become a notebook; the message says which cell and what to do."""

    _labkit_plain_ = True


class Kind(Enum):
    """What a notebook is for; the value is its folder."""

    LESSON = "notebooks"
    SOLUTION = "solutions"
    EXERCISE = "exercises"


class LessonSource(NamedTuple):
    """One notebook to build: its percent-format source, and the notebook it becomes."""

    path: Path
    kind: Kind

    @property
    def number(self) -> str:
        """The lesson's number, "03"."""
        return self.path.stem.partition("_")[0]

    @property
    def built(self) -> Path:
        """Where the notebook lies: beside its source, an exercise's in exercises/ under the same name."""
        return self.path.parent.parent / self.kind.value / f"{self.path.stem}.ipynb"

    def __str__(self) -> str:
        return f"{self.kind.value}/{self.path.stem}"


def sources(root: Path, numbers: list[str] | None = None) -> list[LessonSource]:
    """The course's notebooks under `root` in reading order: all, or those of the lessons numbered "03", "04".

    BuildError: a number that no lesson has.
    """
    found = [LessonSource(path, Kind.LESSON) for path in sorted((root / "notebooks").glob(NUMBERED))]
    for path in sorted((root / "solutions").glob(NUMBERED)):
        found += [LessonSource(path, Kind.SOLUTION), LessonSource(path, Kind.EXERCISE)]
    known = {source.number for source in found}
    for number in numbers or []:
        if number not in known:
            raise BuildError(f"There is no lesson {number}; there are: {', '.join(sorted(known)) or 'none'}.")
    return sorted((one for one in found if not numbers or one.number in numbers), key=lambda one: one.path.stem)


def read_cells(source: LessonSource) -> list[Any]:
    """The source's cells with stable ids, only the metadata that counts, and no outputs."""
    prefix = source.number if source.kind is Kind.LESSON else f"{source.number}-exercise"
    cells = jupytext.read(source.path, fmt="py:percent").cells
    return [_cell(cell, f"{prefix}-{number:02d}", f"{source} cell {number}") for number, cell in enumerate(cells)]


def _cell(cell: Any, cell_id: str, where: str) -> Any:
    if cell.cell_type == "markdown":
        return nbformat.v4.new_markdown_cell(cell.source, id=cell_id)
    if cell.cell_type != "code" or not cell.source.strip():
        raise BuildError(f"{where}: an empty code cell or a {cell.cell_type} cell; use markdown or code.")
    tags = sorted(set(cell.metadata.get("tags", [])))
    if any(tag.startswith("raises") for tag in tags) and wanted_error(tags) is None:
        raise BuildError(f'{where}: name the error, tags=["raises-ClientError:ReceiptHandleIsInvalid"].')
    tags = sorted({*tags, "raises-exception"}) if wanted_error(tags) else tags
    return nbformat.v4.new_code_cell(cell.source, id=cell_id, metadata={"tags": tags} if tags else {})


def notebook_of(cells: list[Any]) -> Any:
    """A notebook of these cells with the fixed metadata."""
    return nbformat.v4.new_notebook(cells=cells, metadata=METADATA, nbformat_minor=5)


def as_text(notebook: Any) -> str:
    """The notebook's file, byte for byte."""
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
