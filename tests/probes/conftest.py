"""A claim whose probe fails: the probe of vis-1 run against a queue that hides nothing."""

from dataclasses import replace

import pytest

from labkit.probes import wrong_rules
from labkit.probes.registry import probes


@pytest.fixture
def failing_probe(monkeypatch):
    """vis-1 with a lab in which its claim is false."""
    rules = {"sqs": wrong_rules.NOT_HIDDEN.rules}
    false = replace(probes()["vis-1"], wrong=wrong_rules.NOT_HIDDEN, options={"rules": rules})
    monkeypatch.setitem(probes(), "vis-1", false)
    return false
