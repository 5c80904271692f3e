"""A claim whose probe fails: the probe of vis-1 run against a queue that hides nothing."""

import pytest

from labkit.probes import wrong_rules
from labkit.probes.registry import Probe, probes


@pytest.fixture
def failing_probe(monkeypatch):
    """vis-1 with a lab in which its claim is false."""
    rules = {"sqs": wrong_rules.NOT_HIDDEN.rules}
    false = Probe("vis-1", probes()["vis-1"].experiment, wrong_rules.NOT_HIDDEN, {"rules": rules})
    monkeypatch.setitem(probes(), "vis-1", false)
    return false
