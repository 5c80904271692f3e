"""A lesson's sections: each starts at a `## ` heading; what comes before the first is the import cells."""

import re
from typing import Any

from labkit.builder.prose import replace_in_prose

_HEADING = re.compile(r"## \S")
_HIDDEN = re.compile(r"(?<=\n) {0,3}## +\S[^\n]*")


def sections(cells: list[Any]) -> list[list[Any]]:
    """The cells before the first section, then those of each section."""
    starts = [number for number, cell in enumerate(cells) if _starts_section(cell)]
    return [cells[start:end] for start, end in zip([0, *starts], [*starts, len(cells)], strict=True)]


def hidden_sections(text: str) -> list[str]:
    """The headings in the middle of a text cell whose sections would be none; quoted ones don't count."""
    found: list[str] = []

    def note(heading: re.Match[str]) -> str:
        found.append(heading[0].strip())
        return heading[0]

    replace_in_prose(text, _HIDDEN, note)
    return found


def _starts_section(cell: Any) -> bool:
    return cell.cell_type == "markdown" and _HEADING.match(cell.source) is not None
