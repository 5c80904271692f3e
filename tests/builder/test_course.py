"""The shipped tree: each built notebook is what its source says, and can be compared in full."""

import re
from pathlib import Path

import nbformat

from labkit.builder.cards import not_documented
from labkit.builder.norms import beyond, measure
from labkit.builder.refusals import refusals
from labkit.builder.source import Kind, read_cells, sources
from labkit.builder.work import differences
from labkit.ledger import claim

ROOT = Path(__file__).parents[2]


def test_every_notebook_is_as_its_source():
    """`labkit build --check` finds no difference in any lesson, solution or exercise."""
    assert [found for source in sources(ROOT) for found in differences(source, claim)] == []


def test_every_notebook_comes_from_a_source_and_is_compared_whole():
    """No notebook without a source, no marker, no unrun cell, no PNG."""
    built = {path for folder in ("notebooks", "exercises", "solutions") for path in (ROOT / folder).glob("*.ipynb")}
    assert built == {source.built for source in sources(ROOT)}
    problems = [(path.name, refusals(nbformat.read(path, as_version=4).cells)) for path in sorted(built)]
    assert [problem for problem in problems if problem[1]] == []


def test_every_lesson_is_on_the_maps_of_the_course():
    """Lesson 00 links each lesson by its file, and the README names it."""
    names = {path.stem for path in (ROOT / "notebooks").glob("[0-9]*.py")}
    start = (ROOT / "notebooks" / "00_start_here.py").read_text("utf-8")
    linked = set(re.findall(r"\]\((\w+)\.ipynb\) \|", start))
    assert names - {"00_start_here"} <= linked
    listed = set(re.findall(r"(?m)^\| `(\d\d\w*_\w+)` \|", (ROOT / "README.md").read_text("utf-8")))
    assert names <= listed
    assert linked | {"00_start_here"} == listed


def test_every_lesson_keeps_the_norms_of_form():
    """How long it is, how soon it shows something, and that what "AWS documents" is AWS's own."""
    lessons = [source for source in sources(ROOT) if source.kind is Kind.LESSON]
    found = {}
    for source in lessons:
        figures = beyond(measure(nbformat.read(source.built, as_version=4)))
        found[source.number] = {figure.rpartition(" ")[0] for figure in figures}
        found[source.number] |= set(not_documented(read_cells(source), claim))
    assert {number: problems for number, problems in found.items() if problems} == {}
