"""Where the learner stands: the place, the exercises, the predictions with how sure they were."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from labkit.study.course.journal import Entry, folder_of, journal
from labkit.study.course.place import stopped
from labkit.study.exercise import exercises
from labkit.study.hints import honest_tries, is_nearly_solved, is_solved, last_step
from labkit.study.page import Items, Page, Part, Rows, Title
from labkit.words import LabError, error, say
from labkit.words import progress as words
from labkit.words.study import SURENESS

CERTAIN = len(SURENESS)
REVEALED = ("id", "question", "answer", "sure", "truth", "right")


def progress() -> Page:
    """Show where the learner stopped, which exercises are solved, and how predictions compare with what happened."""
    found = standing()
    parts: list[Part] = [
        _stopped(found["stopped"]),
        *_exercises(found["exercises"]),
        *_predictions(found["predictions"]),
    ]
    if found["unreadable"]:
        parts.append(say(words.UNREADABLE, count=found["unreadable"], path=journal().path))
    if journal().path is None:
        parts.append(say(words.NOT_KEPT))
    return Page(parts)


def standing() -> dict[str, Any]:
    """Return the same as data: "stopped", "exercises", "predictions" (sure and wrong first), "unreadable"."""
    place = stopped(_folder())
    return {
        "stopped": place._asdict() if place else None,
        "exercises": [_exercise(id) for id in exercises()],
        "predictions": revealed(journal().entries()),
        "unreadable": journal().torn(),
    }


def _folder() -> Path | None:
    path = journal().path
    return path.parent if path else None


def _exercise(id: str) -> dict[str, Any]:
    tries = honest_tries(id)
    state = (
        "solved" if is_solved(id) else "right, but" if is_nearly_solved(id) else "tried" if tries else "not attempted"
    )
    return {"id": id, "state": state, "tries": tries, "hints": last_step(id)}


def revealed(entries: list[Entry]) -> list[Entry]:
    """Return the first reveal of each answered prediction: wrong before right, and the surest of the wrong first."""
    first: dict[str, Entry] = {}
    for entry in entries:
        if entry.get("kind") == "revealed" and set(REVEALED) <= entry.keys():
            first.setdefault(entry["id"], {name: entry[name] for name in REVEALED})
    return sorted(first.values(), key=lambda one: (one["right"], -one["sure"] if not one["right"] else 0))


def _stopped(place: dict[str, str] | None) -> Part:
    if place is None:
        return say(words.NOT_STARTED)
    return say(words.STOPPED if place["section"] else words.STOPPED_IN, **place)


def _exercises(found: list[dict[str, Any]]) -> list[Part]:
    states = {
        "solved": words.SOLVED,
        "right, but": words.RIGHT_BUT,
        "tried": words.TRIED,
        "not attempted": words.NOT_ATTEMPTED,
    }
    rows = [(one["id"], say(states[one["state"]]), one["tries"], one["hints"]) for one in found]
    return [Title(say(words.EXERCISES)), Rows([say(head) for head in words.EXERCISE_HEADS], rows)]


def _predictions(found: list[Entry]) -> list[Part]:
    if not found:
        return [Title(say(words.PREDICTIONS)), say(words.NO_PREDICTIONS)]
    parts: list[Part] = [Title(say(words.PREDICTIONS))]
    surprises = [one for one in found if not one["right"] and one["sure"] == CERTAIN]
    if surprises:
        told = [say(words.SURPRISE, **{k: one[k] for k in ("id", "question", "answer", "truth")}) for one in surprises]
        parts += [say(words.SURE_AND_WRONG), Items(told)]
    return [*parts, Rows([say(head) for head in words.CALIBRATION_HEADS], _calibration(found))]


def _calibration(found: list[Entry]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for sure in range(CERTAIN, 0, -1):
        given = [one["right"] for one in found if one["sure"] == sure]
        if given:
            rows.append((say(SURENESS[sure - 1]), len(given), sum(given), f"{100 * sum(given) / len(given):.0f} %"))
    return rows


def main(arguments: list[str]) -> int:
    """`labkit progress [--json]`: print where the learner stands; returns the exit code."""
    if set(arguments) - {"--json"}:
        print(say(words.USAGE), file=sys.stderr)
        return 2
    use_course()
    print(json.dumps(standing(), ensure_ascii=False, indent=1) if arguments else progress().plain())
    return 0


def use_course() -> None:
    """Work on the journal of the course that labkit was installed from, unless LABKIT_COURSE names another.

    Raises `LabError` when there is no course.
    """
    from labkit.study.course.my_course import MyCourse

    if not os.environ.get("LABKIT_COURSE"):
        os.environ["LABKIT_COURSE"] = str(MyCourse.here().root)
    folder = folder_of(Path(os.environ["LABKIT_COURSE"]))
    if not folder.is_dir():
        raise error(words.NO_FOLDER, folder=folder)


__all__ = ["LabError", "main", "progress", "revealed", "standing", "use_course"]
