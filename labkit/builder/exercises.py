"""One source, two notebooks: the solution as it is, and the learner's with each solution cut out.

Markers, stub and cell metadata are nbgrader's (0.9.5, schema version 3), so that its tools can be used on the result.
A cell tagged `solution:ID` holds the markers, a cell tagged `check:ID` is the check of exercise ID.
"""

import re
from typing import Any

_SOLUTION = re.compile(r"(?m)^(?P<indent>[ \t]*)### BEGIN SOLUTION[ \t]*\n(?:.*\n)*?[ \t]*### END SOLUTION[ \t]*$")
_STUB = r"\g<indent># YOUR CODE HERE\n\g<indent>raise NotImplementedError()"
_MARKER = re.compile(r"### (?:BEGIN|END) SOLUTION")


def exercise_problem(cell: Any) -> str | None:
    """What is wrong with a cell's markers and tags; None when nothing is."""
    left_over = _MARKER.search(_SOLUTION.sub("", cell.source))
    tagged = _exercise_id(cell, "solution") is not None
    if left_over:
        return f"{left_over[0]} without its other half"
    if tagged != bool(_SOLUTION.search(cell.source)):
        return "a cell tagged solution:ID needs ### BEGIN SOLUTION and ### END SOLUTION, and only it may have them"
    return None


def add_nbgrader_metadata(cell: Any) -> None:
    """Say in nbgrader's own words which cells the learner fills in and which one checks."""
    solution, check = _exercise_id(cell, "solution"), _exercise_id(cell, "check")
    if solution or check:
        about: dict[str, Any] = {"grade": bool(check), "solution": bool(solution), "locked": bool(check), "task": False}
        about |= {"grade_id": solution or f"check-{check}", "schema_version": 3}
        cell.metadata["nbgrader"] = about | ({"points": 1} if check else {})


def cut_solution(cell: Any) -> None:
    """Put nbgrader's stub where the solution was."""
    cell.source = _SOLUTION.sub(_STUB, cell.source)


def _exercise_id(cell: Any, what: str) -> str | None:
    tags = cell.metadata.get("tags", [])
    return next((tag.removeprefix(f"{what}:") for tag in tags if tag.startswith(f"{what}:")), None)
