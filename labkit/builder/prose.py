"""Markdown without what is quoted: which parts of a text are prose, and which sentences in it claim something unproved.

A number next to a unit, and the words always, never, only, at most, need a claim's mark like {vis-2} in their sentence.
A value that the lab chose, or that an output shows, is quoted as code: `90 s`.
"""

import re
from collections.abc import Callable

UNITS = (
    "ms milliseconds? s secs? seconds? min minutes? h hours? days? weeks? months? years? "
    "bytes? KB KiB MB MiB GB GiB TB TiB kB characters? % percent USD "
    "messages? records? calls? requests? receives? times? attempts? retries tags? attributes? "
    "queues? topics? subscriptions? shards? partitions? regions? zones?"
)
ABSOLUTES = ("always", "never", "only", "at most")

_NUMBER = r"(?<![\w.#-])[$]?\d[\d,.]*(?:[ -]?(?:thousand|million|billion))?"
_BARE_NUMBER = re.compile(rf"{_NUMBER}[\s-]*(?:(?:{UNITS.replace(' ', '|')})(?!\w))|[$]\d[\d,.]*")
_ABSOLUTE = re.compile(rf"\b(?:{'|'.join(ABSOLUTES)})\b", re.IGNORECASE)
_QUOTED = re.compile(
    r"^(?P<fence>```+|~~~+).*?^(?P=fence)[ \t]*$"  # fenced code
    r"|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"  # code span
    r"|[$]{2}.+?[$]{2}|(?<![\\\w$])[$](?=[^\s\d$])[^$\n]+?(?<=\S)[$](?!\d)"  # LaTeX
    r"|\\begin\{(?P<environment>\w+\*?)\}.*?\\end\{(?P=environment)\}",
    re.DOTALL | re.MULTILINE,
)
_LINK_TARGET_OR_TAG = re.compile(r"(?<=\])\([^)\s]*\)|<[^<>]+>|<?https?://[^\s>)]+>?")
_HEADING = re.compile(r"(?m)^ {0,3}#{1,6} .*$")
_BLOCK_START = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+>|]|\d+[.)])\s?)")
_SENTENCE_END = re.compile(r"(?<=[.!?])[)\"'*_]*\s+(?=[\"'*_(\[`<{]*[A-Z0-9{…])")


def replace_in_prose(text: str, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> str:
    """`text` with the pattern's matches replaced, code and LaTeX left alone."""
    pieces, end = [], 0
    for quoted in _QUOTED.finditer(text):
        pieces += [pattern.sub(replace, text[end : quoted.start()]), quoted[0]]
        end = quoted.end()
    return "".join([*pieces, pattern.sub(replace, text[end:])])


def sentences(text: str) -> list[str]:
    """The prose's sentences on one line each; quoted code and LaTeX stand as an ellipsis, a heading is a sentence."""
    prose = _HEADING.sub(r"\n\g<0>\n", _LINK_TARGET_OR_TAG.sub("", _QUOTED.sub("…", text)))
    blocks = [" ".join(block.split()) for block in _BLOCK_START.split(prose)]
    return [sentence for block in blocks for sentence in _SENTENCE_END.split(block) if sentence]


def unproved(text: str, mark: re.Pattern[str]) -> list[str]:
    """One complaint for each sentence that states a quantity or an absolute and has no mark."""
    complaints = []
    for sentence in sentences(text):
        found = _BARE_NUMBER.search(sentence) or _ABSOLUTE.search(sentence)
        if found and not mark.search(sentence):
            complaints.append(
                f"{found[0]!r} in {sentence!r} needs a claim's mark like {{vis-2}} in its sentence; "
                f"quote it as code (`{found[0]}`) if it is a value of the lab or of an output, or say it otherwise"
            )
    return complaints
