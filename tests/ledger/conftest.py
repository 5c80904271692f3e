"""A small ledger in a folder, right in every field, for tests that break one of them."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from labkit.ledger._statements import FILES

READ = date(2026, 11, 23)
RIGHT: dict[str, list[dict[str, Any]]] = {
    "sources.yaml": [
        {
            "key": "guide",
            "title": "A guide",
            "url": "https://docs.aws.amazon.com/guide.html",
            "read": READ,
            "how": "page",
        },
        {"key": "tests", "title": "Answers", "url": "https://example.org/tests", "read": READ, "how": "recording"},
        {"key": "thread", "title": "A thread", "url": "https://example.org/thread", "read": READ, "how": "thread"},
    ],
    "quotas.yaml": [
        {
            "name": "sqs.visibility_timeout.maximum",
            "value": 43200,
            "unit": "seconds",
            "statement": "The longest visibility timeout.",
            "sources": ["guide"],
            "read": READ,
        }
    ],
    "claims/integration.yaml": [
        {
            "id": "vis-1",
            "section": "Visibility timeout",
            "lesson": "03",
            "claim": "A message stays hidden for at most 12 hours.",
            "truth": "It counts from the receive.",
            "verdict": "holds",
            "status": "confirmed",
            "value": "12 hours",
            "quota": "sqs.visibility_timeout.maximum",
            "sources": ["guide", "tests"],
            "evidence": "recorded",
            "origin": "notes, line 98",
            "probe": "Extend it beyond 12 hours.",
        }
    ],
    "misconceptions.yaml": [
        {
            "id": "extend-for-ever",
            "belief": "It can be extended for ever.",
            "truth": "It cannot.",
            "experiment": "Extend it twice.",
            "lesson": "03",
            "claims": ["vis-1"],
            "sources": ["guide"],
        }
    ],
    "prices.yaml": [
        {
            "name": "sqs.requests",
            "value": "0.40",
            "currency": "USD",
            "unit": "million requests",
            "per": 1_000_000,
            "free": 1_000_000,
            "region": "us-east-1",
            "date": READ,
            "source": "guide",
        }
    ],
}

Ledger = dict[str, list[dict[str, Any]]]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Ledger], Path]:
    """Writes a ledger into a folder of its own and returns the folder."""

    def _write(ledger: Ledger) -> Path:
        (tmp_path / "claims").mkdir()
        for file in (f"claims/{name}.yaml" for name in FILES):
            (tmp_path / file).write_text("[]")
        for file, content in ledger.items():
            (tmp_path / file).write_text(yaml.safe_dump(content))
        return tmp_path

    return _write


@pytest.fixture
def right() -> Ledger:
    """A ledger of one record of each kind, to be changed at will."""
    return deepcopy(RIGHT)
