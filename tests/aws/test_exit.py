"""The end of the process with a lab left open: silent, and at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import FAR

ROOT = Path(__file__).parents[2]
OPEN = "import time\nfrom labkit import Lab\nlab = Lab()\n"
LEFT = {
    "a lab": "lab.client('sqs').create_queue(QueueName='orders')",
    "a suspended actor": "lab.start(lambda: time.sleep(60))\nlab.run(until='1 s')",
    "nested labs": "inner = Lab()\ninner.start(lambda: time.sleep(60))\ninner.run(until='1 s')",
    "a stubborn actor": (
        "def stubborn():\n    while True:\n        try: time.sleep(1)\n        except BaseException: pass\n"
        "lab.start(stubborn)\nlab.run(until='2 s')\nlab.close()"
    ),
    "a stubborn actor in an open lab": (
        "def stubborn():\n    while True:\n        try: time.sleep(1)\n        except BaseException: pass\n"
        "lab.start(stubborn)\nlab.run(until='2 s')"
    ),
}


@pytest.mark.parametrize("what", LEFT)
def test_a_program_that_leaves_something_open_ends_silently(what):
    """Exit code 0 and not a word on stderr."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN + LEFT[what]],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=FAR,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
