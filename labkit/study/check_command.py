"""`labkit check ID [FILE]`: judges the answer in a notebook or Python file without running the rest of it."""

from __future__ import annotations

import ast
import json
import linecache
import sys
from pathlib import Path
from typing import Any

from labkit.study.check import check
from labkit.study.course.journal import journal
from labkit.study.course.progress import use_course
from labkit.study.exercise import Exercise, Function, exercise
from labkit.words import check as words
from labkit.words import error, say

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


def main(arguments: list[str]) -> int:
    """Print the result of one check; returns 0 when the answer is right, 1 when it is not, 2 when asked wrongly."""
    if len(arguments) not in (1, 2) or arguments[0].startswith("-"):
        print(say(words.USAGE), file=sys.stderr)
        return 2
    chosen = exercise(arguments[0])
    use_course()
    file = Path(arguments[1]) if len(arguments) == 2 else _own_notebook(chosen)
    result = check(chosen.id, *answer_in(file, chosen))
    print(result.plain())
    return 0 if result.right else 1


def _own_notebook(chosen: Exercise) -> Path:
    path = journal().path
    assert path is not None
    return path.parent / "exercises" / f"{Path(chosen.source).stem}.ipynb"


def answer_in(file: Path, chosen: Exercise) -> list[Function]:
    """Return the functions that answer an exercise from a .ipynb or .py file, with what is defined beside them.

    Only imports, functions, classes and plain assignments are run. Raises `LabError` when there is no such function,
    the file cannot be read, or a definition fails.
    """
    defined: dict[str, Any] = {"__name__": "answer"}
    for number, source in enumerate(_sources(file)):
        _define(source, f"<{file.name} {number}>", defined, file)
    for name in chosen.names:
        if not callable(defined.get(name)):
            raise error(words.NO_ANSWER, name=name, file=file)
    return [defined[name] for name in chosen.names]


def _sources(file: Path) -> list[str]:
    try:
        text = file.read_text("utf-8")
        if file.suffix != ".ipynb":
            return [text]
        return ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise error(words.UNREADABLE, file=file, reason=problem) from None


def _define(source: str, name: str, defined: dict[str, Any], file: Path) -> None:
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    plain = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
    try:
        tree = ast.parse(plain, name)
        tree.body = [statement for statement in tree.body if isinstance(statement, DEFINITIONS)]
        exec(compile(tree, name, "exec"), defined)
    except Exception as problem:
        raise error(words.NOT_PYTHON, file=file, reason=problem) from None
