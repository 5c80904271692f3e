"""What a code cell may store: nothing that nbval can't compare, and errors only where the source names them."""

from typing import Any

from labkit.builder.named_errors import error_problem

REFUSED_MIMES = {"image/png", "image/jpeg"}


def output_problem(cell: Any) -> str | None:
    """Why a code cell's outputs can't be shipped: an unnamed or missing error, or a picture nbval can't compare."""
    for output in cell.outputs:
        refused = REFUSED_MIMES & set(output.get("data", {}))
        if refused:
            return f"it shows {sorted(refused)[0]}, which nbval never compares; show an SVG or a plotly figure"
    return error_problem(cell)
