"""A course opened as a learner opens it: `labkit open` in a process of its own."""

import os
import re
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path


def start(root: Path, home: Path, **more: str) -> subprocess.Popen:
    """`labkit open` as a learner's process, far from the course's folder, with nothing in the environment to help.

    `more` are variables of Jupyter's own, such as the port that it tries first.
    """
    environment = {"LABKIT_COURSE": str(root), "HOME": str(home), "PATH": os.environ["PATH"], **more}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-m", "labkit.cli", "open"]
    # A job in the background is started with Ctrl-C ignored, and hands that on.
    listen = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    return subprocess.Popen(command, cwd="/", env=environment, stdout=subprocess.PIPE, text=True, preexec_fn=listen)


def read_address(process: subprocess.Popen) -> tuple[str, int]:
    """The address that it prints, with its port."""
    for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)/\S+token=\w+", line):
            return found.group(), int(found.group(1))
    raise AssertionError(f"no address was printed, exit code {process.wait()}")
