"""A small course of its own for each test, so that nothing touches the real one."""

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from labkit.study.course.my_course import MyCourse

ROOT = Path(__file__).parents[2]


def notebook(text: str) -> bytes:
    """A valid notebook with one sentence in it."""
    cell = {"cell_type": "markdown", "id": "only", "metadata": {}, "source": [text]}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of two lessons and an exercise, as `MyCourse.here()` finds it."""
    (tmp_path / "lab.py").touch()
    for name in ("notebooks/00_start_here", "notebooks/03_visibility_timeout", "exercises/03_visibility_timeout"):
        path = tmp_path / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(notebook(name))
    monkeypatch.setenv("LABKIT_COURSE", str(tmp_path))
    return MyCourse(tmp_path)


@pytest.fixture
def lab(tmp_path):
    """lab.py as a module, in a folder of its own with the files that it reads."""
    for name in ("lab.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    spec = importlib.util.spec_from_file_location("lab_under_test", tmp_path / "lab.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
