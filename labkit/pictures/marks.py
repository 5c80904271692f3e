"""The marks of lane charts: which sign stands for what, and what each is called."""

from __future__ import annotations

from labkit.causes import DEAD_LETTERED, DELAYED, DELETED, EXPIRED, PURGED, REDRIVEN, VISIBLE, Effect
from labkit.words import pictures as words
from labkit.words import say

# Signs are named as plotly names its symbols.
ENDS = {
    DELETED: "x-thin",
    EXPIRED: "diamond-open",
    PURGED: "square-open",
    DEAD_LETTERED: "triangle-down",
    REDRIVEN: "triangle-up",
}
OTHER_END = "star-open"
NUMBER = "number"
# Calls that AWS accepted and that changed nothing, or that it refused because of the receipt handle.
IDLE = {
    Effect.OLD_RECEIPT: "circle-x-open",
    Effect.NOTHING_TO_DELETE: "circle-x-open",
    Effect.TIMEOUT_HAD_ENDED: "square-x-open",
    Effect.DUPLICATE: "hexagram-open",
    Effect.REFUSED: "diamond-x-open",
}
WORK, WIDENED, SEVERAL = "work", "bowtie", "several"
LINES = (DELAYED, VISIBLE)
_MEANINGS = {
    NUMBER: words.NTH_RECEIVE,
    WORK: words.AT_WORK,
    WIDENED: words.WIDENED,
    SEVERAL: words.SEVERAL,
    "circle-x-open": words.IDLE_DELETE,
    "square-x-open": words.IDLE_CHANGE,
    "hexagram-open": words.IDLE_SEND,
    "diamond-x-open": words.REFUSED_CALL,
    OTHER_END: words.OTHER_END,
}
_STATES = {sign: state for state, sign in ENDS.items()}


def meaning(mark: str) -> str:
    """What a mark of a lane stands for."""
    return _STATES.get(mark) or say(_MEANINGS[mark])


def in_words(explained: list[tuple[str, str]]) -> str:
    """The legend as a sentence, for those who don't see it."""
    told = [say(words.MARK, mark=say(words.MARKS.get(key, words.BAR)), name=name) for key, name in explained]
    return say(words.ALL_MARKS, marks="; ".join(told))
