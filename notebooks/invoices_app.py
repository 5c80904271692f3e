"""The application: orders over AMQP 0-9-1, as it has run for years. All it knows of its broker is four settings."""

import contextlib
import logging
import ssl
import time
from urllib.parse import urlsplit

import pika
from pika.adapters.utils.connection_workflow import AMQPConnectorException

BINDINGS = {"invoices": "order.#", "customs": "order.*.abroad"}
NO = (pika.exceptions.UnroutableError, pika.exceptions.ChannelClosedByBroker)
TRY_AGAIN = (pika.exceptions.AMQPError, AMQPConnectorException, OSError)
logging.getLogger("pika").setLevel(logging.CRITICAL)


class InvoicesApp:
    """Publishes orders to one exchange, and takes them from the queues bound to it."""

    def __init__(self, url, user, password, ca, patience=120):
        self.url, self.user, self.password, self.ca = urlsplit(url), user, password, ca
        self.patience, self.tries = patience, 0
        self.connect()

    def connect(self):
        tls = ssl.create_default_context(cafile=self.ca or None) if self.url.scheme == "amqps" else None
        how = pika.ConnectionParameters(
            self.url.hostname,
            self.url.port,
            credentials=pika.PlainCredentials(self.user, self.password),
            ssl_options=tls and pika.SSLOptions(tls, self.url.hostname),
            heartbeat=4,  # who hears nothing for that long takes the broker for dead
            stack_timeout=3,
        )
        self.channel = pika.BlockingConnection(how).channel()
        self.channel.confirm_delivery()

    def declare(self):
        """Make what is not there yet. Raises pika's ChannelClosedByBroker if something else is there."""
        self.insist(self.declare_all)

    def declare_all(self):
        self.channel.exchange_declare("orders", "topic", durable=True)
        for queue, key in BINDINGS.items():
            self.channel.queue_declare(queue, durable=True)
            self.channel.queue_bind(queue, "orders", key)

    def publish(self, key, order):
        """Return when the broker has confirmed the order."""
        lasting = pika.BasicProperties(delivery_mode=2, message_id=order)
        self.insist(lambda: self.channel.basic_publish("orders", key, order, lasting, mandatory=True))

    def take_all(self, queue):
        """Take and acknowledge what the queue holds; return the orders, each once, however often it came."""
        orders = {}
        while order := self.insist(lambda: self.take(queue)):
            orders[order] = True
        return list(orders)

    def take(self, queue):
        how, properties, _ = self.channel.basic_get(queue)
        if how is None:
            return None
        self.channel.basic_ack(how.delivery_tag)
        return properties.message_id

    def waiting(self, queue):
        """How many messages the queue has for its consumers."""
        return self.insist(lambda: self.channel.queue_declare(queue, passive=True).method.message_count)

    def insist(self, act):
        """Act again and again, on new connections, until it succeeds or the broker says no."""
        until = time.monotonic() + self.patience
        while True:
            self.tries += 1
            try:
                return act()
            except NO:
                raise
            except TRY_AGAIN:
                if time.monotonic() > until:
                    raise
            self.connect_again()

    def connect_again(self):
        self.close()
        time.sleep(0.2)
        with contextlib.suppress(*TRY_AGAIN):
            self.connect()

    def close(self):
        with contextlib.suppress(*TRY_AGAIN):
            self.channel.connection.close()
