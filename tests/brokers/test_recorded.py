"""Where no broker can run, lesson 22 shows its recording, is not built, and is never reported as run."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from labkit.brokers.engines import why_not_run
from labkit.builder.execute import execute

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "notebooks" / "22_amazon_mq_migration.ipynb"
STRICT = ["-m", "pytest", "-q", "-p", "labkit.builder.strict_nbval", "-p", "no:cacheprovider", "--nbval", str(LESSON)]


@pytest.fixture
def without_activemq(tmp_path, monkeypatch):
    """Processes that are started from here find no jmspy."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['jmspy'] = None\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT)]))
    monkeypatch.setenv("CI", "")
    monkeypatch.delenv("LABKIT_COURSE", raising=False)


def run(*words):
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_tag_names_the_engine_that_a_cell_needs():
    assert why_not_run(["raises-ClientError", "solution:1"]) == ""
    with pytest.raises(KeyError):
        why_not_run(["needs-another"])


@pytest.mark.live
def test_the_lessons_cells_show_what_was_recorded(without_activemq):
    stored = nbformat.read(LESSON, as_version=4)
    notebook = nbformat.read(LESSON, as_version=4)
    execute(notebook, LESSON.parent)
    cells = {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}
    needing = [cell for cell in stored.cells if "needs-activemq" in cell.metadata.get("tags", [])]
    assert len(needing) > 20
    for cell in needing:
        texts = [str(output.get("text", "")) for output in cells[cell.id].outputs]
        assert "Recorded on 2026-11-23, not run here:" in texts[0]
        old = [output.get("text", "") for output in cell.outputs if output.output_type == "stream"]
        assert all(text.strip() in "".join(texts) for text in old)
    others = [cell for cell in stored.cells if cell.cell_type == "code" and cell not in needing]
    assert [cell.id for cell in others[4:] if cells[cell.id].outputs != cell.outputs] == []


@pytest.mark.live
def test_it_is_reported_as_not_run(without_activemq, monkeypatch):
    code, text = run(*STRICT)
    assert (code, "1 skipped" in text, "cells compared: 0" in text) == (0, True, True)
    assert "22_amazon_mq_migration.ipynb: ActiveMQ is not installed here (missing: jmspy)" in text
    monkeypatch.setenv("CI", "true")
    code, text = run(*STRICT)
    assert (code, "in CI nothing may be skipped" in text) == (1, True)


@pytest.mark.live
def test_it_is_not_built_from_a_recording(without_activemq):
    before = LESSON.read_bytes()
    code, text = run("-m", "labkit.cli", "build", "22")
    assert code == 1
    assert "can only be built where its broker runs: ActiveMQ is not installed here" in text
    assert LESSON.read_bytes() == before
