"""No difference between moto and AWS is forgotten: a test closes it, a lesson tells it or an issue takes it."""

from pathlib import Path

import pytest

from tests.aws.sqs.rows import ROWS
from tests.aws.sqs.rows_table import TABLE, named_after_rows, table

LAST = 77
ROOT = Path(__file__).parents[3]


def test_every_row_is_in_the_table():
    assert sorted(ROWS) == list(range(1, LAST + 1))


@pytest.mark.parametrize("number", ROWS)
def test_a_row_is_closed_by_a_test_told_in_a_lesson_or_left_to_an_issue(number):
    row = ROWS[number]
    assert row.told or row.left or number in named_after_rows()


def test_every_test_that_is_named_after_a_row_names_one_of_the_table():
    assert set(named_after_rows()) <= set(ROWS)


@pytest.mark.parametrize("number", [number for number, row in ROWS.items() if row.told])
def test_the_lesson_that_tells_a_row_says_it_in_these_words(number):
    row = ROWS[number]
    lesson = ROOT / "notebooks" / f"{row.told}.py"
    assert row.words
    assert row.words in lesson.read_text("utf-8")


def test_the_written_table_is_fresh():
    """After a change: `python -m tests.aws.sqs.rows_table`."""
    assert TABLE.read_text("utf-8") == table()
    assert f"{len(ROWS)} differences between moto and AWS" in (ROOT / "README.md").read_text("utf-8")


def test_the_table_names_each_test_of_a_row():
    lines = table().splitlines()
    for number, tests in named_after_rows().items():
        (line,) = [line for line in lines if line.startswith(f"| {number} |")]
        assert "| closed" in line
        assert all(name in line for name, _ in tests)
