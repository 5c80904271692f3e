"""The column "AWS documents" of an honesty card: what stands there has to be read in AWS's own documentation.

What somebody recorded or reported is as true, but a learner who looks for it in AWS's pages looks in vain.
"""

import re
from collections.abc import Iterator
from typing import Any

from labkit.builder.marks import Lookup, marks_in

_COLUMN = "AWS documents"
_CARD = re.compile(r"(?m)^\|(?P<head>.+)\|[ ]*\n\|[-| :]+\|[ ]*\n(?P<rows>(?:\|.*\|[ ]*(?:\n|\Z))+)")


def not_documented(cells: list[Any], lookup: Lookup) -> list[str]:
    """The claims that stand in such a column although AWS's own pages were not what they were read in."""
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    marked = [mark for text in texts for entry in _entries(text) for mark in marks_in(entry)]
    return [mark for mark in dict.fromkeys(marked) if lookup(mark).evidence != "documented"]


def _entries(text: str) -> Iterator[str]:
    for card in _CARD.finditer(text):
        heads = [head.strip() for head in card["head"].split("|")]
        if _COLUMN in heads:
            for row in card["rows"].splitlines():
                yield row.strip().strip("|").split("|")[heads.index(_COLUMN)]
