"""Each check of the ledger, shown refusing a wrong record in one sentence that names file, record and field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from labkit.ledger import LedgerError
from labkit.ledger._numbers import load_prices
from labkit.ledger._statements import cited, load_claims, load_misconceptions

Ledger = dict[str, list[dict[str, Any]]]

SOURCES, QUOTAS, CLAIMS = "sources.yaml", "quotas.yaml", "claims/integration.yaml"
MISCONCEPTIONS, PRICES = "misconceptions.yaml", "prices.yaml"
MISSING = object()

WRONG = [
    (CLAIMS, "colour", "red", "claims/integration.yaml, vis-1, field 'colour': is not a field of this kind of record"),
    (CLAIMS, "id", MISSING, "record 1, field 'id': is missing"),
    (CLAIMS, "id", "Vis 1", "field 'id': must be lower-case words joined by hyphens, not 'Vis 1'"),
    (CLAIMS, "truth", MISSING, "vis-1, field 'truth': is missing"),
    (CLAIMS, "truth", "", "field 'truth': must be text without spaces around it"),
    (CLAIMS, "truth", 12, "field 'truth': must be text, not 12"),
    (CLAIMS, "claim", "no sentence", "field 'claim': must be one sentence that ends with a full stop"),
    (CLAIMS, "verdict", "true", "field 'verdict': must be one of holds, imprecise, outdated, wrong, not 'true'"),
    (CLAIMS, "status", "maybe", "field 'status': must be one of confirmed, unconfirmed"),
    (CLAIMS, "evidence", "heard", "field 'evidence': must be one of documented, recorded"),
    (CLAIMS, "lesson", "3", "field 'lesson': must be a lesson's number such as '03' or '22b', not '3'"),
    (CLAIMS, "probe", MISSING, "field 'probe': is missing, and 'cited' does not say why there is no experiment"),
    (CLAIMS, "origin", "a friend", "field 'origin': must be such as 'notes, line 98'"),
    (CLAIMS, "sources", [], "field 'sources': must be a list with at least one text"),
    (CLAIMS, "sources", MISSING, "field 'sources': is missing"),
    (CLAIMS, "sources", ["guide", "guide"], "field 'sources': names one thing twice"),
    (CLAIMS, "sources", ["nowhere"], "field 'sources': names 'nowhere', which sources.yaml does not hold"),
    (CLAIMS, "sources", ["thread"], "field 'sources': name neither a page of AWS nor a recording"),
    (CLAIMS, "sources", ["guide"], "field 'evidence': is 'recorded', but no source is a recording"),
    (CLAIMS, "value", "11 hours", "field 'value': is '11 hours', but sqs.visibility_timeout.maximum is 43200 seconds"),
    (CLAIMS, "value", "12 bytes", "field 'value': is '12 bytes', but sqs.visibility_timeout.maximum is 43200 seconds"),
    (CLAIMS, "value", "12 moons", "field 'value': has the unknown unit 'moons'"),
    (CLAIMS, "value", "long", "field 'value': must be a whole number and a unit such as '30 seconds'"),
    (CLAIMS, "value", MISSING, "field 'value': is missing, though the claim names the quota"),
    (CLAIMS, "quota", "sqs.visibility", "field 'quota': There is no quota 'sqs.visibility'"),
    (QUOTAS, "value", "43200", "quotas.yaml, sqs.visibility_timeout.maximum, field 'value': must be a whole number"),
    (QUOTAS, "value", True, "field 'value': must be a whole number, not True"),
    (QUOTAS, "value", -1, "field 'value': must not be negative"),
    (QUOTAS, "unit", "moons", "field 'unit': must be one of seconds, bytes"),
    (QUOTAS, "name", "visibility", "field 'name': must be words joined by dots"),
    (QUOTAS, "read", "yesterday", "field 'read': must be a date written like 2026-11-23, not 'yesterday'"),
    (QUOTAS, "sources", ["nowhere"], "quotas.yaml, sqs.visibility_timeout.maximum, field 'sources': names 'nowhere'"),
    (SOURCES, "url", "http://docs.aws.amazon.com/guide.html", "sources.yaml, guide, field 'url': must be an https"),
    (SOURCES, "url", "https://example.org/aws", "field 'url': must be a page of AWS because 'how' is 'page'"),
    (SOURCES, "how", "rumour", "field 'how': must be one of page, model, recording, thread, article"),
    (SOURCES, "read", "23.11.2026", "field 'read': must be a date written like 2026-11-23"),
    (MISCONCEPTIONS, "claims", ["vis-9"], "misconceptions.yaml, extend-for-ever, field 'claims': names 'vis-9'"),
    (MISCONCEPTIONS, "belief", MISSING, "field 'belief': is missing"),
    (MISCONCEPTIONS, "experiment", MISSING, "field 'experiment': is missing, and no rule runs the belief instead"),
    (PRICES, "date", MISSING, "prices.yaml, sqs.requests, field 'date': is missing"),
    (PRICES, "value", "cheap", "field 'value': must be a decimal number in quotes"),
    (PRICES, "currency", "dollars", "field 'currency': must be three capital letters"),
    (PRICES, "region", "Virginia", "field 'region': must be a Region such as us-east-1"),
    (PRICES, "source", "thread", "field 'source': must be a page or an article, but 'thread' is a thread"),
    (PRICES, "source", "tests", "field 'source': must be a page or an article, but 'tests' is a recording"),
    (PRICES, "date", date(2999, 1, 1), "field 'date': is later than the day on which its source was read"),
    (PRICES, "per", 0, "field 'per': must be how many things a unit has, not 0"),
    (PRICES, "free", MISSING, "prices.yaml, sqs.requests, field 'free': is missing"),
]


def load_all(folder: Path) -> None:
    load_claims(folder), load_misconceptions(folder), load_prices(folder)


def test_a_right_ledger_is_accepted(write: Callable[[Ledger], Path], right: Ledger) -> None:
    """The ledger that the other tests break is right before they do."""
    load_all(write(right))


def test_a_value_needs_no_quota(write: Callable[[Ledger], Path], right: Ledger) -> None:
    """A claim may state a number that no rule is built on."""
    del right[CLAIMS][0]["quota"]
    right[CLAIMS][0]["value"] = "5 minutes"
    assert load_claims(write(right))["vis-1"].value == "5 minutes"


@pytest.mark.parametrize(("file", "field", "value", "sentence"), WRONG)
def test_a_wrong_field_is_refused(
    write: Callable[[Ledger], Path], right: Ledger, file: str, field: str, value: Any, sentence: str
) -> None:
    """One field of one record is missing, of the wrong type or at odds with another one."""
    if value is MISSING:
        del right[file][0][field]
    else:
        right[file][0][field] = value
    with pytest.raises(LedgerError) as refusal:
        load_all(write(right))
    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("file", [SOURCES, QUOTAS, CLAIMS, MISCONCEPTIONS, PRICES])
def test_a_name_used_twice_is_refused(write: Callable[[Ledger], Path], right: Ledger, file: str) -> None:
    """Two records of one kind never share a name."""
    right[file].append(right[file][0])
    with pytest.raises(LedgerError, match="is used twice, the first time in"):
        load_all(write(right))


def test_an_id_used_in_two_claim_files_is_refused(write: Callable[[Ledger], Path], right: Ledger) -> None:
    """The claims of all files share one set of ids."""
    right["claims/mq.yaml"] = right[CLAIMS]
    with pytest.raises(LedgerError, match=r"claims/mq\.yaml, vis-1, .*the first time in claims/integration\.yaml"):
        load_all(write(right))


def test_broken_yaml_is_told_in_one_line(write: Callable[[Ledger], Path], right: Ledger) -> None:
    """A file that is no YAML, or no list, is named."""
    folder = write(right)
    (folder / "quotas.yaml").write_text("- name: [")
    with pytest.raises(LedgerError, match=r"quotas\.yaml is not readable YAML: .*"):
        load_all(folder)


def test_a_file_that_holds_no_list_is_refused(write: Callable[[Ledger], Path], right: Ledger) -> None:
    """The top of each file is a list of records."""
    folder = write(right)
    (folder / "quotas.yaml").write_text("name: sqs")
    with pytest.raises(LedgerError, match=r"quotas\.yaml must hold a list of records"):
        load_all(folder)


def test_a_citation_of_no_claim_is_refused(write: Callable[[Ledger], Path], right: Ledger) -> None:
    """What the builder wrote down before a claim was renamed is told with file and nearest id."""
    folder = write(right)
    (folder / "cited").mkdir()
    (folder / "cited" / "03.yaml").write_text("- vis-1\n")
    assert cited(folder) == {"vis-1"}
    cited.cache_clear()
    (folder / "cited" / "03.yaml").write_text("- vis-2\n")
    with pytest.raises(LedgerError, match=r"cited/03\.yaml: There is no claim 'vis-2'; did you mean vis-1"):
        cited(folder)


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ({"how": "recording", "url": "https://example.org/tests"}, True),
        ({"how": "page", "url": "https://repost.aws/questions/1"}, True),
        ({"how": "page", "url": "https://aws.amazon.com/sqs/"}, False),
        ({"how": "model", "url": "https://docs.aws.amazon.com/api.html"}, False),
    ],
)
def test_what_is_documented_is_documented_by_aws(
    write: Callable[[Ledger], Path], right: Ledger, source: dict[str, Any], refused: bool
) -> None:
    """A recording is as true and answers on re:Post help, but neither is AWS's own documentation."""
    right[SOURCES][0] |= source
    right[CLAIMS][0] |= {"evidence": "documented", "sources": ["guide"]}
    folder = write(right)
    if not refused:
        assert load_claims(folder)["vis-1"].sources[0].documents
        return
    with pytest.raises(LedgerError, match="vis-1, field 'evidence': is 'documented', but no source is a page of AWS's"):
        load_claims(folder)
