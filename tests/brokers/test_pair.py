"""The real brokers behind a lab's Amazon MQ: which one is active, and who takes over when."""

import socket

import pytest

from labkit import Lab, LabError
from labkit.brokers import AmazonMQ, OnPremises
from labkit.brokers.activemq import ActiveMQ
from labkit.brokers.kept import wait_until
from labkit.brokers.places import accepts
from tests.brokers.conftest import create


def is_standby(pair, number):
    return lambda: pair.states()[number - 1] == "standby"


@pytest.mark.live
def test_the_standby_refuses_and_takes_over_when_the_active_one_is_killed(pair):
    wait_until(is_standby(pair, 2), "a standby")
    assert (pair.active, accepts(pair.nodes[1].ports["stomp+ssl"])) == (1, False)
    assert pair.kill() == 1
    assert (pair.wait(), pair.states()) == (2, ["stopped", "active"])
    assert accepts(pair.nodes[1].ports["stomp+ssl"])


@pytest.mark.live
def test_a_frozen_broker_keeps_its_lock_and_its_connections(pair):
    wait_until(is_standby(pair, 2), "a standby")
    pair.freeze()
    assert pair.states() == ["silent", "standby"]
    assert accepts(pair.nodes[0].ports["stomp+ssl"]), "the system accepts for a process that does nothing"
    assert pair.active is None
    pair.thaw(1)
    assert pair.wait() == 1
    pair.freeze()
    pair.stop()
    assert pair.states() == ["stopped", "stopped"], "also a frozen one can be stopped"


@pytest.mark.live
def test_reboot_broker_fails_over_and_the_former_active_one_comes_back_as_standby():
    with Lab(seed=22) as lab, AmazonMQ(lab, create(lab)) as pair:
        wait_until(is_standby(pair, 2), "a standby")
        lab.client("mq").reboot_broker(BrokerId=pair.name)
        assert pair.wait() == 2
        wait_until(is_standby(pair, 1), "a standby")


@pytest.mark.live
def test_reboot_broker_helps_against_a_frozen_one_and_delete_broker_ends_all():
    with Lab(seed=22) as lab:
        pair = AmazonMQ(lab, create(lab))
        wait_until(is_standby(pair, 2), "a standby")
        pair.freeze()
        lab.client("mq").reboot_broker(BrokerId=pair.name)
        assert pair.wait() == 2
        lab.client("mq").delete_broker(BrokerId=pair.name)
        assert pair.states() == ["stopped", "stopped"]


@pytest.mark.live
def test_a_cell_that_is_run_again_ends_the_broker_that_it_had_started(old):
    with OnPremises() as again:
        assert (old.states(), again.states()) == (["stopped"], ["active"])


@pytest.mark.live
def test_a_broker_that_cannot_start_is_told_with_its_own_last_words():
    node = ActiveMQ("orders", {})
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", node.ports["stomp"]))
        taken.listen()
        node.start()
        with pytest.raises(LabError, match=r"The broker orders ended while it started .*Address already in use"):
            node.wait()
    node.remove()


def test_a_broker_that_the_lab_does_not_have_is_told():
    with Lab() as lab, pytest.raises(LabError, match="Amazon MQ has no broker 'b-1'"):
        AmazonMQ(lab, "b-1")


def test_no_broker_starts_inside_an_actor():
    with Lab() as lab:
        lab.start(OnPremises)
        with pytest.raises(LabError, match="lives in real time, not inside an actor"):
            lab.run()
