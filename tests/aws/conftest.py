"""A lab of its own for each test, and what is left when a test forgets to close one."""

from collections.abc import Iterator
from typing import Any

import pytest

from labkit import Lab
from labkit.aws.process import process


@pytest.fixture(autouse=True)
def _no_lab_is_left() -> Iterator[None]:
    """Each test closes what it opened."""
    yield
    left = list(process.labs)
    for lab in reversed(left):
        lab.close()
    assert left == []


@pytest.fixture
def lab() -> Iterator[Lab]:
    """An open lab."""
    with Lab(seed=7) as lab:
        yield lab


@pytest.fixture
def sqs(lab: Lab) -> Any:
    """A plain boto3 client of SQS in the lab."""
    return lab.client("sqs")


@pytest.fixture
def orders(sqs: Any) -> str:
    """The URL of an empty standard queue."""
    return sqs.create_queue(QueueName="orders")["QueueUrl"]


@pytest.fixture
def log() -> list:
    """What actors note down."""
    return []
