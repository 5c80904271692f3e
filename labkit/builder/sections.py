"""A lesson's sections: each starts at a `## ` heading; what comes before the first is the import cells."""

import re
from typing import Any

_HEADING = re.compile(r"## \S")


def sections(cells: list[Any]) -> list[list[Any]]:
    """The cells before the first section, then those of each section."""
    starts = [number for number, cell in enumerate(cells) if _starts_section(cell)]
    return [cells[start:end] for start, end in zip([0, *starts], [*starts, len(cells)], strict=True)]


def _starts_section(cell: Any) -> bool:
    return cell.cell_type == "markdown" and _HEADING.match(cell.source) is not None
