"""What a learner waits for: imports, a lesson, virtual time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labkit import Lab, swimlanes
from tests.benchmarks.measure import Figure, at_least, at_most, processor_time
from tests.benchmarks.mock import fill_and_drain

LESSON = Path(__file__).parents[2] / "notebooks" / "03_visibility_timeout.ipynb"


def figures(full: bool) -> Iterator[Figure]:
    """Importing labkit against importing boto3; lesson 03; virtual seconds a real second."""
    labkit, boto3 = _start("import labkit"), _start("import boto3")
    yield at_most("import labkit, against import boto3", labkit / boto3, 0.6, milliseconds=round(labkit * 1e3))
    yield at_most("seconds for lesson 03 from kernel start to its last cell", _lesson(), 6.0)
    yield at_most("CPU seconds to show the swim-lanes of 1,000 messages in three forms", _picture(), 0.2)
    yield at_least("virtual seconds a real second, two pollers on an idle queue", _pace(), 1_000)


def _start(code: str) -> float:
    return min(_time([sys.executable, "-c", code]) for _ in range(3)) - min(
        _time([sys.executable, "-c", ""]) for _ in range(3)
    )


def _time(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - began


def _lesson() -> float:
    import nbformat
    from nbclient import NotebookClient

    book = nbformat.read(LESSON, as_version=4)
    began = time.perf_counter()
    NotebookClient(book, timeout=60).execute()
    return time.perf_counter() - began


def _picture() -> float:
    with Lab(seed=1) as lab:
        sqs = lab.client("sqs")
        fill_and_drain(sqs, 1_000)
        return processor_time(lambda: swimlanes(lab)._repr_mimebundle_())


def _pace() -> float:
    with Lab(seed=1) as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        for name in ("A", "B"):
            lab.start(_poll, sqs, url, name=name)
        began = time.perf_counter()
        lab.run(until="2 h")
        return 7_200 / (time.perf_counter() - began)


def _poll(sqs: Any, url: str) -> None:
    while True:
        sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)
