"""Where no RabbitMQ can be spoken to, lesson 22b shows its recording, and is never reported as run."""

import os

import nbformat
import pytest

from labkit.builder.execute import execute
from tests.brokers.test_recorded import ROOT, STRICT, run

LESSON = ROOT / "notebooks" / "22b_rabbitmq.ipynb"


@pytest.fixture
def without_pika(tmp_path, monkeypatch):
    """Processes that are started from here find no pika."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['pika'] = None\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT)]))
    monkeypatch.setenv("CI", "")
    monkeypatch.delenv("LABKIT_COURSE", raising=False)


@pytest.mark.live
def test_the_lessons_cells_show_what_was_recorded(without_pika):
    notebook, stored = (nbformat.read(LESSON, as_version=4) for _ in range(2))
    execute(notebook, LESSON.parent)
    shown = {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}
    needing = [cell for cell in stored.cells if "needs-rabbitmq" in cell.metadata.get("tags", [])]
    assert len(needing) > 15
    for cell in needing:
        texts = [str(output.get("text", "")) for output in shown[cell.id]]
        assert "Recorded on 2026-11-23, not run here:" in texts[0]
        old = [output.text for output in cell.outputs if output.output_type == "stream"]
        assert all(text.strip() in "".join(texts) for text in old)


@pytest.mark.live
def test_it_is_reported_as_not_run(without_pika, monkeypatch):
    words = [*STRICT[:-1], str(LESSON)]
    code, text = run(*words)
    assert (code, "1 skipped" in text, "cells compared: 0" in text) == (0, True, True)
    assert "22b_rabbitmq.ipynb: An application speaks to RabbitMQ with pika" in text
    monkeypatch.setenv("CI", "true")
    code, text = run(*words)
    assert (code, "in CI nothing may be skipped" in text) == (1, True)
