"""What a history comes down to in a few numbers, and how two histories differ."""

from __future__ import annotations

from labkit.history.life import lives
from labkit.history.times import span
from labkit.pictures.calls import is_empty
from labkit.pictures.seen import Seen
from labkit.words import pictures as words
from labkit.words import say

Facts = dict[str, str]


def facts(seen: Seen) -> Facts:
    """Return the numbers that learners compare, by what they count, in a fixed order."""
    found = lives(seen.changes)
    receives = [len(one.receives()) for one in found]
    deletes = [change.at for change in seen.changes if change.after == "deleted"]
    ends = [change.after for change in seen.changes]
    numbers = {
        words.SENT: len(found),
        words.RECEIVES: sum(receives),
        words.MORE_THAN_ONCE: sum(number > 1 for number in receives),
        words.DELETED: len(deletes),
        words.EXPIRED: ends.count("expired"),
        words.DEAD_LETTERED: ends.count("dead-lettered"),
        words.LEFT: sum(one.end is None for one in found),
        words.CALLS: len(seen.calls),
        words.EMPTY_RECEIVES: sum(map(is_empty, seen.calls)),
    }
    told = {say(what): f"{number:,}" for what, number in numbers.items()}
    told[say(words.LAST_DELETE)] = say(words.AT, at=span(max(deletes) - seen.start)) if deletes else say(words.NEVER)
    return told


def in_words(found: Facts) -> str:
    """Return the facts that are not zero."""
    return ", ".join(say(words.FACT, what=what, number=number) for what, number in found.items() if number != "0")


def differences(before: Facts, after: Facts) -> str:
    """Return what differs, each with its number before; nothing when nothing does."""
    return ", ".join(
        say(words.DIFFERENCE, what=what, after=number, before=before[what])
        for what, number in after.items()
        if number != before[what]
    )
