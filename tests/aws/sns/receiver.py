"""A web server on this machine that SNS delivers to: it notes what arrives and answers as it was told."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from labkit.aws.sns import signing
from tests.patience import FAR


class Receiver:
    """What has arrived, and the statuses of the next answers (then 200); `before` is called before each answer."""

    def __init__(self):
        self.got, self.statuses, self.before = [], [], lambda arrived: None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/orders"

    def documents(self, kind="Notification"):
        """The bodies that have arrived of one type, read as JSON."""
        return [json.loads(body) for headers, body in self.got if headers["x-amz-sns-message-type"] == kind]

    def _handler(receiver):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                arrived = (self.headers, self.rfile.read(int(self.headers["Content-Length"])).decode())
                receiver.got.append(arrived)
                status = receiver.statuses.pop(0) if receiver.statuses else 200
                try:
                    receiver.before(arrived)
                except Exception as failure:
                    receiver.failure, status = failure, 500
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler


@contextmanager
def receiving(tls=None):
    """A receiver that listens; with a server's TLS context it speaks HTTPS."""
    receiver = Receiver()
    if tls is not None:
        receiver.server.socket = tls.wrap_socket(receiver.server.socket, server_side=True)
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join(FAR)


def self_signed(context, folder):
    """Give a TLS context a certificate that nobody has signed but itself."""
    key = signing._key().private_bytes(*_pem())
    (folder / "both.pem").write_bytes(key + signing.certificate())
    context.load_cert_chain(folder / "both.pem")
    return context


def _pem():
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
