"""From a source to its notebook, and whether a built notebook still is what its source says."""

import re
from functools import partial
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from labkit.brokers.engines import why_not_run
from labkit.builder.cited import cited_differs, cited_file, write_cited
from labkit.builder.execute import execute
from labkit.builder.exercises import add_nbgrader_metadata, cut_solution, exercise_problem
from labkit.builder.form import form_problems, put_minutes
from labkit.builder.marks import MARK, Lookup, UnknownMark, marks_in, replace_marks
from labkit.builder.outputs import output_problem
from labkit.builder.prose import unproved
from labkit.builder.source import BuildError, Kind, LessonSource, as_text, notebook_of, read_cells
from labkit.words import brokers as words
from labkit.words import say

_ROW = re.compile(r"<\w+[^>]*\sid=\"([^\"]+)\"")


def build(source: LessonSource, lookup: Lookup) -> Any:
    """Execute one notebook and write it; the same source gives the same bytes. `lookup(id)` is the ledger's claim.

    BuildError: each problem with its cell; nothing is written then.
    """
    notebook = inputs(source, lookup)
    reason = why_not_run(notebook.cells)
    if reason:
        raise BuildError(f"{source}: {say(words.NOT_BUILT, reason=reason)}")
    if source.kind is Kind.LESSON:
        write_cited(source)
    try:
        execute(notebook, source.built.parent if source.built.parent.is_dir() else source.path.parent)
    except (CellTimeoutError, DeadKernelError) as error:
        raise BuildError(f"{source}: the kernel gave up: {error}") from None
    code = [(number, cell) for number, cell in enumerate(notebook.cells) if cell.get("execution_count")]
    problems = [(number, problem) for number, cell in code if (problem := output_problem(cell))]
    _raise(source, problems)
    if source.kind is Kind.LESSON:
        _raise(source, _marks_without_a_row(source, notebook, lookup))
    source.built.parent.mkdir(exist_ok=True)
    source.built.write_text(as_text(notebook), encoding="utf-8")
    return notebook


def inputs(source: LessonSource, lookup: Lookup) -> Any:
    """The notebook as its source says it, not executed: marks and minutes put, solutions cut for the learner.

    BuildError: unknown marks, unproved numbers, lacking answers, wrong solution markers, each with its cell.
    """
    cells, problems = read_cells(source), []
    if source.kind is Kind.LESSON:
        texts = [(number, cell.source) for number, cell in enumerate(cells) if cell.cell_type == "markdown"]
        problems += [(number, problem) for number, text in texts for problem in form_problems(text)]
        put_minutes(cells)
    for number, cell in enumerate(cells):
        found = _text_problems(cell, lookup, source) if cell.cell_type == "markdown" else [exercise_problem(cell)]
        problems += [(number, problem) for problem in found if problem]
    _raise(source, problems)
    for cell in cells:
        if source.kind is not Kind.LESSON:
            add_nbgrader_metadata(cell)
        if source.kind is Kind.EXERCISE:
            cut_solution(cell)
    return notebook_of(cells)


def differences(source: LessonSource, lookup: Lookup) -> list[str]:
    """Where the built notebook's inputs differ from the source, without executing; empty when it is up to date."""
    wanted = inputs(source, lookup).cells
    if not source.built.exists():
        return [f"{source}: not built; run labkit build {source.number}"]
    built = nbformat.read(source.built, as_version=4).cells
    pairs = zip(map(_input, wanted), map(_input, built), strict=False)
    changed = [number for number, (old, new) in enumerate(pairs) if old != new]
    changed += range(min(len(wanted), len(built)), max(len(wanted), len(built)))
    told = [f"{source} cell {number}: differs from its source" for number in changed]
    if source.kind is Kind.LESSON and cited_differs(source):
        told.append(f"{source}: cites other claims than {cited_file(source).name} of the ledger says")
    return [f"{one}; run labkit build {source.number}" for one in told]


def _text_problems(cell: Any, lookup: Lookup, source: LessonSource) -> list[str]:
    problems = unproved(cell.source, MARK)
    try:
        cell.source = replace_marks(cell.source, lookup, partial(address, source))
    except UnknownMark as unknown:
        problems.append(str(unknown))
    return problems


def address(source: LessonSource, claim: Any) -> str:
    """Where a claim's row is: in this lesson's closing table, in another lesson's, else the page it was read in."""
    if source.kind is Kind.LESSON and claim.lesson == source.number:
        return f"#{claim.id}"
    teaching = sorted((source.path.parent.parent / Kind.LESSON.value).glob(f"{claim.lesson}_*.py"))
    if source.kind is Kind.LESSON and teaching:
        return f"{teaching[0].stem}.ipynb#{claim.id}"
    return str(claim.sources[0].url)


def _marks_without_a_row(source: LessonSource, notebook: Any, lookup: Lookup) -> list[tuple[int, str]]:
    """A link that jumps nowhere is a broken promise: each marked claim of this lesson has a row in some output."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    rows = {row for output in outputs for row in _ROW.findall(str(output.get("data", {}).get("text/html", "")))}
    marked = [(number, mark) for number, cell in enumerate(read_cells(source)) for mark in _marks(cell)]
    own = [(number, mark) for number, mark in marked if address(source, lookup(mark)).startswith("#")]
    return [(number, f"no output has a row for {{{mark}}}") for number, mark in own if mark not in rows]


def _marks(cell: Any) -> list[str]:
    return marks_in(cell.source) if cell.cell_type == "markdown" else []


def _input(cell: Any) -> tuple[Any, ...]:
    return cell.id, cell.cell_type, cell.source, dict(cell.metadata)


def _raise(source: LessonSource, problems: list[tuple[int, str]]) -> None:
    if problems:
        raise BuildError("\n".join(f"{source} cell {number}: {problem}." for number, problem in problems))
