"""HTTP for a served lab: waitress on this machine's own address, and nothing of it left after its end."""

from __future__ import annotations

import errno
from contextlib import suppress
from typing import Any

from waitress.server import create_server
from waitress.wasyncore import close_all

from labkit.aws.served.application import application
from labkit.aws.served.lab import ServedLab
from labkit.words import error
from labkit.words import serve as words

ADDRESS = "127.0.0.1"
LAST_PORT = 65_535
# As many threads as connections, so that a long poll never keeps a thread from another client.
MOST_CONNECTIONS = 200
IDLE_SECONDS = 3_600


class Server:
    """A served lab that listens; `run` answers until `stop`. Raises `LabError` for a port that it cannot have."""

    def __init__(self, lab: ServedLab, port: int) -> None:
        self.lab = lab
        self._waitress = self._listen(port)
        lab.address = self.url

    def _listen(self, port: int) -> Any:
        if not 0 <= port <= LAST_PORT:
            raise error(words.PORT_RANGE, port=port)
        try:
            return create_server(
                application(self.lab),
                host=ADDRESS,
                port=port,
                threads=MOST_CONNECTIONS,
                connection_limit=MOST_CONNECTIONS,
                channel_timeout=IDLE_SECONDS,
                clear_untrusted_proxy_headers=True,
                ident="labkit",
            )
        except OSError as problem:
            sentence = words.PORT_TAKEN if problem.errno == errno.EADDRINUSE else words.PORT_REFUSED
            raise error(sentence, port=port, reason=problem.strerror) from None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{ADDRESS}:{self._waitress.effective_port}"

    def run(self) -> None:
        """Answer until `stop`, then close every connection and free the port."""
        try:
            self._waitress.run()
        finally:
            close_all(self._waitress._map)

    def stop(self) -> None:
        """Let `run` in another thread end; who waits in a long poll is answered at once, who calls now still is."""
        self.lab.scheduler.end()
        self._waitress.task_dispatcher.shutdown()
        # The answer to a poll may have woken the loop before, which then has closed everything by now.
        with suppress(OSError):
            self._waitress.trigger.pull_trigger(lambda: close_all(self._waitress._map))
