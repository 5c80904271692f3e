"""A web server on this machine, for experiments with HTTP endpoints: it notes what comes, and answers as it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any


class WebServer:
    """What has arrived, in order, and the status of the answers from now on."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.status = 200
        self.address = ""

    def texts(self) -> list[str]:
        """The published texts that have arrived."""
        return [one["Message"] for one in self.got if one["Type"] == "Notification"]

    def token(self) -> str:
        """The token of the question that has arrived."""
        return str(next(one["Token"] for one in self.got if "Token" in one))


@contextmanager
def web_server() -> Iterator[WebServer]:
    """A server that listens on loopback until the end of the block."""
    noted = WebServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            noted.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(noted.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        noted.address = f"http://127.0.0.1:{server.server_port}/orders"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield noted
        finally:
            server.shutdown()
            thread.join()
