"""The rules name the claims that they carry; each of those names is a claim."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from labkit.ledger import claims

RULES = Path(__file__).parents[2] / "labkit" / "rules"
NAMED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def names_in_docstrings(source: str) -> set[str]:
    """What stands in square brackets in the docstrings of a program, such as `[vis-2] [std-6]`."""
    texts = [ast.get_docstring(node) or "" for node in ast.walk(ast.parse(source)) if isinstance(node, NAMED)]
    return {name for text in texts for name in re.findall(r"\[([a-z]+(?:-[a-z0-9]+)+)\]", text)}


def test_a_name_in_brackets_is_found() -> None:
    """The search sees each name of a docstring and nothing outside of docstrings."""
    assert names_in_docstrings('def wait() -> None:\n    """Waits [vis-1] [std-6]."""\n    x = "[a-b]"\n') == {
        "vis-1",
        "std-6",
    }


def test_the_rules_carry_claims_that_exist() -> None:
    """A claim that was renamed or removed is noticed in the rules that name it."""
    named = {name for file in RULES.rglob("*.py") for name in names_in_docstrings(file.read_text(encoding="utf-8"))}
    assert named
    assert named <= {entry.id for entry in claims()}
