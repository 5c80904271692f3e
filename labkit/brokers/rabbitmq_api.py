"""How labkit speaks to a RabbitMQ node on loopback: its management API, and AMQP as an application would."""

from __future__ import annotations

import base64
import json
import socket
import ssl
from http.client import HTTPConnection, HTTPException
from typing import Any

from labkit.brokers.authority import authority
from labkit.brokers.places import LOOPBACK
from labkit.words import error
from labkit.words import rabbitmq as words

SECONDS = 15.0
SILENT = (OSError, HTTPException)


class Api:
    """One node's management API. `host` is the name its certificate must be for; with none it speaks plain HTTP."""

    def __init__(self, port: int, user: str, password: str, host: str = "") -> None:
        self._port, self._host = port, host
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"authorization": f"Basic {token}", "content-type": "application/json"}

    def call(self, method: str, path: str, body: Any = None, seconds: float = SECONDS) -> Any:
        """Call it and return its answer, None for an empty one.

        Raises `LabError` with what it says when it refuses, OSError or HTTPException when it does not answer.
        """
        connection = HTTPConnection(LOOPBACK, self._port)
        connection.sock = self._connect(seconds)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, self._headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status >= 400:
            raise error(words.REFUSED, status=answer.status, method=method, path=path, reason=text or answer.reason)
        return json.loads(text) if text else None

    def _connect(self, seconds: float) -> socket.socket:
        connection = socket.create_connection((LOOPBACK, self._port), timeout=seconds)
        if not self._host:
            return connection
        trusting = ssl.create_default_context(cafile=authority().file)
        return trusting.wrap_socket(connection, server_hostname=self._host)


def connect(port: int, user: str, password: str, host: str = "") -> Any:
    """Open a connection; with a host name over TLS, trusting the lab's authority alone. Raises pika's errors."""
    import pika

    credentials = pika.PlainCredentials(user, password)
    tls = pika.SSLOptions(ssl.create_default_context(cafile=authority().file), host) if host else None
    return pika.BlockingConnection(pika.ConnectionParameters(LOOPBACK, port, credentials=credentials, ssl_options=tls))
