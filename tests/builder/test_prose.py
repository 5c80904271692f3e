"""Which sentences need a claim's mark, and what counts as quoted."""

import pytest

from labkit.builder.marks import MARK, marks_in
from labkit.builder.prose import sentences, unproved

REFUSED = [
    "A message is hidden for 30 seconds.",
    "The limit is 256 KB, the queue keeps it 14 days.",
    "Receive 10 messages at once.",
    "It is a 30-second default.",
    "At 3,000 calls a second it throttles.",
    "Up to 120,000 messages are in flight.",
    "It costs $0.40 for a million.",
    "Delivery is 99.9 % certain.",
    "The handle never changes.",
    "Only the owner may read it.",
    "A batch has At Most ten entries.",
    "## It always works",
    "- first\n- it is never lost\n- last",
    "| limit | 12 h |",
]
ALLOWED = [
    "A message is hidden for {vis-2} or 30 seconds.",
    "Our worker needs `90 s` and makes `4 calls`.",
    "```\nsleep 30 seconds, always\n```",
    "$x$ and $$30 s$$ are formulas.",
    "See [the page](https://example.com/30-seconds/always) for it.",
    "Lesson 3 comes after lesson 2.",
    "The handle order-1 message.",
    "At 00:00:30.000 the message is back.",
    "A lonely consumer, nevertheless busy, atmosphere almost.",
    "Two consumers share the work.",
]


@pytest.mark.parametrize("text", REFUSED)
def test_an_unproved_sentence_is_refused(text):
    """A number next to a unit, or an absolute word, without a mark."""
    (complaint,) = unproved(text, MARK)
    assert "needs a claim's mark" in complaint


@pytest.mark.parametrize("text", ALLOWED)
def test_a_marked_or_quoted_sentence_passes(text):
    """A mark in the sentence, code, LaTeX, addresses, and numbers without a unit."""
    assert unproved(text, MARK) == []


def test_a_mark_proves_its_own_sentence_only():
    """The sentence after the marked one needs its own mark."""
    assert len(unproved("It is hidden for {vis-2}. It is kept 4 days.", MARK)) == 1


def test_sentences_end_at_blocks_and_full_stops():
    """Wrapped lines belong together; headings, list items and table rows stand alone."""
    text = "# Orders\nOne line\nand its rest. Another. `code` too.\n\n- item\n- item 2"
    assert sentences(text) == ["# Orders", "One line and its rest.", "Another.", "\u2026 too.", "- item", "- item 2"]


def test_marks_are_found_in_prose_only():
    """Braces in code spans, fences and LaTeX are no marks."""
    assert marks_in(
        "{vis-2} {=vis-in-flight} {vis2} `{vis-3}` $a_{vis-4}$ {tri-kin-1}\n```\n{vis-5}\n```\n{vis-6}"
    ) == [
        "vis-2",
        "vis-in-flight",
        "tri-kin-1",
        "vis-6",
    ]
