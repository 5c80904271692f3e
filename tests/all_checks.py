"""Everything that CI runs, one step after another: `python3 lab.py test [--full]`."""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from labkit.builder.in_ci import in_ci
from labkit.doctor import OPTIONAL_PROGRAMS
from labkit.words import say

ROOT = Path(__file__).parents[1]
# A notebook's cells depend on each other, so one worker takes a whole file.
TWO_WORKERS = ["-n", "2", "--dist", "loadfile"]
# Counted over the unit tests and those of real brokers together.
COVERED = ["--cov=labkit", "--cov-report="]
COVERED_IN_ALL = ["--cov=labkit", "--cov-append", "--cov-report=term", "--cov-fail-under=90"]
ANSWERS = "tests/exercises"
BROKERS = "tests/brokers"
QUICK = "not slow and not live and not browser"
STRICT = ["pytest", "-p", "labkit.builder.strict_nbval", "-q", *TWO_WORKERS]
SEED = "7"


class Step(NamedTuple):
    """One command of the run: a program of the project's own environment and its words."""

    name: str
    command: list[str]


class Count(NamedTuple):
    """How many tests of a step passed, failed or were skipped; a step without tests counts as one."""

    passed: int
    failed: int
    skipped: int


def steps(full: bool) -> Iterator[Step]:
    """The steps in order, the quick ones first; `full` adds the slow repeats."""
    yield Step("lint", ["ruff", "check", "."])
    yield Step("format", ["ruff", "format", "--check", "."])
    yield Step("types", ["mypy"])
    yield Step("arrows", ["lint-imports", "--no-logo"])
    yield Step("unit tests", ["pytest", "tests", f"--ignore={ANSWERS}", "-q", "-m", QUICK, *TWO_WORKERS, *COVERED])
    # Hundreds of answers run whole nights each: watching every line would make them take three times as long.
    answers = "not slow and not browser"
    yield Step("answers", ["pytest", ANSWERS, "-q", "-m", answers, "-n", "2", "--dist", "worksteal"])
    yield Step("freshness", ["labkit", "build", "--check"])
    notebooks = folders_with_notebooks()
    if notebooks:
        yield Step("every cell", [*STRICT, "--nbval", "--notebook-sections", *notebooks])
    yield Step("real brokers", ["pytest", BROKERS, "-q", "-m", "live and not slow", *TWO_WORKERS, *COVERED_IN_ALL])
    others = [f"--ignore={ANSWERS}", f"--ignore={BROKERS}"]
    yield Step("real programs", ["pytest", "tests", *others, "-q", "-m", "(live or browser) and not slow"])
    if full and notebooks:
        yield Step("shuffled", [*STRICT, f"--notebook-shuffle={SEED}", *notebooks])
    if full:
        yield Step("slow repeats", ["pytest", "tests", "-q", "-m", "slow", *TWO_WORKERS])


def folders_with_notebooks() -> list[str]:
    """The folders of lessons and exercises; that a notebook is missing is found by the step before."""
    return [name for name in ("notebooks", "exercises", "solutions") if any((ROOT / name).glob("*.ipynb"))]


def main(words: list[str]) -> int:
    """Runs every step, names what a missing program made impossible, and closes with the count."""
    if set(words) - {"--full"}:
        print("`test` takes one option, --full; to run one test use: .venv/bin/python -m pytest PATH", file=sys.stderr)
        return 2
    counts = []
    summary = []
    for step in steps(full="--full" in words):
        started = time.perf_counter()
        counts.append(run(step))
        verdict = "FAILED" if counts[-1].failed else "NOT ALL" if counts[-1].skipped else "ok"
        summary.append(f"{verdict:8}{step.name:13}{time.perf_counter() - started:6.1f} s")
    print("\n" + "\n".join(summary))
    return close(counts)


def run(step: Step) -> Count:
    """Runs one step with its output shown and returns what it counted."""
    print(f"\n=== {step.name}: {' '.join(step.command)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        program = [str(Path(sys.executable).with_name(step.command[0])), *step.command[1:]]
        if step.command[0] == "pytest":
            program.append(f"--junit-xml={report}")
        code = subprocess.call(program, cwd=ROOT, env=environment())
        counted = read(report) if report.exists() else Count(int(code == 0), 0, 0)
    # A failure that is no test's own (coverage too low, nothing collected, a crash) still counts as one.
    return counted if code == 0 else counted._replace(failed=max(counted.failed, 1))


def environment() -> dict[str, str]:
    """Without the learner's course, which a terminal in JupyterLab names: a check must never write their progress."""
    return {name: value for name, value in os.environ.items() if name != "LABKIT_COURSE"}


def read(report: Path) -> Count:
    """The totals of pytest's JUnit report."""
    suite = ElementTree.parse(report).getroot().find("testsuite")
    assert suite is not None
    tests, skipped = int(suite.attrib["tests"]), int(suite.attrib["skipped"])
    failed = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    return Count(tests - skipped - failed, failed, skipped)


def close(counts: list[Count]) -> int:
    """Prints what is missing and the one line that everything comes down to; returns the exit code."""
    missing = [program for program in OPTIONAL_PROGRAMS if not program.path()]
    for program in missing:
        print(f"Not run without {program.name}: {say(program.advice)}")
    passed, failed, skipped = (sum(column) for column in zip(*counts, strict=True))
    failed += len(missing) if in_ci() else 0
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
