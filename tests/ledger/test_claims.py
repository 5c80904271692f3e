"""The claims and misconceptions as they ship: complete, found by id, and in order for the lessons that teach them."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from labkit import ledger
from labkit.ledger import Claim, LedgerError, claim, claims, claims_of_lesson, misconceptions, price, prices, sources
from labkit.ledger._numbers import amount
from labkit.rules.myths import myth
from labkit.rules.myths.myth import believed_rules

TAUGHT = [entry for entry in claims() if entry.lesson]


def test_all_statements_of_the_notes_are_there() -> None:
    """198 statements of the source notes, and the 19 topics that they leave out."""
    origins = [entry.origin for entry in claims()]
    assert sum(origin.startswith("notes, line") for origin in origins) == 198
    assert origins.count("left out of the notes") == 19


def test_a_claim_is_found_by_its_id() -> None:
    """A claim knows its value, the quota behind it and the pages it was read on."""
    entry = claim("vis-2")
    assert (entry.value, entry.quota, entry.lesson) == ("30 seconds", "sqs.visibility_timeout.default", "03")
    assert {source.key for source in entry.sources} >= {"sqs-api-create-queue"}
    assert entry.state == "cited"


def test_an_unconfirmed_claim_is_open() -> None:
    """What could not be confirmed is never called cited."""
    assert claim("vis-change-old-handle").state == "open"


def test_an_unknown_id_is_answered_with_the_nearest_ones() -> None:
    """A misspelt id gets one sentence that names the right one."""
    with pytest.raises(LedgerError, match=r"There is no claim 'vis-heartbeet'; did you mean vis-heartbeat"):
        claim("vis-heartbeet")


def test_an_id_like_no_other_is_simply_unknown() -> None:
    """Without a near name, none is offered."""
    with pytest.raises(LedgerError, match=r"There is no claim 'xyz'\.$"):
        claim("xyz")


def test_claims_of_a_lesson() -> None:
    """A lesson gets its own claims, and a number without claims is refused."""
    assert [entry.id for entry in claims_of_lesson("01")][:3] == ["intro-1", "intro-2", "async-1"]
    assert all(entry.lesson == "03" for entry in claims_of_lesson("03"))
    with pytest.raises(LedgerError, match="No claim belongs to lesson '3'; lessons with claims are 01, 02, 03"):
        claims_of_lesson("3")


def test_enough_claims_can_be_shown() -> None:
    """At least 65 claims of the first lessons have an experiment, not only a citation."""
    assert sum(entry.cited is None for entry in TAUGHT) >= 65


@pytest.mark.parametrize("entry", TAUGHT, ids=lambda entry: entry.id)
def test_a_claim_that_is_taught_is_short_and_english(entry: Claim) -> None:
    """One line a learner can read, in plain characters."""
    assert len(entry.claim) <= 120
    assert len(entry.truth) <= 420
    texts = (entry.claim, entry.truth, entry.section, entry.probe or entry.cited)
    assert all(re.fullmatch(r"[\x20-\x7eé]+", text or "") for text in texts)


def test_every_misconception_is_there() -> None:
    """78 of them, 34 of which run; those of the first lessons name the claims that refute them."""
    assert len(misconceptions()) == 78
    assert sum(entry.runs is not None for entry in misconceptions()) == 34
    assert all(entry.claims for entry in misconceptions() if entry.lesson)


def test_a_belief_is_worded_once() -> None:
    """No two entries hold the same belief or tell the same truth."""
    for texts in ([entry.belief for entry in misconceptions()], [entry.truth for entry in misconceptions()]):
        assert len(set(texts)) == len(texts)


def test_each_rule_of_the_myths_is_run_by_one_entry() -> None:
    """A class that no entry names could never be told; a name without a class could never run."""
    named = sorted(entry.runs for entry in misconceptions() if entry.runs is not None)
    assert named == sorted(believed_rules())
    assert all(myth(entry.id).rules.__name__ == entry.runs for entry in misconceptions() if entry.runs)


def test_no_source_is_left_over() -> None:
    """Each source is used by a claim, a quota, a price or a misconception."""
    used = {source.key for entry in claims() for source in entry.sources}
    used |= {source.key for entry in misconceptions() for source in entry.sources}
    used |= {key for entry in ledger.quotas() for key in entry.sources}
    used |= {entry.source.key for entry in prices()}
    assert {source.key for source in sources()} == used


def test_there_is_no_price_without_a_dated_page() -> None:
    """Each says of which day it is, and the page that says so was read on that day or later."""
    assert [entry.name for entry in prices()] == ["sqs.standard.requests", "sqs.fifo.requests"]
    assert all(entry.date <= entry.source.read for entry in prices())


@pytest.mark.parametrize(
    ("requests", "bill"), [(0, "0.00"), (1_000_000, "0.00"), (3_500_000, "1.00"), (25_920_000, "9.97")]
)
def test_a_month_is_billed_after_its_free_requests(requests: int, bill: str) -> None:
    """Each million after the first costs 0.40 USD; a part of one, its part."""
    assert str(price("sqs.standard.requests").of_a_month(requests)) == bill


def test_an_unknown_price_is_answered_with_the_nearest_ones() -> None:
    """A misspelt price gets one sentence that names the right one."""
    with pytest.raises(LedgerError, match=r"no price .*; did you mean sqs\.standard\.requests"):
        price("sqs.standart.requests")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 hours", (43200, "seconds")),
        ("1 MiB", (1048576, "bytes")),
        ("1 message", (1, "messages")),
        ("10 entries", (10, "entries")),
        ("120,000 messages", (120000, "messages")),
        ("14 days", (1209600, "seconds")),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, expected: tuple[int, str]) -> None:
    """Display texts and the numbers of the rules are compared in one unit."""
    assert expected == amount(text)


def test_importing_the_ledger_reads_nothing() -> None:
    """PyYAML is loaded at the first question, and a quota does not load the claims."""
    program = (
        "import sys, labkit.ledger as ledger; assert 'yaml' not in sys.modules\n"
        "ledger.quota('sqs.delay.maximum'); from labkit.ledger import _statements\n"
        "assert _statements.load_claims.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_package_exports_what_is_public() -> None:
    """Every public name of the package is in __all__, and nothing else."""
    public = {name for name in vars(ledger) if not name.startswith("_")}
    assert public == set(ledger.__all__)
