"""AWS's endpoint names lead to loopback in this process, and nowhere else."""

import socket

import pytest

from labkit import Lab, LabError
from labkit.brokers.names import Names

NAME = "b-1234-1.mq.us-east-1.amazonaws.com"


@pytest.fixture
def names():
    table = Names()
    table.lead(NAME, 61614, 21614)
    yield table
    table.forget(NAME)


def address(*asked, **more):
    return socket.getaddrinfo(*asked, **more)[0][4]


def test_a_name_and_port_lead_to_a_port_of_loopback(names):
    assert address(NAME, 61614) == ("127.0.0.1", 21614)
    assert address(host=NAME, port="61614", type=socket.SOCK_STREAM) == ("127.0.0.1", 21614)


def test_another_port_of_the_name_refuses(names):
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((NAME, 8883), timeout=5)


@pytest.mark.parametrize("name", ["b-9-1.mq.us-east-1.amazonaws.com", "b-9.mq.eu-west-1.on.aws"])
def test_a_name_that_is_not_in_the_table_does_not_exist(names, name):
    with pytest.raises(socket.gaierror):
        address(name, 61614)


def test_other_names_are_looked_up_as_before(names):
    assert address("localhost", 80, family=socket.AF_INET) == ("127.0.0.1", 80)


def test_with_the_last_name_the_process_is_as_it_was():
    before = socket.getaddrinfo
    table = Names()
    table.lead(NAME, 61614, 21614)
    assert socket.getaddrinfo is not before
    table.forget(NAME)
    assert socket.getaddrinfo is before


def test_while_a_lab_is_open_an_application_is_told_to_wait(names):
    with Lab(), pytest.raises(LabError, match="close the lab first"):
        address(NAME, 61614)
