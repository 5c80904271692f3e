"""Every sentence that labkit shows a learner, translatable with gettext; English first.

A catalogue is collected from three places: the texts of the modules here; `@probe`'s second argument and `World`'s
first (`xgettext -k probe:2 -k World:1`); and the ledger's `claim`, `truth`, `belief` and `cited`. All go through `say`.
"""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import Any, NamedTuple

_catalogue = gettext.translation("labkit", Path(__file__).with_name("locale"), fallback=True)


class LabError(Exception):
    """Labkit refuses something in one sentence that says what to do; Jupyter shows the sentence without a traceback."""

    _labkit_plain_ = True

    def __init__(self, text: Told | str) -> None:
        super().__init__(str(text))
        # What it refuses, for code to decide by; its words are for people.
        self.told = text if isinstance(text, Told) else None


def say(sentence: str, **values: object) -> str:
    """Return the sentence in the learner's language with its `{names}` filled in."""
    return _catalogue.gettext(sentence).format(**values)


class Told(NamedTuple):
    """A sentence and its values, said when somebody reads it."""

    sentence: str
    values: dict[str, Any]

    def __str__(self) -> str:
        return say(self.sentence, **self.values)


def told(sentence: str, **values: object) -> Told:
    """Return a sentence that is said later."""
    return Told(sentence, values)


def error(sentence: str, **values: object) -> LabError:
    """Return the LabError that says the sentence."""
    return LabError(Told(sentence, values))
