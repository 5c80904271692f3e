"""Where RabbitMQ is on this machine: the active conda environment's, Debian's, or the one on the PATH."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from labkit.words import error
from labkit.words import rabbitmq as words

SCRIPT = "sbin/rabbitmq-server"
DEBIAN = Path("/usr/lib/rabbitmq")
OF_A_VERSION = "lib/rabbitmq_server-*"
PROGRAMS = "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"


class Installed(NamedTuple):
    """RabbitMQ's own start script, the program epmd of its Erlang, its version, and the PATH that they need."""

    server: Path
    epmd: Path
    version: str
    path: str


def installed() -> Installed:
    """Return the first RabbitMQ found. Raises `LabError` saying how to get what is missing: it, its Erlang, or pika."""
    if importlib.util.find_spec("pika") is None:
        raise error(words.NO_PIKA)
    home = next(_homes(), None)
    if home is None:
        raise error(words.NOT_FOUND)
    path = os.pathsep.join([*(str(folder) for folder in _conda("bin")), os.environ.get("PATH", os.defpath)])
    epmd = shutil.which("epmd", path=path) or next(map(str, _conda("lib/erlang/erts-*/bin/epmd")), None)
    if epmd is None:
        raise error(words.NO_EPMD)
    return Installed(home / SCRIPT, Path(epmd), _version(home), path)


def _homes() -> Iterator[Path]:
    """The folders that hold a RabbitMQ, best first.

    Debian's program on the PATH wants to be root or its own user; the script in its library folder does not care.
    """
    for top in (*_conda("lib/rabbitmq"), DEBIAN):
        folders = [top, *sorted(top.glob(OF_A_VERSION), reverse=True)]
        yield from (folder for folder in folders if (folder / SCRIPT).is_file())
    for path in (None, PROGRAMS):
        script = shutil.which("rabbitmq-server", path=path)
        if script and Path(script).resolve().name == "rabbitmq-server":
            yield Path(script).resolve().parent.parent


def _conda(pattern: str) -> list[Path]:
    prefix = os.environ.get("CONDA_PREFIX")
    return sorted(Path(prefix).glob(pattern), reverse=True) if prefix else []


def _version(home: Path) -> str:
    """The version in the name of RabbitMQ's own plugin; a question mark where there is none."""
    found = (re.fullmatch(r"rabbit-(\d[\d.]*\d)(\.ez)?", path.name) for path in (home / "plugins").glob("rabbit-*"))
    return next((match[1] for match in found if match), "?")
