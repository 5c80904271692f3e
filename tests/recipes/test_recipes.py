"""Each recipe of CONTRIBUTING.md leads where it says; without one of its steps it does not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.recipes.recipes import Command, Step, commands, copied, disappointed, recipes

RECIPES = recipes()
# A recipe builds on those before it: the lesson teaches the claim, the exercise belongs to the lesson.
BEFORE: dict[str, list[str]] = {
    "a claim with its probe": [],
    "a lesson": ["a claim with its probe"],
    "an exercise": ["a claim with its probe"],
    "a service": [],
}
STEPS = [(title, number) for title, steps in RECIPES.items() for number, step in enumerate(steps) if step.path]


def edits(title: str) -> list[Step]:
    return [step for step in RECIPES[title] if step.path]


def to_run(title: str) -> list[Command]:
    return [command for step in RECIPES[title] if not step.path for command in commands(step)]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy from which each test takes its own."""
    return copied(tmp_path_factory.mktemp("original"))


@pytest.fixture
def house(original: Path, tmp_path: Path) -> Path:
    """A copy of the tree in which everything may be changed."""
    return Path(shutil.copytree(original, tmp_path / "house"))


@pytest.mark.live
@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_leads_where_it_says(title: str, house: Path) -> None:
    """All steps done, every command succeeds and prints what the page promises."""
    for each in [*BEFORE[title], title]:
        for step in edits(each):
            step.follow(house)
    assert to_run(title)
    problems = [found for command in to_run(title) if (found := disappointed(command, house))]
    assert not problems, "\n".join(problems)


@pytest.mark.slow
@pytest.mark.parametrize(("title", "without"), STEPS)
def test_a_step_left_out_is_noticed(title: str, without: int, house: Path) -> None:
    """With one step missing, some command of the recipe fails or prints something else."""
    for each in BEFORE[title]:
        for step in edits(each):
            step.follow(house)
    for number, step in enumerate(RECIPES[title]):
        if step.path and number != without:
            step.follow(house)
    assert any(disappointed(command, house) for command in to_run(title))
