"""`every_order(consumer, story)`: run a consumer under every order of events, and tell the shortest that goes wrong."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import redirect_stdout
from html import escape
from io import TextIOBase
from typing import Any

from labkit.aws.lab import Lab
from labkit.aws.options import runs_when_called
from labkit.interleavings.bounds import USUAL, Bounds, up_to
from labkit.interleavings.machine import machines
from labkit.interleavings.operations import Operation
from labkit.interleavings.search import Found, Search
from labkit.interleavings.stage import CRASH, Choice, Stage
from labkit.interleavings.story import Story, Verdict, Wrong
from labkit.interleavings.telling import name_of, told
from labkit.interleavings.world import StoryLab
from labkit.words import error, say
from labkit.words import interleavings as words

Function = Callable[..., Any]


class Checked:
    """What a search found: `right`, or the shortest schedule that goes wrong, told in `sentences`.

    `schedules` ran to their end; `pruned` were stopped as equal to one of them. Of the schedule that goes wrong there
    are its `moves`, what is `wrong` in the end, what was `sent` in it, and the consumers' `operations`.
    """

    def __init__(self, consumer: Function, story: Story, rules: type | None, bounds: tuple[Bounds, ...]) -> None:
        self.bounds = bounds
        self.schedules = 0
        self.pruned = 0
        self.moves: tuple[Choice, ...] = ()
        self.sentences: list[str] = []
        self.wrong: Wrong | None = None
        self.sent: tuple[str, ...] = ()
        self.operations: list[Operation] = []
        self._consumer, self._story, self._rules = consumer, story, rules

    @property
    def right(self) -> bool:
        """Whether no schedule goes wrong."""
        return self.wrong is None

    def add(self, found: Found) -> None:
        """Count what one search found."""
        self.schedules += found.schedules
        self.pruned += found.pruned

    def replay(self) -> Lab:
        """Run the schedule that goes wrong through boto3 and moto in a lab of its own, which stays open.

        Raises `LabError` when no schedule goes wrong.
        """
        if self.wrong is None:
            raise error(words.NOTHING_TO_REPLAY)
        world = StoryLab(self._story, self._rules, quick=False)
        stage = Stage(world, machines(self._consumer), self.bounds[0])
        with world.at_work():
            stage.begin()
            for move in self.moves:
                stage.do(move)
            stage.close()
        seen = judgement(stage)
        if seen != self.wrong:
            raise RuntimeError(f"the replay through boto3 ends otherwise: {seen} instead of {self.wrong}")
        return world.lab

    def __str__(self) -> str:
        if self.wrong is None:
            return "\n".join(self._held())
        numbered = [f"  {nth}. {sentence}" for nth, sentence in enumerate(self.sentences, 1)]
        return "\n".join([say(words.FAILED), *numbered, self._counted(words.FOUND_AFTER), say(words.REPLAY)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        if self.wrong is None:
            return "".join(f"<p>{escape(sentence)}</p>" for sentence in self._held())
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in self.sentences)
        rest = "".join(f"<p>{escape(text)}</p>" for text in (self._counted(words.FOUND_AFTER), say(words.REPLAY)))
        return f"<p>{escape(say(words.FAILED))}</p><ol>{items}</ol>{rest}"

    def _held(self) -> list[str]:
        more = [say(words.PRUNED, pruned=self.pruned)] if self.pruned else []
        return [self._counted(words.HELD), *more]

    def _counted(self, sentence: str) -> str:
        return say(sentence, schedules=self.schedules, bounds=say(words.BOTH).join(map(_told, self.bounds)))


def every_order(consumer: Function, story: Story, *bounds: Bounds, rules: type | None = None) -> Checked:
    """Run a consumer under every order of deliver, duplicate, crash, timeout and lost answer up to each of `bounds`.

    Each machine has a copy of the function's memory, which a crash loses. Raises `LabError` for what cannot be judged,
    and what the consumer raises when nothing has gone wrong yet.
    """
    bounds = bounds or USUAL
    _check(consumer, story)
    checked = Checked(consumer, story, rules, bounds)
    world = StoryLab(story, rules)
    with world.lab, world.at_work(), redirect_stdout(_Silence()):
        make = machines(consumer)
        for one in up_to(bounds):
            stage = Stage(world, make, one)
            found = Search(stage, judgement).run()
            checked.add(found)
            if found.failure is not None:
                checked.bounds, checked.moves = (one,), found.failure.moves
                checked.wrong = found.failure.wrong
                checked.sentences = told(stage, found.failure.moves, judgement, found.failure.wrong)
                checked.sent = stage.end().sent
                done = [event.operation for event in stage.events if event.move.what != CRASH]
                checked.operations = [operation for operation in done if operation is not None]
                stage.close()
                break
    return checked


class _Silence(TextIOBase):
    """What a consumer prints in a thousand schedules is not shown; in a replay it is."""

    def write(self, text: str) -> int:
        return len(text)


def judgement(stage: Stage) -> Wrong | None:
    """Return what is wrong by now; a message that nobody ever deletes is wrong in every story."""
    end = stage.end()
    wrong = stage.world.story.wrong(end)
    if wrong is None and end.left:
        return Wrong(Verdict.STILL_LEFT, words.STILL_LEFT, {"messages": name_of(end.left[0])})
    return Wrong(Verdict.SAID, words.SAID, {"text": wrong}) if isinstance(wrong, str) else wrong


def _check(consumer: Any, story: Any) -> None:
    if not isinstance(story, Story) or not callable(consumer) or isinstance(consumer, type):
        raise error(words.NOT_A_STORY)
    name = getattr(consumer, "__name__", type(consumer).__name__)
    if not runs_when_called(consumer):
        raise error(words.NOT_PLAIN, name=name)
    given = ["sqs", "queue_url", *story.effects, *(["dynamodb"] if story.tables else [])]
    try:
        inspect.signature(consumer).bind(*given)
    except TypeError as unfit:
        raise error(words.ARGUMENTS, name=name, given=", ".join(given), reason=unfit) from None
    except ValueError:  # a built-in function that does not say what it takes
        return


def _told(bounds: Bounds) -> str:
    counts = {
        "messages": _count(words.MESSAGES, bounds.messages - 1, bounds.messages),
        "consumers": _count(words.CONSUMERS, bounds.consumers - 1, bounds.consumers),
        "faults": _count(words.FAULTS, bounds.faults, bounds.faults),
    }
    return say(words.BOUNDS, **counts)


def _count(forms: tuple[str, ...], which: int, count: int) -> str:
    return say(forms[min(which, len(forms) - 1)], count=count)
