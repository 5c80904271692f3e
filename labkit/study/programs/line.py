"""A connection to the broker as the answer has it: each use is told to the check first, which may then break it."""

from __future__ import annotations

import queue
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import stomp

from labkit.words import brokers as words
from labkit.words import say

QUEUE = "/queue/orders"
RECEIPT_WITHIN, MESSAGE_WITHIN, CONNECT_WITHIN = 5, 4, 8  # seconds
READS = 16_384  # bytes
REFUSED = (stomp.exception.StompException, OSError)
Tell = Callable[..., Any]


@dataclass(frozen=True)
class Message:
    """What came out of the queue, with the id and the body that the producer gave it."""

    id: str
    body: str
    handle: str


class BrokerLine(stomp.ConnectionListener):
    """One connection to the broker that serves; over TLS, under the endpoints' own names."""

    def __init__(self, tell: Tell, urls: Sequence[str], user: str, password: str, ca: str) -> None:
        self._tell = tell
        self._messages: queue.Queue[Any] = queue.Queue()
        self._changed, self._receipts = threading.Condition(), set[str]()
        self._is_over = self._has_subscribed = False
        self._acknowledged = ""  # the receipt of the last ack
        hosts = [(url.hostname, url.port) for url in map(urlsplit, urls)]
        self._connection = stomp.Connection12(hosts, reconnect_attempts_max=1, timeout=RECEIPT_WITHIN)
        self._connection.set_ssl(hosts, ca_certs=ca)
        end_when_hung_up(self._connection.transport)
        self._connection.set_listener("check", self)
        self._connection.connect(user, password, wait=True)

    def send(self, body: str, id: str, persistent: bool = False) -> None:
        """Put a message on the line and return, before anybody has it. Raises ConnectionError on one that is over."""
        self._check_open()
        id, body, stays = str(id), str(body), str(bool(persistent)).lower()
        fate = self._tell("send", id=id, body=body, persistent=bool(persistent))
        if fate == "lost":
            self._end()
            return
        headers = {"id": id, "persistent": stays}
        self._do(lambda: self._connection.send(QUEUE, body, headers=headers, receipt=id))
        if fate == "stored":
            self._wait_for(id)
            self._tell("stored", id=id, body=body)
            self._end()
            self._receipts.discard(id)

    def wait_for_receipt(self, id: str) -> bool:
        """Whether the broker confirmed a message: False when the line is over, or after five seconds without."""
        fate = self._tell("wait_for_receipt", id=str(id))
        is_there = self._wait_for(str(id))
        if fate == "cut":
            self._end()
        return is_there

    def receive(self) -> Message | None:
        """Return the next message, or None when none came for some seconds. Raises ConnectionError."""
        self._check_open()
        if self._acknowledged:  # else the check, which counts what waits, may count what is done already
            self._wait_for(self._acknowledged)
        if self._tell("receive") == "nothing":
            return None
        if not self._has_subscribed:
            self._do(lambda: self._connection.subscribe(QUEUE, "orders", ack="client-individual"))
            self._has_subscribed = True
        try:
            frame = self._messages.get(timeout=MESSAGE_WITHIN)
        except queue.Empty:
            self._tell("received nothing")
            return None
        message = Message(frame.headers["id"], frame.body, frame.headers["ack"])
        self._tell("received", id=message.id, body=message.body)
        return message

    def ack(self, message: Message) -> None:
        """Tell the broker that a message is done, and return. Raises ConnectionError when the line is over."""
        self._check_open()
        about = {"id": message.id, "body": message.body}
        fate = self._tell("ack", **about)
        if fate == "lost":
            self._end()
            return
        receipt = f"ack of {message.handle}"
        self._do(lambda: self._connection.ack(message.handle, receipt=receipt))
        self._acknowledged = receipt
        if fate == "acknowledged":
            self._wait_for(receipt)
            self._tell("acknowledged", **about)

    def close(self) -> None:
        """Hang up, when the broker has everything that was sent."""
        if not self._is_over:
            with suppress(*REFUSED):
                self._connection.disconnect(receipt="the end")
                self._wait_for("the end")

    # What the broker says

    def on_receipt(self, frame: Any) -> None:
        """Note a receipt."""
        self._note(lambda: self._receipts.add(frame.headers["receipt-id"]))

    def on_message(self, frame: Any) -> None:
        """Keep a message until it is asked for."""
        self._messages.put(frame)

    def on_disconnected(self) -> None:
        """Note that the line is over."""
        self._end()

    def _end(self) -> None:
        self._note(lambda: setattr(self, "_is_over", True))

    def _note(self, change: Callable[[], object]) -> None:
        with self._changed:
            change()
            self._changed.notify_all()

    def _wait_for(self, receipt: str) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or receipt in self._receipts, RECEIPT_WITHIN)
            return receipt in self._receipts

    def _check_open(self) -> None:
        if self._is_over:
            raise ConnectionError(say(words.LINE_IS_OVER))

    def _do(self, action: Callable[[], object]) -> None:
        try:
            action()
        except REFUSED:
            self._end()
            self._check_open()


def end_when_hung_up(transport: stomp.transport.Transport) -> None:
    """Let a connection over TLS end when the broker at its other end is gone.

    stomp.py 9.0.0 takes the end of a TLS connection for a pause: its thread reads again at once, and again, so that a
    broken line keeps a processor busy for as long as its program runs, and nobody is told.
    """

    def receive() -> bytes:
        try:
            received: bytes = transport.socket.recv(READS)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except OSError:
            received = b""
        transport.running = transport.running and received != b""
        return received

    transport.receive = receive


class Connect:
    """The answer's `connect`, which tries the endpoints until one of them serves."""

    def __init__(self, tell: Tell, *settings: Any) -> None:
        self._tell, self._settings = tell, settings
        self._lines: list[BrokerLine] = []

    def __call__(self) -> BrokerLine:
        """Return a new line to the broker that serves now. Raises ConnectionError when none does for some seconds."""
        self._tell("connect")
        until = time.monotonic() + CONNECT_WITHIN
        while time.monotonic() < until:
            try:
                self._lines.append(BrokerLine(self._tell, *self._settings))
            except REFUSED:
                time.sleep(0.05)
            else:
                return self._lines[-1]
        raise ConnectionError(say(words.NOBODY_SERVES))

    def close(self) -> None:
        """Hang up in order: what was sent on a line that works has arrived when this returns."""
        for line in self._lines:
            line.close()


class Books:
    """The print shop's books, kept on another machine: what is in them is packed, sent and charged."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def add(self, id: str, body: str) -> None:
        """Write one line; it stays whatever happens afterwards."""
        self._tell("book", id=str(id), body=str(body))

    def __contains__(self, id: object) -> bool:
        return bool(self._tell("look up", id=str(id)))
