"""Records what real clients send to `labkit serve`; to be run again when a client or its script has changed.

LABKIT_CLIENTS=FOLDER python -m tests.aws.served.clients.record            # all that are found there (`found.py`)
LABKIT_CLIENTS=FOLDER python -m tests.aws.served.clients.record celery     # one of them
"""

import io
import json
import re
import subprocess
import sys
import threading
from unittest.mock import patch

from labkit.aws.served import server as served
from labkit.aws.served.lab import ServedLab
from tests.aws.served.clients.exchanges import Exchange, Places, told
from tests.aws.served.clients.found import CLIENTS, HERE, UNRECORDED, command

FOLDER = HERE / "recorded"
SCOPE = re.compile(r"Credential=[^/]*/\d+/[^/]*/([^/]*)/")


class Recorder:
    """Stands around the application and writes down each exchange."""

    def __init__(self):
        self.exchanges, self.places, self._one = [], None, threading.Lock()

    def around(self, application):
        """The application, with each exchange written down."""

        def answer(environ, start_response):
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            seen = []

            def noting(status, headers, *more):
                seen.append((int(status[:3]), {name.lower(): value for name, value in headers}))
                return start_response(status, headers, *more)

            environ["wsgi.input"] = io.BytesIO(body)
            content = b"".join(application(environ, noting))
            with self._one:
                self._note(environ, body.decode(), *seen[0], content.decode())
            return [content]

        return answer

    def _note(self, environ, body, status, headers, text):
        polls = "WaitTimeSeconds" in body and status == 200
        if polls and "ReceiptHandle" not in text:
            return  # how often a client waits for nothing is chance
        scope = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        sent = (environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("CONTENT_TYPE", ""),
                environ.get("HTTP_X_AMZ_TARGET", ""), scope[1] if scope else "",
                environ.get("HTTP_USER_AGENT", "").partition(" ")[0], self.places.taken_out(body))  # fmt: skip
        self.places.note(text)
        self.exchanges.append(Exchange(*sent, *told(status, headers, text)))


def record(name):
    """Run a client against a served lab; keeps what it sent, if it ends well."""
    words, environment = command(name)
    recorder, application = Recorder(), served.application
    with ServedLab() as lab:
        with patch.object(served, "application", lambda lab: recorder.around(application(lab))):
            server = served.Server(lab, 0)
        recorder.places = Places(server.url)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            subprocess.run([*words, server.url], env=environment, check=True)
        finally:
            server.stop()
            thread.join()
    lines = [json.dumps(one, ensure_ascii=False) for one in recorder.exchanges]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    for one in sys.argv[1:] or filter(command, CLIENTS.keys() - set(UNRECORDED)):
        record(one)
