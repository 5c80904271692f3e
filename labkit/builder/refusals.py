"""Why a stored notebook can't be tested strictly: each reason with its cell, found before anything runs."""

from typing import Any

from nbval.plugin import comment_markers, metadata_tags

from labkit.builder.outputs import output_problem

REFUSED_TAGS = set(metadata_tags) - {"raises-exception"}
REFUSED_MIMES = {"application/vnd.jupyter.widget-view+json"}


def refusals(cells: list[Any]) -> list[str]:
    """One sentence a problem, each starting with the cell's id; empty when every output will be compared."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    return [f"cell {cell.id}: {problem}." for count, cell in enumerate(code, 1) for problem in _problems(cell, count)]


def _problems(cell: Any, count: int) -> list[str]:
    found = [f"the marker {line} is not allowed" for line in map(str.strip, cell.source.splitlines()) if _marks(line)]
    found += [f"the tag {tag} is not allowed" for tag in cell.metadata.get("tags", []) if tag in REFUSED_TAGS]
    if cell.execution_count is None:
        found.append("it was never run, so nothing would be compared; run labkit build")
    elif cell.execution_count != count:
        found.append(f"it was run as number {cell.execution_count} instead of {count}; run labkit build")
    if any(REFUSED_MIMES & set(output.get("data", {})) for output in cell.outputs):
        found.append("it stores a widget's view, which nbval never compares; run labkit build")
    return found + [problem for problem in [output_problem(cell)] if problem]


def _marks(line: str) -> bool:
    return line.startswith("#") and line.lstrip("#").strip() in comment_markers
