"""The quotas: their names, their values, and what a wrong name is told."""

import pytest

from labkit.ledger import LedgerError, quota, quotas


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sqs.visibility_timeout.default", 30),
        ("sqs.visibility_timeout.maximum", 12 * 3600),
        ("sqs.retention.default", 4 * 86400),
        ("sqs.retention.minimum", 60),
        ("sqs.retention.maximum", 14 * 86400),
        ("sqs.delay.maximum", 15 * 60),
        ("sqs.wait_time.maximum", 20),
        ("sqs.receive.default_messages", 1),
        ("sqs.receive.maximum_messages", 10),
        ("sqs.message_size.maximum", 1024 * 1024),
        ("sqs.in_flight.standard", 120_000),
    ],
)
def test_a_quota_is_a_number_in_its_unit(name: str, value: int) -> None:
    """The numbers that the rules are built on are the documented ones."""
    assert value == quota(name)


def test_an_unknown_name_is_answered_with_the_nearest_ones() -> None:
    """A misspelt quota gets one sentence that names the right one."""
    with pytest.raises(LedgerError, match=r"no quota .*; did you mean sqs\.visibility_timeout\.default"):
        quota("sqs.visibility_timeout.defualt")


def test_every_quota_has_a_unit_a_statement_and_a_source() -> None:
    """All quotas can be listed, and none is a bare number."""
    assert all(entry.unit and entry.statement and entry.sources for entry in quotas())
    assert {"sqs"} <= {entry.service for entry in quotas()}
