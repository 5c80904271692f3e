"""The shipped tree: each built notebook is what its source says, and can be compared in full."""

import re
from pathlib import Path

import nbformat

from labkit.builder.refusals import refusals
from labkit.builder.source import sources
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
