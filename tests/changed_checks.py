"""`python3 lab.py check [--since COMMIT]`: lint, types, arrows, and the tests and cells that reach what changed.

It takes a minute. Tests are chosen by what they import (tests/imports.py), the nearest first, until the time is over;
what starts real programs, and what there was no time for, is named. `python3 lab.py test` proves the rest.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.all_checks import QUICK, STRICT, close, needs_a_broker, quick_steps
from tests.imports import Leads, is_test
from tests.steps import ROOT, WAITING, Step, run

UNTIL = ["-p", "tests.until", "--until"]
SECONDS_FOR_TESTS, SECONDS_FOR_CELLS = "40", "28"
BASES = ("origin/main", "main")
# Collecting takes its time too; these are the nearest.
MOST = 40
SHOWN = 8


def main(words: list[str]) -> int:
    """Check what changed since a commit; without one, since this branch left main, plus what is not committed."""
    parser = argparse.ArgumentParser("lab.py check", description="Check what changed, in a minute.")
    parser.add_argument("--since", metavar="COMMIT", help="the commit to compare with; without it where main was left")
    began, since = time.perf_counter(), parser.parse_args(words).since or base()
    changed = changed_since(since)
    tests, cells = chosen(Leads(ROOT), changed)
    print(f"Changed since {since[:12]}: {told(changed) or 'nothing'}")
    print(f"Tests that lead to it, the nearest first: {told(tests) or 'none'}")
    print(f"Notebooks that lead to it: {told(cells) or 'none'}")
    results = run(list(steps(tests[:MOST], cells)))
    print("\n" + "\n".join(map(str, results)))
    further = f"{len(tests) - MOST} test files that lead there by longer ways, " if len(tests) > MOST else ""
    print(f"Left out: {further}what starts brokers, browsers and servers, slow repeats, and what is named above.")
    print(f"It took {time.perf_counter() - began:.0f} s; `python3 lab.py test` proves the rest.")
    return close([result.count for result in results])


def base() -> str:
    """Where this branch left main, as the remote has it or else as it is here."""
    for name in BASES:
        found = git("merge-base", "HEAD", name)
        if found:
            return found[0]
    return "HEAD"


def changed_since(commit: str) -> list[str]:
    """The files that differ from a commit, those included that git does not know yet."""
    differing = git("diff", "--name-only", "--no-renames", commit)
    return sorted({*differing, *git("ls-files", "--others", "--exclude-standard")})


def git(*words: str) -> list[str]:
    answer = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return answer.stdout.splitlines() if answer.returncode == 0 else []


def chosen(leads: Leads, changed: Sequence[str]) -> tuple[list[str], list[str]]:
    """The test files and the notebooks that lead to what changed, the nearest first.

    Of those as near, the tests of the same part of the project come first.
    """
    far = leads.distances(changed)
    parts = {part_of(file) for file in changed}
    in_order = sorted(far.keys() & leads.files, key=lambda file: (far[file], part_of(file) not in parts, file))
    notebooks = [file for file in in_order if file.endswith(".ipynb") and not needs_a_broker(leads.root / file)]
    return [file for file in in_order if is_test(file)], notebooks


def part_of(file: str) -> str:
    """ "rules" of labkit/rules/queue.py and of tests/rules/test_cost.py; a file's own name where it is in no part."""
    return (Path(file).parts[1:] or (file,))[0]


def told(files: Sequence[str]) -> str:
    """How many they are, and the first of them."""
    more = f" and {len(files) - SHOWN} more" if len(files) > SHOWN else ""
    return f"{len(files)}: {', '.join(files[:SHOWN])}{more}" if files else ""


def steps(tests: Sequence[str], cells: Sequence[str]) -> Iterator[Step]:
    """Both cores are busy: one with the tests, the other with the rest."""
    yield from quick_steps()
    if cells:
        yield Step("cells", [*STRICT, *UNTIL, SECONDS_FOR_CELLS, "--nbval", *cells])
    if tests:
        yield Step("tests", ["pytest", "-q", *UNTIL, SECONDS_FOR_TESTS, "-m", QUICK, *tests], WAITING)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
