"""A line to a broker over TLS is over when the broker is gone, and costs nothing from then on."""

import threading

import pytest

from labkit.brokers import wheels
from labkit.brokers.activemq import ActiveMQ
from labkit.brokers.authority import authority
from labkit.brokers.kept import wait_until
from labkit.study.programs.line import BrokerLine


@pytest.fixture
def broker():
    if wheels.missing():
        pytest.skip("ActiveMQ is not installed")
    node = ActiveMQ("orders", {"shop": "a-long-password-1"}, hosts=("localhost",))
    node.start()
    node.wait()
    yield node
    node.stop()
    node.remove()


@pytest.mark.live
@pytest.mark.parametrize("how", ["kill", "stop"])
def test_a_line_whose_broker_is_gone_ends_its_thread_and_says_so_at_its_next_use(broker, how):
    before = set(threading.enumerate())
    url = f"stomp+ssl://localhost:{broker.ports['stomp+ssl']}"
    line = BrokerLine(lambda *_, **__: None, [url], "shop", "a-long-password-1", str(authority().file))
    line.send("a print of 30 x 40", "order-1")
    assert line.wait_for_receipt("order-1")
    line.ack(line.receive())
    getattr(broker, how)()
    wait_until(lambda: set(threading.enumerate()) == before, "the end of the thread that reads")
    assert not line.wait_for_receipt("order-2"), "at once: the line is over"
    with pytest.raises(ConnectionError, match="this line is over"):
        line.send("two postcards", "order-2")
