"""What is not the pinned ActiveMQ is refused before any of it runs."""

import pytest

from labkit import LabError
from labkit.brokers import wheels


@pytest.fixture
def no_memory():
    wheels.jars.cache_clear()
    yield
    wheels.jars.cache_clear()


def test_a_jar_with_other_bytes_is_refused(no_memory, monkeypatch, tmp_path):
    package = tmp_path / "jmspy"
    (package / "libs").mkdir(parents=True)
    for name in wheels.JARS:
        (package / "libs" / name).write_bytes(b"something else")
    (package / "__init__.py").write_text("raise SystemExit('this code must not run')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(wheels, "NEEDED", ())
    with pytest.raises(LabError, match="is not the file that the course was tested with"):
        wheels.jars()


def test_missing_wheels_are_named_with_the_command_that_installs_them(no_memory, monkeypatch):
    monkeypatch.setattr(wheels, "NEEDED", ("no_such_wheel",))
    with pytest.raises(LabError, match=r"missing: no_such_wheel.*pip install .*\[mq\]"):
        wheels.jars()
