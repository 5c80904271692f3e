"""RabbitMQ on loopback: one node and a cluster, whatever happens to them."""

import os
import ssl
import subprocess
from pathlib import Path

import pika
import pytest

from labkit import LabError
from labkit.brokers.authority import authority
from labkit.brokers.kept import wait_until
from labkit.brokers.places import accepts
from labkit.brokers.rabbitmq import RabbitMQ
from labkit.brokers.rabbitmq_node import RabbitMQNode
from tests.brokers.rabbits import HOST, NO_CONNECTION, PERSISTENT, USERS, bodies, channel, connect, declare, publish
from tests.conftest import program_or_skip

# A connection that pika could not open leaves its own sockets to the garbage collector.
pytestmark = [pytest.mark.live, pytest.mark.filterwarnings("ignore:.*socket:pytest.PytestUnraisableExceptionWarning")]


# 127.0.0.1 and ::1 as Linux writes them.
OWN = ("0100007F", "00000000000000000000000001000000")


@pytest.fixture(scope="module")
def old():
    """One node without TLS; its tests leave it running and empty."""
    program_or_skip("RabbitMQ")
    with RabbitMQ("old", USERS) as broker:
        broker.wait()
        yield broker


@pytest.fixture(scope="module")
def cluster():
    """Three nodes as Amazon MQ would build them."""
    program_or_skip("RabbitMQ")
    with RabbitMQ("new", USERS, nodes=3, hosts=(HOST,), queue_type="quorum") as broker:
        broker.wait()
        yield broker


def test_a_confirmed_persistent_message_outlives_a_kill_and_a_stop(old):
    (node,) = old.nodes
    declare(node, "orders")
    for way, body in ((node.kill, b"order-1"), (node.stop, b"order-2")):
        publish(node, "orders", body)
        way()
        assert (node.state, accepts(node.ports["amqp"])) == ("stopped", False)
        node.start()
        node.wait()
    assert old.nodes[0].waiting("orders") == 2
    assert bodies(node, "orders") == {b"order-1", b"order-2"}


def test_a_frozen_node_accepts_and_does_not_answer(old):
    old.freeze(1)
    assert old.states() == ["silent"]
    assert accepts(old.nodes[0].ports["amqp"]), "the system accepts for a process that does nothing"
    with pytest.raises(NO_CONNECTION):
        connect(old.nodes[0], socket_timeout=0.5, stack_timeout=0.5)
    with pytest.raises(LabError, match="No node of this RabbitMQ answers"):
        old.call("GET", "/api/overview")
    old.thaw(1)
    assert (old.wait(), old.states()) == (1, ["active"])
    with connect(old.nodes[0]) as connection:
        assert connection.is_open


def test_a_wrong_password_and_a_wrong_question_are_refused(old):
    (node,) = old.nodes
    with pytest.raises(pika.exceptions.ProbableAuthenticationError):
        connect(node, credentials=pika.PlainCredentials("orders", "wrong"))
    with pytest.raises(LabError, match="answered 404 to GET /api/queues/%2F/nothing"):
        old.call("GET", "/api/queues/%2F/nothing")


def test_it_is_on_loopback_alone_and_no_secret_is_in_a_command_line(old):
    (password,) = USERS.values()
    lines = subprocess.run(["ps", "-A", "-ww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    cookie = (Path(old.nodes[0]._folder) / ".erlang.cookie").read_text()
    assert "inet_dist_use_interface" in lines
    assert password not in lines
    assert cookie not in lines
    ports = {*old.nodes[0]._ports, old._epmd.port}
    rows = [row.split()[1].split(":") for row in listening()]
    assert {int(port, 16) for _, port in rows} >= ports
    assert {address for address, port in rows if int(port, 16) in ports} <= set(OWN)


def listening():
    """The rows of all sockets that listen, as Linux lists them."""
    rows = [row for name in ("tcp", "tcp6") for row in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return [row for row in rows if row.split()[3] == "0A"]


def test_a_node_that_cannot_start_says_why(old, monkeypatch):
    monkeypatch.setattr(RabbitMQNode, "start", _with_a_bad_setting(RabbitMQNode.start))
    with RabbitMQ("broken", USERS) as broken, pytest.raises(LabError, match="rabbit1@localhost ended while it start"):
        broken.wait()


def _with_a_bad_setting(start):
    def starting(node):
        with open(node._folder / "rabbitmq.conf", "a") as settings:
            settings.write("no_such_setting = 1\n")
        start(node)

    return starting


def test_the_cluster_speaks_tls_for_its_name_alone(cluster):
    (first, *_) = cluster.nodes
    with connect(first) as connection:
        assert connection.is_open
    ours, everybodys = ssl.create_default_context(cafile=authority().file), ssl.create_default_context()
    for trusting, name in ((everybodys, HOST), (ours, "b-2.mq.us-east-1.amazonaws.com")):
        with pytest.raises(ssl.SSLCertVerificationError):
            connect(first, ssl_options=pika.SSLOptions(trusting, name))
    with pytest.raises(NO_CONNECTION):
        connect(first, ssl_options=None)


def test_a_quorum_queue_outlives_its_leader_and_a_classic_one_waits_for_its_node(cluster):
    first, second, _ = cluster.nodes
    with channel(first) as here:
        here.queue_declare("orders", durable=True)
        here.queue_declare("ledger", durable=True, arguments={"x-queue-type": "classic"})
        here.basic_publish("", "ledger", b"entry-1", PERSISTENT)
    publish(first, "orders", b"order-1")
    cluster.kill(1)
    publish(second, "orders", b"order-2")
    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="'ledger'") as refused, channel(second) as here:
        here.queue_declare("ledger", passive=True)
    assert refused.value.reply_code == 404
    assert cluster.wait() == 2

    cluster.kill(2)
    wait_until(lambda: cluster.states() == ["stopped", "stopped", "waiting"], "a pause of the last node", 120)
    cluster.start()
    cluster.wait()
    assert cluster.states() == ["active"] * 3
    publish(second, "orders", b"order-3")
    assert bodies(first, "orders") == {b"order-1", b"order-2", b"order-3"}
    assert bodies(second, "ledger") == {b"entry-1"}


def test_stop_leaves_no_file(cluster, old):
    with RabbitMQ("short", USERS) as short:
        folders = [short._epmd._folder, *(node._folder for node in short.nodes)]
        assert all(folder.is_dir() for folder in folders)
    assert not any(folder.exists() for folder in folders)
    assert os.path.isdir(old._epmd._folder)
