"""The application: orders over STOMP, as it has run for years. It knows a broker by four settings, and by nothing else."""

import contextlib
import logging
import queue
import threading
import time
from urllib.parse import urlsplit

import stomp

ANSWER_WITHIN, HEARTBEAT = 5, 1000  # seconds, milliseconds
LINE_IS_OVER = (stomp.exception.StompException, OSError)
logging.getLogger("stomp.py").addHandler(logging.NullHandler())


class Line(stomp.ConnectionListener):
    """One connection: what the broker has said on it so far."""

    def __init__(self, connection, received):
        self.connection, self.received = connection, received
        self.changed, self.receipts = threading.Condition(), set()
        self.is_open = self.is_over = False
        self.reason = None
        connection.set_listener("orders", self)

    def on_connected(self, frame):
        self.note(lambda: setattr(self, "is_open", True))

    def on_receipt(self, frame):
        self.note(lambda: self.receipts.add(frame.headers["receipt-id"]))

    def on_error(self, frame):
        self.reason = self.reason or PermissionError(frame.headers.get("message", frame.body))

    def on_disconnected(self):
        self.note(lambda: setattr(self, "is_over", True))

    def on_message(self, frame):
        self.received.put((self, frame))

    def note(self, change):
        with self.changed:
            change()
            self.changed.notify_all()

    def wait_for(self, condition):
        """Whether it came true before the line was over or the broker took too long."""
        with self.changed:
            self.changed.wait_for(lambda: self.is_over or condition(), ANSWER_WITHIN)
            return condition()


class OrdersApp:
    """Sends and receives orders. `urls` are tried in their order, again and again for `patience` seconds."""

    def __init__(self, urls, user, password, ca, patience=60):
        self.urls = [urlsplit(url) for url in urls.split(",")]
        self.user, self.password, self.ca, self.patience = user, password, ca, patience
        self.received, self.subscriptions = queue.Queue(), {}
        self.connect()

    def connect(self, until=None):
        """Connect to the first broker that answers. Raises the reason why none did in time."""
        until = until or time.monotonic() + self.patience
        while not self.opened():
            if time.monotonic() > until:
                raise self.line.reason or ConnectionError("the broker hung up")
        for destination, options in self.subscriptions.items():
            self.line.connection.subscribe(destination, destination, **options)

    def opened(self):
        hosts = [(url.hostname, url.port) for url in self.urls]
        # Over TLS, stomp.py 9.0.0 does not notice that the other side is gone; without heart-beats nobody would.
        beats = {"heartbeats": (0, HEARTBEAT), "heart_beat_receive_scale": 2}
        connection = stomp.Connection12(hosts, reconnect_attempts_max=1, timeout=ANSWER_WITHIN, **beats)
        if self.urls[0].scheme == "stomp+ssl":
            connection.set_ssl(hosts, ca_certs=self.ca or None)
        self.line, log = Line(connection, self.received), logging.getLogger("stomp.py")
        noting = logging.Handler()
        noting.emit = self.note_reason
        log.addHandler(noting)
        try:
            connection.connect(self.user, self.password)
            return self.line.wait_for(lambda: self.line.is_open)
        except LINE_IS_OVER as problem:
            self.line.reason = self.line.reason or problem
            return False
        finally:
            log.removeHandler(noting)

    def note_reason(self, record):
        """stomp.py tells its log why it could not connect, and nobody else."""
        self.line.reason = next((each for each in record.args or () if isinstance(each, Exception)), None)

    def send(self, destination, body, order, **headers):
        """Returns when a broker has confirmed the message; without a receipt it sends the same order again."""
        until, headers = time.monotonic() + self.patience, headers | {"order": order, "persistent": "true"}
        while not self.sent(destination, body, headers, order):
            try:
                self.connect(until)
            except LINE_IS_OVER as reason:
                raise TimeoutError(f"{order} has no receipt: it may be there, or not") from reason

    def sent(self, destination, body, headers, order):
        try:
            self.line.connection.send(destination, body, headers=headers, receipt=order)
        except LINE_IS_OVER:
            return False
        return self.line.wait_for(lambda: order in self.line.receipts)

    def subscribe(self, destination, ack="client-individual", **headers):
        """Returns when the broker has confirmed it; it holds after a new connection, too."""
        self.subscriptions[destination] = {"ack": ack, "headers": headers}
        asked = headers | {"receipt": f"subscribed to {destination}"}
        self.line.connection.subscribe(destination, destination, ack=ack, headers=asked)
        self.line.wait_for(lambda: asked["receipt"] in self.line.receipts)

    def receive(self, seconds=ANSWER_WITHIN):
        """The next message, or None."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                line, frame = self.received.get(timeout=0.05)
            except queue.Empty:
                if self.line.is_over:
                    self.connect()
                continue
            if line is self.line:  # what came on a line that is over comes again
                return frame
        return None

    def ack(self, frame):
        """Done with it. One that does not get through brings the message again."""
        with contextlib.suppress(*LINE_IS_OVER):
            self.line.connection.ack(frame.headers["ack"])

    def nack(self, frame):
        """Cannot be done, and not the next time either."""
        self.line.connection.nack(frame.headers["ack"])

    def hang_up(self):
        """Without a word, as when the machine is switched off."""
        self.line.connection.transport.disconnect_socket()

    def close(self):
        self.line.connection.disconnect()
