"""Closing leaves no trace in the process, and labs nest."""

import asyncio
import asyncio.base_events
import asyncio.runners
import gc
import os
import random
import signal
import socket
import sys
import threading
import time
import uuid
from datetime import UTC, datetime

import boto3
import botocore.client
import botocore.endpoint
import botocore.handlers
import botocore.httpsession
import botocore.retries.bucket
import botocore.retries.standard
import botocore.retryhandler
import botocore.session
import pytest
from moto import mock_aws
from moto.core.models import botocore_stubber
from moto.moto_api._internal import mock_random
from moto.sqs.models import Queue, SQSBackend
from moto.sqs.responses import SQSResponse

from labkit import Lab
from labkit.clock.guard import guard
from labkit.clock.switch import switch

OWNERS = [
    time, random, uuid, os, asyncio, asyncio.runners, asyncio.base_events.BaseEventLoop, boto3, signal,
    threading.Thread, threading.Event, threading.Condition, socket.socket, botocore.handlers, botocore.endpoint,
    botocore.retryhandler, botocore.retries.standard, botocore.retries.bucket.TokenBucket,
    botocore.session.Session, botocore.client.BaseClient, botocore.httpsession.URLLib3Session,
    botocore_stubber, SQSResponse, SQSBackend, Queue,
]  # fmt: skip


def fingerprint() -> dict:
    """Everything that a lab changes while it is open, by identity."""
    names = {
        f"{module}.{name}": id(value)
        for module, content in list(sys.modules.items())
        if module.partition(".")[0] in ("time", "labkit", "botocore", "boto3", "moto", "tests", "threading")
        for name, value in list(getattr(content, "__dict__", {}).items())
        if callable(value)
    }
    attributes = {f"{owner!r}.{name}": id(value) for owner in OWNERS for name, value in vars(owner).items()}
    attributes.pop(f"{boto3!r}.DEFAULT_SESSION")
    attributes.pop(f"{time!r}.tzname")  # made anew by time.tzset
    backoff = botocore.retries.standard.ExponentialBackoff.__init__.__defaults__
    return {
        "names": names,
        "attributes": attributes,
        "backoff": [id(value) for value in backoff],
        "environment": dict(os.environ),
        "sleep": (repr(time.sleep), id(time.sleep), time.sleep.__self__),
        "signals": [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGALRM, signal.SIGTERM)],
        "timer": signal.getitimer(signal.ITIMER_REAL),
        "threads": threading.enumerate(),
        "boto3": boto3.DEFAULT_SESSION,
        "moto ids": mock_random.getstate(),
        "random": random.getstate(),
        "guard": (guard.held, guard.pending, guard._users),
        "switch": (switch.is_on, switch.scheduler),
        "year": datetime.now(UTC).year >= 2026 and time.time() > 1_767_225_600 + 86_400,
    }


def a_whole_story(lab: Lab) -> None:
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]

    def worker():
        time.sleep(1)
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        time.sleep(3_600)

    lab.start(worker)
    lab.run(until="1 min")
    boto3.resource("sqs").Queue(url).receive_messages()


@pytest.fixture
def _warm():
    """Everything that is imported on first use is imported."""
    with Lab() as lab:
        a_whole_story(lab)


@pytest.mark.usefixtures("_warm")
@pytest.mark.parametrize("way", ["close", "with", "error", "Ctrl-C", "nested", "out of order"])
def test_closing_leaves_no_trace(way):
    """Environment, patched attributes, signal handlers, timers, threads, sessions, moto's ids: all as before."""
    boto3.setup_default_session(region_name="eu-west-1")
    before = fingerprint()
    WAYS_OUT[way]()
    assert fingerprint() == before
    boto3.DEFAULT_SESSION = None


def close():
    lab = Lab()
    a_whole_story(lab)
    lab.close()


def with_block():
    with Lab() as lab:
        a_whole_story(lab)


def with_error():
    def story():
        with Lab() as lab:
            a_whole_story(lab)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        story()


def with_ctrl_c():
    def story():
        with Lab() as lab:
            a_whole_story(lab)
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        story()


def nested():
    with Lab() as lab:
        a_whole_story(lab)
        with Lab() as inner:
            a_whole_story(inner)


def out_of_order():
    outer, inner = Lab(), Lab()
    a_whole_story(inner)
    outer.close()
    assert datetime.now(UTC).year == 2026
    assert time.time() == inner.clock.now().timestamp()
    inner.client("sqs").list_queues()
    inner.close()


WAYS_OUT = {
    "close": close,
    "with": with_block,
    "error": with_error,
    "Ctrl-C": with_ctrl_c,
    "nested": nested,
    "out of order": out_of_order,
}


def test_the_fingerprint_sees_an_open_lab():
    """The test above can fail: all of these differ while a lab is open."""
    before = fingerprint()
    with Lab():
        now = fingerprint()
    changed = {what for what in before if now[what] != before[what]}
    assert changed >= {"attributes", "backoff", "environment", "sleep", "signals", "guard", "switch", "year"}


def test_closing_twice_does_nothing(lab):
    """Nor does leaving the with after close."""
    lab.close()
    lab.close()
    assert repr(lab) == "<Lab seed=7 closed>"


@pytest.mark.usefixtures("_warm")
def test_a_closed_lab_is_freed():
    """Nothing in the process keeps it: its memory goes with the last name."""
    gc.collect()
    before = sum(isinstance(thing, Lab) for thing in gc.get_objects())
    for _ in range(3):
        with Lab() as lab:
            a_whole_story(lab)
    del lab
    gc.collect()
    assert sum(isinstance(thing, Lab) for thing in gc.get_objects()) == before


def test_somebody_elses_alarm_still_rings():
    """An interval timer that was set before a run is only borrowed."""
    rang = []
    before = signal.signal(signal.SIGALRM, lambda *_: rang.append(True))
    signal.setitimer(signal.ITIMER_REAL, 60, 7)
    try:
        with Lab() as lab:
            lab.start(lambda: time.sleep(60))
            lab.run()
        left, interval = signal.getitimer(signal.ITIMER_REAL)
        assert 30 < left <= 60
        assert interval == 7
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_surrounding_mock_aws_is_as_before():
    """Its queues and messages are neither seen in the lab nor lost by it."""
    with mock_aws():
        sqs = boto3.client("sqs", region_name="us-east-1")
        url = sqs.create_queue(QueueName="invoices")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="invoice-1")
        with Lab() as lab:
            assert "QueueUrls" not in lab.client("sqs").list_queues()
            a_whole_story(lab)
        assert sqs.list_queues()["QueueUrls"] == [url]
        assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "invoice-1"


def test_a_surrounding_mock_aws_keeps_its_files():
    """S3's objects live in temporary files, which moto closes for all objects that it knows."""
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="invoices")
        s3.put_object(Bucket="invoices", Key="invoice-1", Body=b"5 EUR")
        with Lab() as lab:
            lab.client("s3").create_bucket(Bucket="invoices")
        assert s3.get_object(Bucket="invoices", Key="invoice-1")["Body"].read() == b"5 EUR"


def test_an_error_while_a_lab_opens_leaves_no_trace(monkeypatch):
    """Half a lab is no lab."""
    from labkit.aws.adapters import adapters

    before = fingerprint()

    def broken(*_):
        raise RuntimeError("moto has changed")

    with monkeypatch.context() as patch:
        patch.setattr(adapters()["sqs"], "install", broken, raising=False)
        with pytest.raises(RuntimeError, match="moto has changed"):
            Lab()
    assert fingerprint() == before
