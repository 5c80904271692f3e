"""The same seed, one setting changed: both histories one above the other, chosen with a slider."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Protocol

from labkit.history.life import lives
from labkit.history.times import span
from labkit.pictures import seen
from labkit.pictures.calls import is_empty
from labkit.pictures.picture import Picture
from labkit.pictures.seen import Seen
from labkit.pictures.swimlanes import swimlanes
from labkit.words import error, say
from labkit.words import pictures as words

Facts = dict[str, str]
RUN_AT_ONCE = 12


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


class Reopenable(Protocol):
    """A lab, or something that brings its own `facts`, that can be opened once more with the same options."""

    def again(self) -> Any:
        """Open a fresh one of the same seed and options."""


def what_if(
    lab: Reopenable,
    story: Callable[[Any, Any], object],
    setting: str,
    values: Sequence[Any],
    picture: Callable[..., Picture] = swimlanes,
) -> WhatIf:
    """Run `story(lab, value)` in a fresh lab of the same seed for each value and compare it with the first value.

    `setting` names in words what the values mean; `picture` is swimlanes, queue_depth or calls_over_time; a fleet in
    place of a lab takes fleet_size. What is given stays as it is. The first 12 values are run at once, others when
    the slider reaches them. Raises `LabError`.
    """
    if not hasattr(lab, "again"):
        raise error(words.WHAT_IF_LAB)
    if not callable(story):
        raise error(words.WHAT_IF_STORY, given=story)
    if not isinstance(setting, str) or not setting:
        raise error(words.WHAT_IF_SETTING, given=setting)
    chosen = list(values) if isinstance(values, Sequence) and not isinstance(values, str) else []
    if len({repr(value) for value in chosen}) < max(2, len(chosen)):
        raise error(words.WHAT_IF_VALUES, given=values)
    return WhatIf(lab, story, setting, chosen, picture)


def _facts_of(lab: Any) -> Facts:
    found: Facts = lab.facts() if hasattr(lab, "facts") else facts(seen.see(lab, "what_if"))
    return found


class WhatIf:
    """Stories told with different values of one setting; shows itself as a slider, as images and as words."""

    def __init__(
        self, lab: Reopenable, story: Callable[[Any, Any], object], setting: str, values: list[Any], picture: Any
    ) -> None:
        self.setting = setting
        self.values = values
        self.at_once = min(len(values), RUN_AT_ONCE)
        self._lab, self._story, self._picture = lab, story, picture
        self._told: dict[int, Any] = {}
        self._facts: dict[int, Facts] = {}
        self._ends: dict[int, int] = {}
        for place in range(self.at_once):
            self._tell(place)

    def _tell(self, place: int) -> Any:
        """Return the lab in which the story was told with this value, told once and then kept."""
        if place not in self._told:
            with self._lab.again() as lab:
                self._story(lab, self.values[place])
                self._facts[place] = _facts_of(lab)
            self._ends[place] = self._picture(lab).end
            self._told[place] = lab
        return self._told[place]

    # For the slider

    def trial(self, place: int) -> dict[str, Any]:
        """Return the pictures and sentences for one value: as JSON, base above, chosen below, on one time axis."""
        labs = [self._tell(which) for which in (0, place)]
        above, below = (self._picture(lab, until=max(self._ends.values())) for lab in labs)
        return {
            "place": place,
            "above": above.image(guided=False),
            "below": below.image(),
            "heading": self._heading(place),
            "sentence": self.sentence(place),
        }

    def _heading(self, place: int) -> str:
        return say(words.WITH_VALUE, setting=self.setting, value=self.values[place])

    def sentence(self, place: int) -> str:
        """Return what the value changes, compared with the first one."""
        self._tell(place)
        value, base = self.values[place], self.values[0]
        if place == 0:
            return say(words.FACTS, value=value, facts=in_words(self._facts[0]))
        found = differences(self._facts[0], self._facts[place])
        sentence = words.INSTEAD if found else words.NOTHING_CHANGES
        return say(sentence, value=value, base=base, differences=found)

    # How it shows itself

    def __repr__(self) -> str:
        title = say(words.WHAT_IF, setting=self.setting, number=len(self.values))
        told = [title, *(self.sentence(place) for place in sorted(self._told))]
        late = [str(value) for place, value in enumerate(self.values) if place not in self._told]
        return "\n".join([*told, say(words.NOT_RUN, values=", ".join(late))] if late else told)

    def _repr_html_(self) -> str:
        trial = self.trial(1)
        title = f"<p>{escape(say(words.WHAT_IF, setting=self.setting, number=len(self.values)))}</p>"
        above = f"<p><b>{escape(self._heading(0))}</b></p>{trial['above']}"
        below = f"<p><b>{escape(trial['heading'])}</b></p>{trial['below']}"
        items = "".join(f"<li>{escape(line)}</li>" for line in repr(self).splitlines()[1:])
        return f"{title}{above}{below}<ul>{items}</ul>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from labkit.pictures.slider import Slider

        live = Slider(self)._repr_mimebundle_()
        forms: dict[str, Any] = dict(live[0] if isinstance(live, tuple) else live)
        return forms | {"text/html": self._repr_html_(), "text/plain": repr(self)}
