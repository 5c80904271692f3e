"""Clients of other kinds and years, each where it is found, are content with what `labkit serve` answers."""

import subprocess

import pytest

from tests.aws.served.clients.found import CLIENTS, command
from tests.aws.served.process import serving
from tests.patience import FAR


@pytest.mark.live
@pytest.mark.parametrize("name", [name for name in CLIENTS if command(name)])
def test_a_real_client_is_content(name):
    words, environment = command(name)
    with serving() as served:
        ran = subprocess.run(
            [*words, served.url], env=environment, capture_output=True, text=True, timeout=FAR, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
