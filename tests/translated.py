"""Every sentence of labkit in other words: `pytest -p tests.translated -m verdicts` has to come out as without it.

Tests marked `verdicts` assert codes, outcomes and beliefs, never a sentence. What decides by a sentence's words decides
otherwise here, as it would for a learner who reads another language.
"""

import gettext
from string import Formatter, ascii_letters

import labkit.words

OTHER_LETTERS = str.maketrans(
    {letter: chr(ord("а" if letter.islower() else "А") + (ord(letter) & 31)) for letter in ascii_letters}
)


class OtherWords(gettext.NullTranslations):
    """A catalogue that has another wording for every sentence."""

    def gettext(self, message: str) -> str:
        """Return the sentence in its other words."""
        return other_words(message)


def other_words(sentence: str) -> str:
    """Return a sentence with the same fields in another order, and no letter of its words as it was."""
    parts: list[str] = []
    for text, field, spec, conversion in Formatter().parse(sentence):
        parts.append(text.translate(OTHER_LETTERS).replace("{", "{{").replace("}", "}}"))
        if field is not None:
            parts.append("{" + field + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}")
    return "".join(reversed(parts))


def pytest_configure(config: object) -> None:
    """Let the whole run, and each of its workers, read the other words."""
    labkit.words._catalogue = OtherWords()


def pytest_report_header(config: object) -> str:
    """Say so, for whoever wonders at a sentence."""
    return "labkit says every sentence in other words"
