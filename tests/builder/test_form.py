"""Minutes come from a formula, and recall questions have their answers."""

import nbformat
import pytest

from labkit.builder.form import form_problems, minutes_for, put_minutes
from labkit.builder.source import BuildError
from labkit.builder.work import build, inputs

ANSWERS = "<details><summary>The answers</summary>\n\n1. A copy.\n2. The key.\n\n</details>"
RECALL = "**Recall, without looking.** Why twice? What\nhelps?\n\n"


def text(source):
    return nbformat.v4.new_markdown_cell(source)


def code(source):
    return nbformat.v4.new_code_cell(source)


@pytest.mark.parametrize(
    ("source", "answered"),
    [
        (RECALL + ANSWERS, None),
        (RECALL + ANSWERS + "\n\nThe exercise: one more? Open it.", None),
        (RECALL, 0),
        (RECALL + ANSWERS.replace("2. The key.\n", ""), 1),
        (RECALL + ANSWERS.replace("<summary>The answers</summary>\n\n", ""), 0),
        ("Why twice? Look at the picture.", None),
    ],
)
def test_each_recall_question_has_its_answer_folded(source, answered):
    """None, too few, or answers that lie open are told with both numbers; another question is no recall."""
    found = form_problems(source)
    if answered is None:
        assert found == []
    else:
        assert found[0].startswith(f"of 2 recall questions {answered} have an answer")


def test_the_builder_refuses_a_lesson_without_answers(lesson, lookup):
    """Before anything runs, with its cell."""
    lesson.path.write_text(lesson.path.read_text() + "\n# %% [markdown]\n# **Recall, without looking.** Why?\n")
    with pytest.raises(BuildError, match="cell 11: of 1 recall questions 0 have an answer"):
        build(lesson, lookup)


def test_minutes_are_words_cells_and_predictions():
    """150 words, three code cells and a prediction among them: 1.5 + 1.5 + 1 are four, rounded to five."""
    cells = [text("word " * 150), code("a = 1"), code("a"), code('predict("03-a", "?")')]
    assert minutes_for(cells) == 5
    assert minutes_for([*cells, *[code("a")] * 10]) == 10
    assert minutes_for([*cells, text("word " * 900)]) == 15
    assert minutes_for([*cells, *[code('predict("03-a", "?")')] * 4]) == 10
    assert minutes_for([]) == 5


def test_the_mark_becomes_the_minutes_and_a_typed_number_is_refused(lesson, lookup):
    """{minutes} in a lesson's text, quoted as code; what somebody typed is told with what to write."""
    cells = [text("# Orders\n\nAbout {minutes} minutes."), code("a = 1")]
    put_minutes(cells)
    assert cells[0].source == "# Orders\n\nAbout `5` minutes."
    lesson.path.write_text(lesson.path.read_text() + "\n# %% [markdown]\n# About `40` minutes.\n")
    with pytest.raises(BuildError, match="cell 11: its minutes are typed by hand"):
        inputs(lesson, lookup)


@pytest.mark.parametrize(
    ("source", "hidden"),
    [
        ("## Orders\n\nOne more.", []),
        ("### A part\n\n#### Of it\n\nText.", []),
        ("Text.\n\n### A part\n\nMore.", []),
        ("Text.\n\n## Orders\n\nMore.", ["## Orders"]),
        ("## Orders\n\n  ## Payments of `c-17`\n\n## Refunds", ["## Payments of", "## Refunds"]),
        ("So:\n\n```bash\n## a comment\n```\n\nIssue `1`\n## of `2`", ["## of"]),
        ("So:\n\n```bash\nls\n## a comment\n```", []),
    ],
)
def test_a_section_begins_with_its_cell(source, hidden):
    """A heading further down would be part of the section before it, and never be run by itself; code is no heading."""
    found = form_problems(source)
    assert [problem.split("'")[1] for problem in found] == hidden


def test_the_builder_refuses_a_section_in_the_middle_of_a_cell(lesson, lookup):
    """Before anything runs, with its cell and its heading."""
    lesson.path.write_text(lesson.path.read_text() + "\n# %% [markdown]\n# Text.\n#\n# ## Refunds\n")
    with pytest.raises(BuildError, match="cell 11: the section '## Refunds' begins in the middle of the cell"):
        inputs(lesson, lookup)
