"""A learner's folder for each test, or none."""

import pytest

from labkit.study.course import journal as journals
from labkit.study.predict import predict


@pytest.fixture(autouse=True)
def no_course(monkeypatch):
    """Nothing is kept beyond a test."""
    monkeypatch.delenv("LABKIT_COURSE", raising=False)
    journals._journal.cache_clear()
    predict._asked.clear()


@pytest.fixture
def course(monkeypatch, tmp_path):
    """A folder that LABKIT_COURSE names."""
    monkeypatch.setenv("LABKIT_COURSE", str(tmp_path))
    return tmp_path
