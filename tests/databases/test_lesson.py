"""Lesson 09 on PostgreSQL: the same cells, the same experiments, the same outputs."""

import os
from pathlib import Path

import nbformat
import psycopg
import pytest

from labkit.builder.execute import execute

LESSON = Path(__file__).parents[2] / "notebooks" / "09_database_buffer.ipynb"
# What the two databases call the same thing.
SAME = {
    "Busy: canceling statement due to lock timeout": "Busy: database is locked",
    "UniqueViolation: duplicate key value violates unique constraint": "IntegrityError: UNIQUE constraint failed",
}


def outputs(notebook):
    """Each code cell's outputs as text, with errors in one database's words."""
    return [[told(output) for output in cell.outputs] for cell in notebook.cells if cell.cell_type == "code"]


def told(output):
    if output.output_type != "error":
        return output.get("text") or output.data["text/plain"]
    text = f"{output.ename}: {output.evalue}"
    found = next((begin for begin in (*SAME, *SAME.values()) if text.startswith(begin)), text)
    return SAME.get(found, found)


@pytest.mark.live
def test_lesson_09_shows_the_same_on_postgresql(postgresql, monkeypatch):
    notebook = nbformat.read(LESSON, as_version=4)
    stored = outputs(notebook)
    monkeypatch.setenv("LABKIT_DATABASE", postgresql)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(LESSON.parents[1]), os.environ.get("PYTHONPATH", "")]))
    execute(notebook, LESSON.parent)
    assert outputs(notebook) == stored
    with psycopg.connect(postgresql) as connection:
        used, left = connection.execute(
            "select (select xact_commit from pg_stat_database where datname = 'postgres'),"
            " (select count(*) from information_schema.schemata where schema_name like 'labkit%')"
        ).fetchone()
    assert used > 1000, "it was PostgreSQL that answered"
    assert left == 0, "the kernel's end has removed what its labs had"
