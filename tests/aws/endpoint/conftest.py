"""One served lab for all tests here, sixty times as fast as real time; journals go to a folder of the test's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aws.served.process import Served, serving

SPEED = 60


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """A running `labkit serve`."""
    with serving("--speed", str(SPEED)) as running:
        yield running


@pytest.fixture(autouse=True)
def journals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where labs of this test note what they create."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "labkit" / "endpoints"
