"""How a notebook compares with the norms of form: printed for its author, never enforced."""

import statistics
from typing import Any

from labkit.builder.form import words_in
from labkit.builder.named_errors import wanted_error
from labkit.builder.sections import sections

NORMS = {
    "cells": "35-60",
    "text cells a code cell": "about 1",
    "median lines a code cell": "<= 3",
    "longest code cell": "<= 12",
    "words a code line": "12-18",
    "figures": "<= 5",
    "named errors": ">= 1",
    "set-up lines": "one a section",
    "words": "",
}


def measure(notebook: Any) -> dict[str, float]:
    """The figures of NORMS for one notebook."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    lines = [len([line for line in cell.source.splitlines() if line.strip()]) for cell in code] or [0]
    words = words_in(notebook.cells)
    return {
        "cells": len(notebook.cells),
        "text cells a code cell": round(len(texts) / max(1, len(code)), 2),
        "median lines a code cell": statistics.median(lines),
        "longest code cell": max(lines),
        "words a code line": round(words / max(1, sum(lines)), 1),
        "figures": sum(_has_picture(cell) for cell in code),
        "named errors": sum(wanted_error(cell.metadata.get("tags", [])) is not None for cell in code),
        "set-up lines": len(
            [part for part in sections(notebook.cells)[1:] if any(cell.cell_type == "code" for cell in part)]
        ),
        "words": words,
    }


def show(measured: dict[str, float]) -> str:
    """One line: each figure with its norm."""
    norms = [f"{name} {value:g}" + (f" ({NORMS[name]})" if NORMS[name] else "") for name, value in measured.items()]
    return ", ".join(norms)


def _has_picture(cell: Any) -> bool:
    data = [output.get("data", {}) for output in cell.outputs]
    return any("application/vnd.plotly.v1+json" in one or "<img" in str(one.get("text/html", "")) for one in data)
