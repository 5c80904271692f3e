"""CONTRIBUTING.md's recipes, read and followed: their blocks are files to append to, create or change, and commands.

A block says what is done with it in the line above: "Append to `path`:", "Create `path`:", "Change `path`:" (a diff
whose unchanged lines say where) or "Run:" (commands after a `$`, each with parts of what it must print).
"""

from __future__ import annotations

import compileall
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "CONTRIBUTING.md"
NEEDED = ("labkit", "tests", "notebooks", "solutions", "exercises", "pyproject.toml", "README.md")
_BLOCK = re.compile(r"^(Append to|Create|Change|Run)(?: `([^`]+)`)?:\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_RECIPE = re.compile(r"^## Recipe: (.+)$", re.MULTILINE)


class Step(NamedTuple):
    """One block of a recipe: what to do, with which file ("" for commands), and its text."""

    verb: str
    path: str
    text: str

    def follow(self, folder: Path) -> None:
        """Do in a copy of the tree what an editor would do."""
        file = folder / self.path
        if self.verb == "Create":
            assert not file.exists(), f"{self.path} is there already"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.text)
        elif self.verb == "Append to":
            between = "\n\n" if file.suffix == ".py" else ""
            file.write_text(file.read_text() + between + self.text)
        else:
            file.write_text(_changed(file.read_text(), self.text.splitlines(keepends=True), self.path))


class Command(NamedTuple):
    """What to type, and the parts that its output must have."""

    typed: str
    prints: list[str]


def recipes() -> dict[str, list[Step]]:
    """Every recipe of the page by its title, as its steps in order."""
    _, *parts = _RECIPE.split(PAGE.read_text("utf-8"))
    texts = dict(zip(parts[::2], parts[1::2], strict=True))
    return {title: [Step(*block) for block in _BLOCK.findall(text)] for title, text in texts.items()}


def commands(step: Step) -> list[Command]:
    """The commands of a "Run" block."""
    _, *parts = re.split(r"^\$ ", step.text, flags=re.MULTILINE)
    return [Command(typed, prints) for typed, *prints in (part.splitlines() for part in parts)]


def copied(folder: Path) -> Path:
    """A copy of what recipes need of the tree, compiled: each of some twenty processes would do it again."""
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        else:
            shutil.copy2(ROOT / name, folder / name)
    compileall.compile_dir(folder / "labkit", quiet=2)
    return folder


def disappointed(command: Command, folder: Path) -> str:
    """Run a command in the copy and return why it is not what the recipe says; "" where it is."""
    here = Path(sys.executable).parent
    environment = {name: value for name, value in os.environ.items() if name != "LABKIT_COURSE"}
    environment["PYTHONPATH"] = str(folder)
    program, *arguments = shlex.split(command.typed)
    ran = subprocess.run(
        [str(here / program), *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    told = ran.stdout + ran.stderr
    if ran.returncode:
        return f"{command.typed}: code {ran.returncode}\n{told}"
    missing = [part for part in command.prints if part not in told]
    return f"{command.typed}: does not print {missing}\n{told}" if missing else ""


def _changed(text: str, diff: list[str], path: str) -> str:
    before = "".join(line[1:] for line in diff if line[0] != "+")
    after = "".join(line[1:] for line in diff if line[0] != "-")
    assert text.count(before) == 1, f"{path} has the lines {before!r} {text.count(before)} times"
    return text.replace(before, after)
