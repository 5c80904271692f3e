"""`labkit serve` as a process of its own, as a learner starts it."""

import json
import re
import subprocess
import sys
from contextlib import contextmanager
from urllib.request import Request, urlopen

import boto3

from tests.patience import FAR


class Served:
    """A running `labkit serve`: where it is, what it said first, and clients of it."""

    def __init__(self, process):
        self.process = process
        self.said = ""
        for line in process.stdout:
            self.said += line
            if "Ctrl-C stops it" in line:
                break
        self.url = re.search(r"http://127\.0\.0\.1:\d+", self.said)[0]
        self.port = int(self.url.rpartition(":")[2])

    def client(self, service="sqs"):
        """A plain boto3 client, as the server said to make one."""
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, endpoint_url=self.url, region_name="us-east-1", **keys)

    def queue_names(self):
        """The names of all queues, asked as a program would that no lab of this process watches."""
        headers = {"X-Amz-Target": "AmazonSQS.ListQueues", "Content-Type": "application/x-amz-json-1.0",
                   "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request"}  # fmt: skip
        with urlopen(Request(self.url, b"{}", headers)) as answer:
            return [url.rpartition("/")[2] for url in json.loads(answer.read()).get("QueueUrls", [])]

    def stop(self, signal):
        """Send the signal; returns the exit code and everything that was said after the start."""
        self.process.send_signal(signal)
        rest, problems = self.process.communicate(timeout=FAR)
        return self.process.returncode, rest, problems


def start(*words):
    """Start `labkit serve` with these words."""
    command = [sys.executable, "-m", "labkit.cli", "serve", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextmanager
def serving(*words):
    """A served lab on a free port."""
    with start("--port", "0", *words) as process:
        try:
            yield Served(process)
        finally:
            process.kill()
