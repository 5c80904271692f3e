"""Brokers of several kernels on one machine never get each other's ports."""

import socket
import subprocess
import sys

import pytest

from labkit.brokers import places

# The other process takes all ports there are but one, tells us, and holds them until its input ends.
OTHER = """
import sys
from labkit.brokers import places
places.PORTS = range({first}, {first} + {number})
print(*(places.free_port() for port in places.PORTS[1:]), flush=True)
sys.stdin.read()
"""


def allow(monkeypatch, first, number):
    """Ports that no broker gets, others for each test: tests and brokers share this machine."""
    monkeypatch.setattr(places, "PORTS", range(first, first + number))
    return set(places.PORTS)


@pytest.fixture(autouse=True)
def no_claims_left(monkeypatch):
    monkeypatch.setattr(places, "_claims", {})
    yield
    for claim in places._claims.values():
        claim.close()


def test_a_port_given_to_another_process_is_not_given_again_before_it_listens(monkeypatch):
    ports = allow(monkeypatch, 19_000, 30)
    command = [sys.executable, "-c", OTHER.format(first=19_000, number=30)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        taken = {int(port) for port in other.stdout.readline().split()}
        assert len(taken) == 29
        assert {places.free_port()} == ports - taken
        other.kill()
    assert {places.free_port() for port in taken} == taken


def test_a_port_on_which_something_listens_is_not_given(monkeypatch):
    allow(monkeypatch, 19_050, 3)
    with socket.socket() as first, socket.socket() as last:
        first.bind((places.LOOPBACK, 19_050))
        last.bind((places.LOOPBACK, 19_052))
        assert places.free_port() == 19_051


def test_a_broker_can_listen_on_the_port_it_was_given(monkeypatch):
    allow(monkeypatch, 19_060, 3)
    with socket.socket() as broker:
        broker.bind((places.LOOPBACK, places.free_port()))
