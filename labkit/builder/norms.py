"""How a notebook compares with the norms of form: printed for its author, never enforced."""

import statistics
from typing import Any

from labkit.builder.first import first_call, first_output
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
    "first output in code cell": "<= 3",
    "first call in code cell": "<= 4",
}
# What a lesson may not exceed without being told; None, nothing at all, exceeds any of them.
MOST = {"cells": 60, "figures": 5, "first output in code cell": 3, "first call in code cell": 4}


def measure(notebook: Any) -> dict[str, float | None]:
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
        "first output in code cell": first_output(code),
        "first call in code cell": first_call(code),
    }


def show(measured: dict[str, float | None]) -> str:
    """One line: each figure with its norm."""
    return ", ".join(
        _figure(name, value) + (f" ({NORMS[name]})" if NORMS[name] else "") for name, value in measured.items()
    )


def beyond(measured: dict[str, float | None]) -> list[str]:
    """The figures that exceed what a lesson should not: "cells 70"."""
    found = [(name, measured[name], most) for name, most in MOST.items()]
    return [_figure(name, value) for name, value, most in found if value is None or value > most]


def _figure(name: str, value: float | None) -> str:
    return f"{name} {'none' if value is None else format(value, 'g')}"


def _has_picture(cell: Any) -> bool:
    data = [output.get("data", {}) for output in cell.outputs]
    return any("application/vnd.plotly.v1+json" in one or "<img" in str(one.get("text/html", "")) for one in data)
