"""What the tests of RabbitMQ share: a connection that an application would open, and a patient publisher."""

import ssl
from contextlib import contextmanager

import pika
from pika.adapters.utils.connection_workflow import AMQPConnectorException

from labkit.brokers.authority import authority
from labkit.brokers.kept import wait_until
from labkit.brokers.places import LOOPBACK

HOST = "b-1.mq.us-east-1.amazonaws.com"
USERS = {"orders": "Odd # pass=word, 'quoted' \\ and more"}
PERSISTENT = pika.BasicProperties(delivery_mode=2)
NO_CONNECTION = (pika.exceptions.AMQPConnectionError, AMQPConnectorException)
# What a client meets while nodes come and go.
GOING = (*NO_CONNECTION, pika.exceptions.AMQPError, OSError)


def connect(node, **changes):
    """A connection to one node; with TLS and the lab's authority where the node speaks it."""
    scheme, user = next(iter(node.ports)), next(iter(USERS))
    trusting = ssl.create_default_context(cafile=authority().file)
    tls = pika.SSLOptions(trusting, HOST) if scheme == "amqps" else None
    settings = {"credentials": pika.PlainCredentials(user, USERS[user]), "ssl_options": tls} | changes
    return pika.BlockingConnection(pika.ConnectionParameters(LOOPBACK, node.ports[scheme], **settings))


@contextmanager
def channel(node):
    """A channel whose messages are confirmed."""
    with connect(node) as connection:
        found = connection.channel()
        found.confirm_delivery()
        yield found


def declare(node, queue):
    """Declare a durable queue and wait until the node has written that down.

    RabbitMQ answers before it has: a node killed in between starts without the queue (3.10.8, on a busy machine).
    """
    with channel(node) as here:
        here.queue_declare(queue, durable=True)
    # As Erlang writes the queue's name down: a binary with its length.
    name = b"queuem" + len(queue).to_bytes(4, "big") + queue.encode()
    files = node._folder / "data" / node.name
    wait_until(lambda: any(name in _content(file) for file in files.glob("*.*")), f"{queue} in a file", 120)


def _content(file):
    try:
        return file.read_bytes()
    except FileNotFoundError:  # Mnesia has just put another in its place
        return b""


def publish(node, queue, body):
    """Publish until it is confirmed, for a queue may be without a leader for a while."""
    wait_until(lambda: _is_confirmed(node, queue, body), f"the confirm of {body!r}", 120)


def _is_confirmed(node, queue, body):
    try:
        with channel(node) as giving:
            giving.basic_publish("", queue, body, PERSISTENT, mandatory=True)
    except GOING:
        return False
    return True


def bodies(node, queue):
    """The different bodies that a queue holds; takes them out, each when it is here: one may be lost on its way."""
    found = set()
    with channel(node) as taking:
        while (got := taking.basic_get(queue))[0]:
            found.add(got[2])
            taking.basic_ack(got[0].delivery_tag)
    return found
