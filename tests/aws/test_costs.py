"""What importing, opening and closing cost in CPU time; the bounds are several times what was measured."""

import subprocess
import sys
from pathlib import Path
from time import process_time

import boto3
import pytest

from labkit import Lab

ROOT = Path(__file__).parents[2]
IMPORT = """
import sys, time
began = time.process_time()
import labkit
took = time.process_time() - began
heavy = [name for name in ("pandas", "numpy", "moto", "boto3", "botocore", "plotly", "IPython") if name in sys.modules]
import threading
print(round(took * 1000), heavy, threading.active_count())
"""


def test_import_labkit_takes_under_150_ms_and_loads_nothing_heavy():
    """The best of three processes; no thread is started."""
    runs = [
        subprocess.run(
            [sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT)}
        ).stdout.split(" ", 1)
        for _ in range(3)
    ]
    assert {rest for _, rest in runs} == {"[] 1\n"}
    assert min(int(milliseconds) for milliseconds, _ in runs) < 150


def best(work, of=7) -> float:
    def once() -> float:
        began = process_time()
        work()
        return process_time() - began

    return min(once() for _ in range(of))


def test_pandas_and_numpy_are_never_loaded_by_labkit():
    """Not by opening a lab, calling and closing it either."""
    story = (
        "import sys; from labkit import Lab\nwith Lab() as lab: lab.client('sqs').list_queues()\n"
        "print([name for name in ('pandas', 'numpy', 'pytest', 'IPython') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", story], capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}, check=True
    )
    assert run.stdout == "[]\n"


def test_opening_and_closing_a_lab_takes_a_millisecond_or_so():
    """Checks and counterfactuals open dozens."""
    with Lab():
        assert best(lambda: Lab().close()) < 0.02


@pytest.mark.parametrize("make", [lambda lab: lab.client("sqs"), lambda lab: boto3.client("sqs")], ids=["lab", "boto3"])
def test_a_further_client_takes_a_few_milliseconds(make):
    """Models are read once a process."""

    def story():
        with Lab() as lab:
            make(lab)

    story()
    assert best(story) < 0.1


def test_the_hundredth_lab_costs_what_the_first_ones_do():
    """Nothing piles up: the ratio is measured in one run."""

    def story():
        with Lab() as lab:
            sqs = lab.client("sqs")
            url = sqs.create_queue(QueueName="orders")["QueueUrl"]
            sqs.send_message(QueueUrl=url, MessageBody="order-1")

    story()
    early = best(story, 5)
    for _ in range(40):
        story()
    assert best(story, 5) < 3 * early
