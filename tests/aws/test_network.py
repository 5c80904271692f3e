"""A lab never reaches the network: the gate lets nothing out but loopback."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
import botocore.httpsession
import botocore.session
import pytest
from botocore.awsrequest import AWSRequest

from labkit import Lab, LabError


def test_nothing_gets_out_but_to_loopback(lab):
    """The gate is on the class: raw HTTP sessions of botocore too, made before or in the lab."""
    request = AWSRequest("GET", "http://example.com/").prepare()
    with pytest.raises(LabError, match=r"never calls the real network, and example.com is not part of it"):
        botocore.httpsession.URLLib3Session().send(request)
    custom = boto3.client("sqs", endpoint_url="https://sqs.example.com")
    with pytest.raises(LabError, match=r"sqs.example.com"):
        custom.list_queues()
    assert lab.history.calls()[-1].error == "LabError"


def test_the_metadata_address_is_answered_by_the_mock(lab):
    """169.254.169.254, where EC2 keeps credentials: the mock's own are made up."""
    request = AWSRequest("GET", "http://169.254.169.254/latest/meta-data/iam/security-credentials/default-role")
    answer = botocore.httpsession.URLLib3Session(timeout=0.01).send(request.prepare())
    assert b"test-key" in answer.content


class Answering(BaseHTTPRequestHandler):
    """A tiny server that answers as SQS does to ListQueues."""

    def do_POST(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.end_headers()
        self.wfile.write(b'{"QueueUrls":["http://localhost/orders"]}')

    def log_message(self, *_):
        """Says nothing."""


@pytest.fixture
def server():
    """An HTTP server on loopback."""
    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_loopback_is_reached_past_every_proxy(server, monkeypatch):
    """A client of the lab with an endpoint on this machine gets its answer, although a proxy is configured."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with Lab():
        assert boto3.client("sqs", endpoint_url=server).list_queues()["QueueUrls"] == ["http://localhost/orders"]
