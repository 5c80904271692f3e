"""Where a dagger stands: at the word that it belongs to, whatever that word is."""

from types import SimpleNamespace

import pytest

from labkit.builder.marks import replace_marks

DAGGER = '<sup>[†](#vis-2 "vis-2")</sup>'


def marked(text):
    """The text with its marks replaced; every claim is worth 30 seconds."""
    return replace_marks(text, lambda claim: SimpleNamespace(id=claim, value="30 seconds"), lambda one: f"#{one.id}")


@pytest.mark.parametrize(
    ("source", "built"),
    [
        ("It is hidden {vis-2}.", f"It is hidden{DAGGER}."),
        ("It is `hidden` {vis-2}.", f"It is `hidden`{DAGGER}."),
        ("It is hidden\n{vis-2}.", f"It is hidden{DAGGER}."),
        ("1. It is hidden\n   {vis-2}.", f"1. It is hidden{DAGGER}."),
        ("1. It is `hidden`\n   {vis-2}.", f"1. It is `hidden`{DAGGER}."),
        ("It is hidden {vis-2} {vis-2}.", f"It is hidden{DAGGER}{DAGGER}."),
        ("It is hidden.\n\n{vis-2} says so.", f"It is hidden.\n\n{DAGGER} says so."),
        ("```\ncode\n```\n{vis-2} says so.", f"```\ncode\n```\n{DAGGER} says so."),
    ],
)
def test_a_dagger_follows_its_word(source, built):
    """No gap before it, after code and at a line's end neither; a paragraph of its own stays one."""
    assert marked(source) == built


@pytest.mark.parametrize("gap", [" ", "\n", "\n   "])
def test_a_value_keeps_its_distance(gap):
    """A value is a word of the sentence, also after code."""
    value = "[30 seconds](#vis-2)"
    assert marked(f"for `n`{gap}{{=vis-2}}") == f"for `n`{gap}{value}"
    assert marked(f"for{gap}{{=vis-2}}") == f"for{gap}{value}"
