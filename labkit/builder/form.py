"""The form of a lesson as its source shows it: minutes by a formula, answers to recall questions, whole sections.

The minutes are no measurement of learners. They say how lessons compare, and grow with what is really there to read,
to run and to decide; a number written by hand stays when the lesson grows.
"""

import re
from typing import Any

from labkit.builder.sections import hidden_sections

MINUTES = "{minutes}"
WORDS_A_MINUTE = 100
MINUTES_A_CODE_CELL = 0.5
MINUTES_A_PREDICTION = 1
ROUNDED_TO = 5

_MINUTES_BY_HAND = re.compile(r"\bAbout `?\d+`? minutes\b")
_RECALL = re.compile(r"\*\*Recall\b(?P<questions>.*?)(?=\n\n|\Z)(?P<rest>.*)", re.DOTALL)
_FOLDED = re.compile(r"<details><summary>[^<]+</summary>\n\n(?P<answers>.*?)\n\n</details>", re.DOTALL)
_ANSWER = re.compile(r"(?m)^\d+\. \S")


def words_in(cells: list[Any]) -> int:
    """How many words the text cells have."""
    texts = (cell.source for cell in cells if cell.cell_type == "markdown")
    return sum(len(re.findall(r"[\w'’-]*\w", text)) for text in texts)


def minutes_for(cells: list[Any]) -> int:
    """The minutes of a lesson: its words, its code cells and its predictions, rounded to five and never none."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    predictions = sum(cell.source.startswith("predict(") for cell in code)
    minutes = words_in(cells) / WORDS_A_MINUTE + len(code) * MINUTES_A_CODE_CELL + predictions * MINUTES_A_PREDICTION
    return max(1, round(minutes / ROUNDED_TO)) * ROUNDED_TO


def put_minutes(cells: list[Any]) -> None:
    """Write the formula's minutes where the lesson has the mark {minutes}."""
    minutes = f"`{minutes_for(cells)}`"
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace(MINUTES, minutes)


def form_problems(text: str) -> list[str]:
    """What a text cell of a lesson lacks: minutes that nobody typed, sections of their own, answers to questions."""
    found = [
        f"the section {heading!r} begins in the middle of the cell, so it is never run by itself; begin a cell with it"
        for heading in hidden_sections(text)
    ]
    if _MINUTES_BY_HAND.search(text):
        found.append(f"its minutes are typed by hand; write About {MINUTES} minutes, and the builder puts them")
    recall = _RECALL.search(text)
    if recall:
        asked, answered = recall["questions"].count("?"), _answers(recall["rest"])
        if answered < asked:
            found.append(
                f"of {asked} recall questions {answered} have an answer; number them in a paragraph of their own "
                "between <details><summary>The answers</summary> and </details>"
            )
    return found


def _answers(text: str) -> int:
    folded = _FOLDED.search(text)
    return len(_ANSWER.findall(folded["answers"])) if folded else 0
