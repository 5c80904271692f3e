"""What the tests of both lessons with recordings share: processes that lack a package, and what a lesson then shows."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat

from labkit.builder.execute import execute

ROOT = Path(__file__).parents[2]
STRICT = ["-m", "pytest", "-q", "-p", "labkit.builder.strict_nbval", "-p", "no:cacheprovider", "--nbval"]


def hide(package, tmp_path, monkeypatch):
    """Processes that are started from here do not find the package."""
    (tmp_path / "sitecustomize.py").write_text(f"import sys\nsys.modules[{package!r}] = None\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT)]))
    monkeypatch.setenv("CI", "")
    monkeypatch.delenv("LABKIT_COURSE", raising=False)


def run(*words):
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def shows_what_was_recorded(lesson, tag, more_than):
    """Run a lesson: each cell with that tag shows its stored outputs, marked. Returns the other code cells, twice."""
    stored, notebook = (nbformat.read(lesson, as_version=4) for _ in range(2))
    execute(notebook, lesson.parent)
    cells = {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}
    needing = [cell for cell in stored.cells if tag in cell.metadata.get("tags", [])]
    assert len(needing) > more_than
    for cell in needing:
        texts = [str(output.get("text", "")) for output in cells[cell.id].outputs]
        assert "Recorded on 2026-11-30, not run here:" in texts[0]
        old = [output.get("text", "") for output in cell.outputs if output.output_type == "stream"]
        assert all(text.strip() in "".join(texts) for text in old)
    return [(cell, cells[cell.id]) for cell in stored.cells if cell.cell_type == "code" and cell not in needing]


def is_reported_as_not_run(lesson, reason, monkeypatch):
    """Its strict run is skipped with the reason, and is a failure in CI."""
    code, text = run(*STRICT, str(lesson))
    assert (code, "1 skipped" in text, "cells compared: 0" in text) == (0, True, True)
    assert f"{lesson.name}: {reason}" in text
    monkeypatch.setenv("CI", "true")
    code, text = run(*STRICT, str(lesson))
    assert (code, "in CI nothing may be skipped" in text) == (1, True)
