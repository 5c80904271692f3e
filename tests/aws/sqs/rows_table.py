"""`python -m tests.aws.sqs.rows_table` writes ROWS.md: what became of each difference between moto and AWS."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tests.aws.sqs.rows import ROWS, Row

HERE = Path(__file__).parent
TABLE = HERE / "ROWS.md"
NAMED = re.compile(r"^def (test_row_(\d\d)_\w+)", re.MULTILINE)
# Where tests are named after rows, from here.
PLACES = {".": "test_rows_*.py", "../sns": "test_*.py", "../../rules/filters": "test_*.py"}
HEAD = """# Where moto differs from AWS for SQS and SNS, and what became of it

The rows of the project's survey of moto 5.2.5 (22 November 2026). *Closed*: these tests show that a lab behaves as AWS
does. *Told*: a lesson says it, in the words that are quoted. *Left*: still to do.
Written by `python -m tests.aws.sqs.rows_table`; `test_rows.py` compares it with the tests and lessons.

| row | what it is about | | |
|---|---|---|---|
"""


def named_after_rows() -> dict[int, list[tuple[str, str]]]:
    """The tests named after each row, each with its file."""
    found: dict[int, list[tuple[str, str]]] = {}
    for path in [path for place, names in PLACES.items() for path in sorted((HERE / place).glob(names))]:
        for name, number in NAMED.findall(path.read_text("utf-8")):
            found.setdefault(int(number), []).append((name, os.path.relpath(path, HERE)))
    return found


def table() -> str:
    """The whole text of ROWS.md."""
    tests = named_after_rows()
    return HEAD + "".join(_line(number, row, tests.get(number, [])) for number, row in sorted(ROWS.items()))


def _line(number: int, row: Row, tests: list[tuple[str, str]]) -> str:
    told = f"told in `{row.told}`: “{row.words}”" if row.told else ""
    left = f"left to “{row.left}”" if row.left else ""
    states = [word for word, said in (("closed", tests), ("told", told), ("left", left)) if said]
    said = [f"[`{name}`]({file})" for name, file in tests] + [one for one in (told, left) if one]
    return f"| {number} | {row.about} | {' and '.join(states)} | {'<br>'.join(said)} |\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
