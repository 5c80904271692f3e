"""A connection to a RabbitMQ node on loopback with pika, as an application would open it."""

from __future__ import annotations

import ssl
from typing import Any

from labkit.brokers.authority import authority
from labkit.brokers.places import LOOPBACK


def connect(port: int, user: str, password: str, host: str = "") -> Any:
    """Open a connection; with a host name over TLS, trusting the lab's authority alone. Raises pika's errors."""
    import pika

    credentials = pika.PlainCredentials(user, password)
    tls = pika.SSLOptions(ssl.create_default_context(cafile=authority().file), host) if host else None
    return pika.BlockingConnection(pika.ConnectionParameters(LOOPBACK, port, credentials=credentials, ssl_options=tls))
