"""The closing table of a lesson."""

import pytest

from labkit import LabError, claims_of
from labkit.ledger import LedgerError, claims_of_lesson


@pytest.fixture(scope="module")
def table():
    """The table of lesson 03."""
    return claims_of("03")


def test_the_last_line_counts_the_states(table):
    """The text ends with how many claims are shown, cited and open."""
    assert repr(table).splitlines()[-1] == "31 shown, 0 cited, 1 open"


def test_html_and_text_tell_the_same(table):
    """Each claim has a row with its id in both forms, with state, evidence and a dated source."""
    forms = table._repr_mimebundle_()
    assert set(forms) == {"text/plain", "text/html"}
    for row, claim in zip(table.rows, claims_of_lesson("03"), strict=True):
        assert row.claim == claim
        assert f'<tr id="{claim.id}">' in forms["text/html"]
        assert f"{claim.id} · {row.state} · " in forms["text/plain"]
        assert f'<a href="{claim.sources[0].url}">' in forms["text/html"]
        assert claim.sources[0].url in forms["text/plain"]
        assert f"{claim.sources[0].read}" in forms["text/html"]


def test_evidence_stands_in_both_forms(table):
    """What the probe of vis-4 saw can be read in the table."""
    for form in table._repr_mimebundle_().values():
        assert "hidden at 00:00:29.999" in form


def test_an_outdated_statement_is_named_as_the_notes_said_it():
    """Where the notes do not hold, the table tells their words, the verdict and what holds."""
    text = repr(claims_of("02"))
    assert "The notes said: “A message can have at most 256 KB.” (outdated)" in text
    assert "1,048,577 bytes: accepted / accepted / InvalidParameterValue" in text


def test_the_same_table_twice(table):
    """Running the probes again gives the same bytes."""
    assert claims_of("03")._repr_mimebundle_() == table._repr_mimebundle_()


def test_a_probe_that_fails_stops_the_cell(failing_probe):
    """The cell fails with one sentence that names the claim, what was seen and what was expected."""
    with pytest.raises(LabError) as failure:
        claims_of("03")
    seen = "Of two receives the first returned 1 message, the second 1"
    assert f"{failure.value}".startswith(f"Claim vis-1 did not hold in this run. Seen: {seen}. Expected: Of two ")


def test_a_lesson_without_claims_is_refused():
    """An unknown lesson is told with the lessons that have claims."""
    with pytest.raises(LedgerError, match="01, 02, 03"):
        claims_of("99")
