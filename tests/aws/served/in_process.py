"""SQS's JSON protocol straight into the WSGI application, for tests that need no socket."""

import json
import threading
from contextlib import contextmanager

from werkzeug.test import Client, EnvironBuilder

from labkit.aws.served.application import application
from labkit.aws.served.lab import ServedLab

SIGNED = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=0"


class Refused(Exception):
    """What the service refused: its HTTP status and answer."""

    def __init__(self, status, answer):
        super().__init__(status, answer)
        self.status, self.answer = status, answer


class Sqs:
    """A client of the application; every thread may use the same one."""

    def __init__(self, app):
        self.http = Client(app)

    def __call__(self, operation, **parameters):
        headers = {"X-Amz-Target": f"AmazonSQS.{operation}", "Authorization": SIGNED.format("sqs"),
                   "User-Agent": "shop/1.0", "Host": "127.0.0.1"}  # fmt: skip
        request = EnvironBuilder("/", "http://127.0.0.1/", method="POST", headers=headers,
                                 content_type="application/x-amz-json-1.0", data=json.dumps(parameters))  # fmt: skip
        answer = self.http.open(request)
        body = json.loads(answer.get_data() or b"{}")
        if answer.status_code != 200:
            raise Refused(answer.status_code, body)
        return body


@contextmanager
def served(**options):
    """A served lab and a client of it, with a queue called orders."""
    with ServedLab(**options) as lab:
        sqs = Sqs(application(lab))
        sqs.url = sqs("CreateQueue", QueueName="orders")["QueueUrl"]
        try:
            yield lab, sqs
        finally:
            lab.scheduler.end()


def polling(sqs, wait):
    """A thread in a long poll of `wait` seconds, and the list into which it puts the bodies that it gets."""
    got = []

    def poll():
        answer = sqs("ReceiveMessage", QueueUrl=sqs.url, WaitTimeSeconds=wait)
        got.append([message["Body"] for message in answer.get("Messages", [])])

    thread = threading.Thread(target=poll, daemon=True)
    thread.start()
    return thread, got
