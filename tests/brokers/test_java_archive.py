"""A broker's Java starts from an archive where there is one that fits, and starts as well where there is none."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from labkit import LabError
from labkit.brokers import java_archive, java_training, wheels
from labkit.brokers.activemq import ActiveMQ
from labkit.brokers.kept import wait_until
from labkit.left_over import remove_left_over

NEEDS_JAVA = pytest.mark.skipif(bool(wheels.missing()), reason="ActiveMQ is not installed")
MAKE_IN = """
import sys, pathlib
from labkit.brokers import java_archive, java_training
java_archive.folder = lambda: pathlib.Path(sys.argv[1])
sys.exit(java_training.main())
"""


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Another folder for archives, which is not there yet, and nothing tried before."""
    monkeypatch.setattr(java_archive, "folder", lambda: tmp_path / "share" / "labkit")
    java_archive.make.cache_clear()
    yield java_archive.folder()
    java_archive.make.cache_clear()


@pytest.fixture
def installed():
    """The archive of this environment, made now if nobody has done so."""
    java_archive.options()
    return java_archive.archive()


class Telling(ActiveMQ):
    """A broker whose Java tells where it takes each class from."""

    def __init__(self):
        super().__init__("orders", {})
        self.told = self._folder / "told"

    def _java_options(self):
        return [*super()._java_options(), f"-Xlog:class+load:file={self.told}"]

    def sources(self):
        """Start, be active, stop; returns how many of ActiveMQ's classes came from the archive and from a jar."""
        self.start()
        self.wait()
        self.stop()
        loaded = re.findall(r" org\.apache\.activemq\.\S+ source: (.*)", self.told.read_text())
        self.remove()
        archived = sum("shared objects file" in source for source in loaded)
        return archived, len(loaded) - archived


@pytest.mark.live
def test_a_broker_takes_its_classes_from_the_archive_that_the_installation_has_made():
    archived, read = Telling().sources()
    assert java_archive.archive().is_file()
    assert archived > 200
    assert read < archived / 20


def truncated(archive):
    with archive.open("rb+") as file:
        file.truncate(archive.stat().st_size // 2)


def other_bytes(archive):
    archive.write_bytes(b"something else\n" * 100_000)


def spoilt_in_the_middle(archive):
    with archive.open("rb+") as file:
        for place in range(archive.stat().st_size // 2, archive.stat().st_size, 1 << 16):
            file.seek(place)
            file.write(b"\xff" * 64)


def a_folder(archive):
    archive.unlink()
    archive.mkdir()


@pytest.mark.live
@pytest.mark.parametrize("damage", [truncated, other_bytes, spoilt_in_the_middle, a_folder])
def test_a_damaged_archive_keeps_no_broker_from_starting(installed, folder, damage):
    folder.mkdir(parents=True)
    shutil.copy(installed, folder)
    damage(java_archive.archive())
    archived, read = Telling().sources()
    assert (archived, read > 200) == (0, True)


@pytest.mark.live
def test_a_maker_that_is_killed_leaves_nothing_that_a_broker_could_take_for_an_archive(folder, monkeypatch):
    maker = subprocess.Popen([sys.executable, "-P", "-c", MAKE_IN, folder])
    try:
        wait_until(lambda: list(folder.glob("making-*/classes")), "a broker that is watched")
    finally:
        maker.kill()
        maker.wait()
    (left,) = folder.iterdir()
    assert left.is_dir()
    makes_quickly(monkeypatch)
    assert java_training.main() == 0
    assert list(folder.iterdir()) == [java_archive.archive()]


def makes_quickly(monkeypatch, during=lambda: None):
    """Replace both runs of Java by a few bytes; what is around them is real."""

    def write(loaded, made):
        assert loaded.read_text() == "classes"
        made.write_bytes(b"an archive")
        during()

    monkeypatch.setattr(java_training, "run_once", lambda loaded: loaded.write_text("classes"))
    monkeypatch.setattr(java_training, "write", write)
    remove_left_over.cache_clear()


@NEEDS_JAVA
def test_an_archive_is_in_its_place_whole_or_not_at_all_and_an_older_one_goes(folder, monkeypatch):
    folder.mkdir(parents=True)
    (folder / "java-0123456789abcdef.jsa").write_bytes(b"for an earlier Java")
    makes_quickly(monkeypatch, lambda: seen.append(java_archive.archive().exists()))
    seen = []
    assert java_training.main() == 0
    assert seen == [False]
    assert [each.read_bytes() for each in folder.iterdir()] == [b"an archive"]
    assert (java_training.main(), seen) == (0, [False]), "one that is there is not made again"


@NEEDS_JAVA
def test_two_makers_at_once_both_end_well(folder, monkeypatch):
    makes_quickly(monkeypatch, lambda: other() == 0 or pytest.fail("the second maker"))

    def other():
        makes_quickly(monkeypatch)
        return java_training.main()

    assert java_training.main() == 0
    assert list(folder.iterdir()) == [java_archive.archive()]


@NEEDS_JAVA
def test_what_cannot_be_made_is_told_with_its_reason_and_leaves_nothing(folder, monkeypatch, capsys):
    def full(loaded, made):
        made.write_bytes(b"half an arch")
        raise OSError(28, "No space left on device")

    makes_quickly(monkeypatch)
    monkeypatch.setattr(java_training, "write", full)
    assert java_training.main() == 1
    assert re.search("quick starts.*No space left on device", capsys.readouterr().err)
    assert list(folder.iterdir()) == []


@NEEDS_JAVA
def test_java_that_cannot_write_an_archive_is_quoted(tmp_path):
    with pytest.raises(OSError, match="no-such-list"):
        java_training.write(tmp_path / "no-such-list", tmp_path / "made")


@NEEDS_JAVA
def test_the_first_start_makes_it_and_one_failure_a_process_is_enough(folder, monkeypatch):
    tries = folder.parent.parent / "tries"
    program = "import pathlib, sys; pathlib.Path(sys.argv[1]).open('a').write('once '); sys.exit(1)"
    monkeypatch.setattr(java_archive, "TRAINING", [sys.executable, "-c", program, str(tries)])
    assert [java_archive.options(), java_archive.options()] == [java_archive.FLAGS] * 2
    assert tries.read_text() == "once "
    java_archive.make.cache_clear()
    monkeypatch.setattr(java_archive, "TRAINING", [sys.executable, "-c", "import os, sys; os.makedirs(sys.argv[1])"])
    java_archive.TRAINING.append(str(java_archive.archive()))
    assert f"-XX:SharedArchiveFile={java_archive.archive()}" in java_archive.options()


@NEEDS_JAVA
def test_where_nothing_can_be_written_no_maker_is_started_and_the_reason_is_one_sentence(monkeypatch):
    monkeypatch.setattr(java_archive, "folder", lambda: Path("/proc/labkit"))
    monkeypatch.setattr(java_archive, "TRAINING", None)
    java_archive.make.cache_clear()
    assert java_archive.options() == java_archive.FLAGS
    assert re.fullmatch(r"[^.]*half a second[^.]*/proc/labkit cannot be written to\.", java_archive.why_not())


def test_a_path_outside_ascii_has_no_archive_for_there_jpype_switches_them_off(monkeypatch):
    monkeypatch.setattr(wheels, "class_path", lambda: ["/home/zoë/activemq.jar"])
    assert "ASCII" in java_archive.why_not()


@NEEDS_JAVA
def test_another_jar_and_other_flags_have_another_archive(monkeypatch, tmp_path):
    jar = tmp_path / "a.jar"
    jar.write_bytes(b"jar")
    monkeypatch.setattr(wheels, "class_path", lambda: [str(jar)])
    names = [java_archive.archive()]
    os.utime(jar, (1, 1))
    names.append(java_archive.archive())
    monkeypatch.setattr(java_archive, "FLAGS", [*java_archive.FLAGS, "-Xint"])
    names.append(java_archive.archive())
    assert len({*names}) == 3


def test_a_jar_that_is_not_the_pinned_one_is_told_by_the_maker(monkeypatch, capsys):
    def refuse():
        raise LabError("not the file")

    monkeypatch.setattr(wheels, "class_path", refuse)
    assert java_training.main() == 1
    assert "not the file" in capsys.readouterr().err
