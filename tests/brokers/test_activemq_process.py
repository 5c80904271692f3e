"""The program that a broker of ActiveMQ runs in."""

import subprocess
import sys

import pytest

from labkit.brokers import wheels
from labkit.brokers.activemq import PROGRAM

LOADED = "import sys; print(len([name for name in sys.modules if name.startswith('numpy.')]))"


@pytest.mark.skipif(bool(wheels.missing()), reason="ActiveMQ is not installed")
@pytest.mark.parametrize(
    ("load", "is_there"),
    [(f"import runpy; runpy.run_path({str(PROGRAM)!r})", False), ("import jpype", True)],
    ids=["the program", "jpype, which is why"],
)
def test_it_does_not_load_numpy_which_jpype_alone_would(load, is_there):
    ran = subprocess.run([sys.executable, "-P", "-c", f"{load}; {LOADED}"], capture_output=True, text=True, check=True)
    assert (int(ran.stdout) > 0) == is_there
