"""`labkit build [03 ...] [--check]`: build the course's notebooks, or only say which are out of date."""

import argparse
import sys
from pathlib import Path

from labkit.builder.cards import not_documented
from labkit.builder.norms import beyond, measure, show
from labkit.builder.source import BuildError, Kind, LessonSource, read_cells, sources
from labkit.builder.work import build, differences


def main(arguments: list[str]) -> int:
    """Build (or with --check compare) the lessons and exercises under the current folder; 0 when all is well."""
    parser = argparse.ArgumentParser(prog="labkit build", description="Build the notebooks from their .py sources.")
    parser.add_argument("lesson", nargs="*", help="a lesson's number, as 03; without it: all")
    parser.add_argument("--check", action="store_true", help="compare inputs with the sources, execute nothing")
    options = parser.parse_args(arguments)
    try:
        chosen = sources(Path.cwd(), options.lesson)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    return max([_check(source) if options.check else _build(source) for source in chosen], default=0)


def _build(source: LessonSource) -> int:
    try:
        notebook = build(source, _claim)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    measured = measure(notebook)
    print(f"{source}: {show(measured)}", flush=True)
    if source.kind is Kind.LESSON:
        others = [f"{claim} under AWS documents" for claim in not_documented(read_cells(source), _claim)]
        print("".join(f"  beyond the norm: {one}\n" for one in [*beyond(measured), *others]), end="", flush=True)
    return 0


def _check(source: LessonSource) -> int:
    try:
        found = differences(source, _claim)
    except BuildError as error:
        found = [str(error)]
    print("\n".join(found) or f"{source}: as its source", flush=True)
    return int(bool(found))


def _claim(claim_id: str) -> object:
    """The ledger is read when the first mark is met: a source without marks builds without it."""
    from labkit.ledger import claim

    return claim(claim_id)
