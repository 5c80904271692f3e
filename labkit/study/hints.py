"""Hints in steps, both ways, and the solution after success or three honest tries."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from labkit.study.course.journal import journal
from labkit.study.exercise import Exercise, exercise
from labkit.study.page import Code, Page, Part, Title
from labkit.words import error, say
from labkit.words import hints as words

TRIES = 3
ROOT = Path(__file__).parents[2]


class Hint(Page):
    """One hint of an exercise, and how to reach the others."""

    def __init__(self, exercise: Exercise, step: int) -> None:
        self.exercise = exercise
        self.step = step
        super().__init__([Title(self.title()), say(exercise.hints[step - 1]), *_neighbours(exercise, step)])

    def title(self) -> str:
        """Return which hint this is, of how many."""
        return say(words.TITLE, step=self.step, last=len(self.exercise.hints))

    def live(self) -> dict[str, Any]:
        """The hints with their buttons, where a notebook is open."""
        from labkit.study.form import steps_of

        return steps_of(self)


def hint(id: str = "", step: int | None = None) -> Hint:
    """Show the next hint of an exercise, or hint number `step`; the numbers stop at the first and the last.

    Raises `LabError` for an unknown exercise, or for a step that is no whole number.
    """
    chosen = exercise(id)
    if step is not None and (not isinstance(step, int) or isinstance(step, bool)):
        raise error(words.STEP, id=id, given=step)
    wanted = last_step(chosen.id) + 1 if step is None else step
    shown = min(max(wanted, 1), len(chosen.hints))
    note_step(chosen.id, shown)
    return Hint(chosen, shown)


def last_step(id: str) -> int:
    """Return the number of the hint shown last, 0 before the first."""
    shown = [entry for entry in journal().entries() if entry.get("kind") == "hint" and entry.get("id") == id]
    return int(shown[-1]["step"]) if shown else 0


def note_step(id: str, step: int) -> None:
    """Keep in the journal that a hint was shown."""
    journal().append({"kind": "hint", "id": id, "step": step})


def solution(id: str = "") -> Page:
    """Show an exercise's solution after success or three honest tries (changed code that ran); else what is left.

    Raises `LabError` for an unknown exercise, or when the course's folder does not hold the solution.
    """
    chosen = exercise(id)
    tries = honest_tries(id)
    if not (is_solved(id) or is_nearly_solved(id)) and tries < TRIES:
        left = TRIES - tries
        return Page([say(words.LEFT_ONE if left == 1 else words.LEFT, left=left, id=id)])
    journal().append({"kind": "solution", "id": id})
    return Page([Title(say(words.SOLUTION, title=say(chosen.title))), Code(solution_text(chosen)), say(chosen.right)])


def is_solved(id: str) -> bool:
    """Whether a check of this exercise was right once."""
    return any(entry["outcome"] == "right" for entry in _checks(id))


def is_nearly_solved(id: str) -> bool:
    """Whether a check was "right, but": the solution opens, and the exercise stays open until an answer is right."""
    return any(entry["outcome"] == "right, but" for entry in _checks(id))


def honest_tries(id: str) -> int:
    """Count the different answers that were checked and ran."""
    return len({entry["code"] for entry in _checks(id) if entry.get("code")})


def _checks(id: str) -> list[dict[str, Any]]:
    return [entry for entry in journal().entries() if entry.get("kind") == "check" and entry.get("id") == id]


def solution_text(exercise: Exercise) -> str:
    """Return the solution's cell from the course's folder. Raises `LabError` when it is not there."""
    try:
        source = (ROOT / exercise.source).read_text("utf-8")
    except OSError:
        raise error(words.NO_SOURCE, path=exercise.source) from None
    cells = [cell.partition("\n") for cell in source.split("\n# %%")]
    found = [text for head, _, text in cells if f'"solution:{exercise.id}"' in head]
    if not found:
        raise error(words.NO_SOURCE, path=exercise.source)
    lines = [line for line in found[0].splitlines() if line.strip() not in MARKERS]
    text = "\n".join(lines).strip()
    ast.parse(text)
    return text


MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")


def _neighbours(exercise: Exercise, step: int) -> list[Part]:
    before = say(words.BEFORE, id=exercise.id, step=step - 1) if step > 1 else ""
    after = (
        say(words.AFTER, id=exercise.id, step=step + 1)
        if step < len(exercise.hints)
        else say(words.LAST, id=exercise.id)
    )
    return [" ".join(filter(None, (before, after)))]
