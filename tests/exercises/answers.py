"""Answers of an exercise, right and wrong: most are edits of the shipped solution, one line each."""

import linecache
import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from importlib import import_module
from itertools import count
from textwrap import indent
from typing import Any, NamedTuple

from labkit.study.crash import Stopped
from labkit.study.exercise import exercise
from labkit.study.hints import ROOT, solution_text
from labkit.words.shift import Rests

_numbers = count(1)


class Answer(NamedTuple):
    """An answer's functions, and what the check must say: a mistake's code (None: right), the belief or None."""

    name: str
    functions: Sequence[Callable[..., Any]]
    code: Enum | None = None
    belief: str | None = None

    @property
    def outcome(self) -> str:
        """How the check must end, which the kind of code tells."""
        if self.code is None:
            return "right"
        return {Stopped: "crashed", Rests: "right, but"}.get(type(self.code), "wrong")


class Answers:
    """All answers of one exercise. `unprotected` are parts of its solution that may go, each with the reason.

    `read` is the answer whose message is asserted whole, which is `text`.
    """

    def __init__(self, id: str, *, unprotected: Mapping[str, str], read: str, text: str) -> None:
        self.id, self.unprotected, self.read, self.text = id, unprotected, read, text
        self.solution = solution_text(exercise(id))
        source = (ROOT / exercise(id).source).read_text("utf-8")
        self._imports = "\n".join(re.findall(r"^import .+$", source, re.MULTILINE))  # of a cell further up
        self.all = [Answer("solution", self.functions(self.solution))]

    def edits(self, *rows: tuple[Any, ...]) -> None:
        """Note edits of the solution: (name, {old part: new part}, code[, belief])."""
        self.all += [Answer(row[0], self.functions(self.edited(row[1])), *row[2:]) for row in rows]

    def bodies(self, helpers: Mapping[str, Any], *rows: tuple[Any, ...]) -> None:
        """Note answers by the whole body of their function: (name, body, code[, belief]); `helpers` are what it uses."""
        head = f"def {exercise(self.id).signatures[0]}:\n"
        self.all += [Answer(row[0], self.functions(head + indent(row[1], "    "), helpers), *row[2:]) for row in rows]

    def right(self, answer: Any) -> Any:
        """Note a right answer that is no edit: a function, or a class that holds the functions."""
        self.all.append(Answer(answer.__name__, self._named(answer)))
        return answer

    def wrong(self, code: Enum, belief: str | None = None) -> Callable[[Any], Any]:
        """Note a wrong answer that is no edit."""

        def note(answer: Any) -> Any:
            self.all.append(Answer(answer.__name__, self._named(answer), code, belief))
            return answer

        return note

    def edited(self, parts: Mapping[str, str]) -> str:
        """The solution with parts replaced; each old part stands there once, a new one's further lines are indented."""
        text = self.solution
        for old, new in parts.items():
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the solution of {self.id}"
            before = text[: text.index(old)].rpartition("\n")[2]
            indent = before[: len(before) - len(before.lstrip())]
            text = text.replace(old, new.replace("\n", f"\n{indent}"))
        return text

    def functions(self, source: str, helpers: Mapping[str, Any] | None = None) -> list[Callable[..., Any]]:
        """The functions that a cell with this source defines, in the check's order."""
        file = f"<answer {next(_numbers)}>"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        scope: dict[str, Any] = {**(helpers or {}), "__name__": "answer"}
        exec(self._imports, scope)
        exec(compile(source, file, "exec"), scope)
        return [scope[name] for name in exercise(self.id).names]

    def _named(self, answer: Any) -> list[Callable[..., Any]]:
        return [getattr(answer, name) for name in exercise(self.id).names] if isinstance(answer, type) else [answer]


def module_name(id: str) -> str:
    """What an exercise's modules are called: its id without the number."""
    return id.partition("-")[2].replace("-", "_")


def answers_of(id: str) -> Answers:
    """The answers that stand in the exercise's own file beside this one."""
    found: Answers = import_module(f"tests.exercises.{module_name(id)}").ANSWERS
    return found
