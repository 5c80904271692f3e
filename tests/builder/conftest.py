"""A small course of one lesson and one exercise, copied and built once for all tests."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from labkit.builder.source import LessonSource, sources
from labkit.builder.work import build

COURSE = Path(__file__).parent / "course"
VALUES = {"vis-2": "30 seconds", "vis-3": None}


def claim(claim_id: str) -> SimpleNamespace:
    """A ledger of two claims, the second without a value."""
    if claim_id not in VALUES:
        raise LookupError(f"there is no claim {claim_id!r}")
    page = SimpleNamespace(url="https://docs.aws.amazon.com/page")
    return SimpleNamespace(id=claim_id, value=VALUES[claim_id], lesson="03", sources=[page])


@pytest.fixture(scope="session")
def lookup() -> Callable[[str], SimpleNamespace]:
    """How the builder asks that ledger."""
    return claim


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A copy of the course's sources, nothing built."""
    shutil.copytree(COURSE, tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture(scope="session")
def built_course(tmp_path_factory) -> Path:
    """The course with its three notebooks built."""
    root = tmp_path_factory.mktemp("built") / "course"
    shutil.copytree(COURSE, root)
    os.environ["PYTHONPATH"] = os.getcwd()
    for source in sources(root):
        build(source, claim)
    return root


@pytest.fixture
def lesson(course: Path) -> LessonSource:
    """The copy's lesson, to be changed by a test."""
    return sources(course)[0]
