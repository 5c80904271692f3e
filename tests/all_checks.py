"""Everything that CI runs, one step after another: `python3 lab.py test [--full]`."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from labkit.builder.in_ci import in_ci
from labkit.doctor import OPTIONAL_PROGRAMS
from labkit.words import say
from tests.steps import AT_LAST, COMPUTING, ROOT, WAITING, Count, Step, run

# Tests of a file share what is made once for them; the cells of a notebook's run share a kernel.
BY_FILE = ["-n", "2", "--dist", "loadfile"]
BY_RUN = ["-n", "2", "--dist", "loadscope"]
BY_TEST = ["-n", "2", "--dist", "worksteal"]
# Watched line by line they take three times as long, half of all that a run may take: with `--full` alone.
COVERED = ["--cov=labkit", "--cov-report="]
COVERAGE = {"unit tests": ".coverage.units", "real brokers": ".coverage.brokers"}
ANSWERS = "tests/exercises"
BROKERS = "tests/brokers"
VERDICTS = ["tests/probes", "tests/interleavings"]
QUICK = "not slow and not live and not browser"
FORKED = ["--fork-kernels-from", "tests.prepared"]
STRICT = ["pytest", "-p", "labkit.builder.strict_nbval", "-q"]
EVERY_CELL = [*STRICT, *BY_RUN, *FORKED, "--nbval"]
BY_SECTION = "--notebook-sections"
NEEDS_A_BROKER = '"needs-'  # as a cell's tag
SEED = "7"


def steps(full: bool) -> Iterator[Step]:
    """The steps in the order in which they are told, the quick ones first; `full` adds the slow repeats."""
    yield from quick_steps()
    yield from tests(COVERED if full else [])
    if notebooks():
        yield Step("every cell", [*EVERY_CELL, BY_SECTION, *notebooks(with_brokers=False)])
        # Each section alone starts its brokers once more, in real time: `fresh kernels` does, with `--full`.
        # They wait, but the lane of what waits is the longer one.
        yield Step("broker cells", [*EVERY_CELL, *notebooks(with_brokers=True)])
    if full:
        yield from slow_repeats()
        yield Step("all coverage", ["coverage", "combine", *COVERAGE.values()], AT_LAST)
        yield Step("coverage", ["coverage", "report", "--fail-under=90"], AT_LAST)


def quick_steps() -> Iterator[Step]:
    """What runs nothing of the project but its builder."""
    yield Step("lint", ["ruff", "check", "."])
    yield Step("format", ["ruff", "format", "--check", "."])
    yield Step("types", ["mypy"])
    yield Step("arrows", ["lint-imports", "--no-logo"])
    yield Step("freshness", ["labkit", "build", "--check"])


def tests(covered: list[str]) -> Iterator[Step]:
    """The tests, by what they keep busy. Coverage, where it is asked for, is counted over two steps together."""
    chosen = QUICK if covered else f"{QUICK} and not verdicts"
    units = ["pytest", "tests", f"--ignore={ANSWERS}", "-q", "-m", chosen, *BY_FILE, *covered]
    brokers = ["pytest", BROKERS, ANSWERS, "-q", "-m", "live and not slow and not verdicts", *BY_FILE, *covered]
    others = [f"--ignore={ANSWERS}", f"--ignore={BROKERS}"]
    yield Step("unit tests", units, COMPUTING, {"COVERAGE_FILE": COVERAGE["unit tests"]})
    # Hundreds of answers run whole nights each: watching every line would make them take three times as long.
    here = "not slow and not browser and not live"
    yield Step("answers", ["pytest", ANSWERS, "-q", "-m", f"{here} and not verdicts", *BY_TEST])
    # Verdicts are codes, so that they are read in other words alone: what decides by a sentence fails here.
    verdicts = ["pytest", "-p", "tests.translated", ANSWERS, "-q", "-m"]
    yield Step("other words", [*verdicts, f"{here} and verdicts", *VERDICTS, *BY_TEST])
    yield Step("their brokers", [*verdicts, "live and not slow and verdicts", *BY_TEST], WAITING)
    yield Step("real brokers", brokers, WAITING, {"COVERAGE_FILE": COVERAGE["real brokers"]})
    programs = ["pytest", "tests", *others, "-q", "-m", "(live or browser) and not slow", *BY_FILE]
    yield Step("real programs", programs, WAITING)


def slow_repeats() -> Iterator[Step]:
    """What `--full` adds: sections in another order, each kernel started as a learner does, and the long tests."""
    if notebooks():
        yield Step("shuffled", [*STRICT, *BY_RUN, f"--notebook-shuffle={SEED}", *notebooks()])
        yield Step("fresh kernels", [*STRICT, *BY_RUN, BY_SECTION, *notebooks()])
    yield Step("slow repeats", ["pytest", "tests", "-q", "-m", "slow", *BY_FILE])


def notebooks(with_brokers: bool | None = None) -> list[str]:
    """Lessons and exercises, all or by whether a cell needs a broker; that one is missing is found by `freshness`."""
    found = [path for name in ("notebooks", "exercises", "solutions") for path in sorted((ROOT / name).glob("*.ipynb"))]
    chosen = [path for path in found if with_brokers in (None, needs_a_broker(path))]
    return [str(path.relative_to(ROOT)) for path in chosen]


def needs_a_broker(path: Path) -> bool:
    """Whether a cell of the notebook has the tag that says so."""
    return NEEDS_A_BROKER in path.read_text("utf-8")


def main(words: list[str]) -> int:
    """Runs every step, names what a missing program made impossible, and closes with the count."""
    if set(words) - {"--full"}:
        print("`test` takes one option, --full; to run one test use: .venv/bin/python -m pytest PATH", file=sys.stderr)
        return 2
    began = time.perf_counter()
    results = run(list(steps(full="--full" in words)))
    print("\n" + "\n".join(map(str, results)))
    print(f"{'':8}{'in all':13}{time.perf_counter() - began:6.1f} s")
    return close([result.count for result in results])


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
