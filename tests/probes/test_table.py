"""The closing table of a lesson."""

from html import escape

import pytest

from labkit import LabError, claims_of
from labkit.ledger import LedgerError, cited, claims_of_lesson


@pytest.fixture(scope="module")
def table():
    """The table of lesson 03."""
    return claims_of("03")


def test_the_last_line_counts_the_states(table):
    """The text ends with how many claims are shown, cited and open."""
    assert repr(table).splitlines()[-1] == "31 shown, 1 cited, 1 open"


def test_html_and_text_tell_the_same(table):
    """Each claim has a row with its id in both forms, with state, evidence and a dated source."""
    forms = table._repr_mimebundle_()
    assert set(forms) == {"text/plain", "text/html"}
    assert [row.claim for row in table.rows] == list(claims_of_lesson("03"))
    for row in table.rows:
        claim = row.claim
        assert f'<tr id="{claim.id}" data-jupyter-id="{claim.id}">' in forms["text/html"]
        assert f"{claim.id} · {row.state} · " in forms["text/plain"]
        assert f'<a href="{claim.sources[0].url}">' in forms["text/html"]
        assert f">{row.state}: {escape(row.seen)}</td>" in forms["text/html"]
        assert claim.sources[0].url in forms["text/plain"]
        assert f"{claim.sources[0].read}" in forms["text/html"]


def test_what_no_text_mentions_is_folded_and_every_dagger_leads_to_an_open_row(table):
    """Both forms tell first what some lesson cites; the rest stands after one line that counts it."""
    mentioned = [row.claim.id in cited() for row in table.rows]
    assert {True, False} == set(mentioned)
    line = f"Checked behind it: {mentioned.count(False)} more, which no lesson's text mentions"
    forms = table._repr_mimebundle_()
    told, folded = forms["text/html"].split(f"<details><summary>{escape(line, quote=True)}</summary>")
    said, behind = forms["text/plain"].split(f"\n{line}\n")
    assert folded.count("</details>") == 1
    for row, open_row in zip(table.rows, mentioned, strict=True):
        assert (f'<tr id="{row.claim.id}" ' in told) == open_row == (f"{row.claim.id} · " in said)
        assert (f'<tr id="{row.claim.id}" ' in folded) != open_row != (f"{row.claim.id} · " in behind)


def test_nothing_is_folded_where_no_text_mentions_anything(monkeypatch):
    """A table of folded rows alone would show nothing."""
    monkeypatch.setattr("labkit.probes.table.cited", frozenset)
    assert "<details>" not in claims_of("01")._repr_mimebundle_()["text/html"]


def test_evidence_stands_in_both_forms(table):
    """What the probe of vis-4 saw can be read in the table."""
    for form in table._repr_mimebundle_().values():
        assert "hidden at 00:00:29.999" in form


def test_a_statement_that_is_still_told_is_named():
    """Where it doesn't hold, the table tells its words, the verdict and what holds; a gap of a mock is told nowhere."""
    text = repr(claims_of("02"))
    assert "You may read elsewhere: “A message can have at most 256 KB.” (outdated)" in text
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
