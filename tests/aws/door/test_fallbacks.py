"""Whatever the door in process cannot know to come out the same goes over HTTP, and is met there."""

import logging
import os
from contextlib import ExitStack, suppress

import boto3
import botocore.history
import moto.settings
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto.core.config import default_user_config
from moto.moto_api import recorder

from labkit import Lab
from labkit.aws.door import Door
from labkit.words import LabError
from tests.aws.door.twins import counting


@pytest.fixture
def url(sqs):
    """The URL of a queue."""
    return sqs.create_queue(QueueName="orders")["QueueUrl"]


def requests_of(client, url):
    """How many requests one SendMessage makes."""
    with counting() as sent:
        client.send_message(QueueUrl=url, MessageBody="order-1")
    return len(sent)


def test_a_plain_call_makes_no_request(sqs, url):
    assert requests_of(sqs, url) == 0
    assert requests_of(boto3.client("sqs"), url) == 0


OPTIONS = {
    "no validation": Config(parameter_validation=False),
    "legacy": Config(retries={"mode": "legacy"}),
    "more attempts": Config(retries={"mode": "standard", "max_attempts": 5}),
    "adaptive": Config(retries={"mode": "adaptive"}),
    "FIPS": Config(use_fips_endpoint=True),
    "dual stack": Config(use_dualstack_endpoint=True),
    "unsigned": Config(signature_version=UNSIGNED),
    "of a Region": Config(user_agent="program region/eu-central-1"),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_a_client_with_other_options(lab, url, name):
    client = boto3.client("sqs", config=OPTIONS[name])
    with counting() as sent, suppress(ClientError, LabError):  # neither moto nor a lab knows some of the addresses
        client.send_message(QueueUrl=url, MessageBody="order-1")
    assert len(sent) == 1


def test_a_client_with_an_address_of_its_own(lab, url):
    assert requests_of(boto3.client("sqs", endpoint_url="https://sqs.us-east-1.amazonaws.com"), url) == 1
    assert requests_of(boto3.client("sqs", use_ssl=False), url) == 1


def test_a_client_whose_key_iam_has_issued(lab, url):
    iam = lab.client("iam")
    iam.create_user(UserName="Ann")
    key = iam.create_access_key(UserName="Ann")["AccessKey"]
    client = boto3.client(
        "sqs", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
    )  # fmt: skip
    assert requests_of(client, url) == 1
    used = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"]
    assert used["ServiceName"] == "sqs"


def test_a_stubber_answers_until_it_is_deactivated(sqs, url):
    requests_of(sqs, url)
    with Stubber(sqs) as stubber:
        stubber.add_response("send_message", {"MessageId": "stubbed"}, {"QueueUrl": url, "MessageBody": "order-2"})
        assert sqs.send_message(QueueUrl=url, MessageBody="order-2")["MessageId"] == "stubbed"
    assert requests_of(sqs, url) == 0


@pytest.mark.parametrize(
    "moment",
    ["provide-client-params", "before-parameter-build", "before-call", "request-created", "before-sign", "before-send",
     "response-received", "before-parse", "needs-retry", "after-call"],
)  # fmt: skip
def test_a_handler_that_somebody_registers_is_called(sqs, url, moment):
    assert requests_of(sqs, url) == 0
    seen = []

    def note(event_name, **_):
        seen.append(event_name)

    sqs.meta.events.register(f"{moment}.sqs.SendMessage", note)
    assert requests_of(sqs, url) == 1
    assert seen == [f"{moment}.sqs.SendMessage"]
    sqs.meta.events.unregister(f"{moment}.sqs.SendMessage", note)
    assert requests_of(sqs, url) == 0
    assert len(seen) == 1


def test_a_handler_for_all_services_or_of_one_session_is_called(lab, url):
    seen = []
    session = boto3.Session()
    session.events.register("before-send", lambda request, **_: seen.append(request.method))
    assert requests_of(session.client("sqs"), url) == 1
    assert seen == ["POST"]


@pytest.mark.parametrize("name", ["", "botocore", "botocore.endpoint", "botocore.parsers", "botocore.hooks"])
def test_a_log_of_what_is_sent_says_so(sqs, url, name):
    logger = logging.getLogger(name)
    before = logger.level
    assert requests_of(sqs, url) == 0
    logger.setLevel(logging.DEBUG)
    try:
        assert requests_of(sqs, url) == 1
    finally:
        logger.setLevel(before)
    assert requests_of(sqs, url) == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda patch: patch.setitem(os.environ, "MOTO_ACCOUNT_ID", "123456789012"),
        lambda patch: patch.setattr(recorder, "_user_enabled", True),
        lambda patch: patch.setattr(botocore.history.get_global_history_recorder(), "_enabled", True),
        lambda patch: patch.setattr(moto.settings, "INITIAL_NO_AUTH_ACTION_COUNT", 1_000_000),
        lambda patch: patch.setitem(default_user_config["core"], "service_whitelist", ["sqs"]),
    ],
)
def test_what_watches_the_whole_process_sees_each_request(sqs, url, monkeypatch, tmp_path, change):
    monkeypatch.setattr(recorder, "_location", str(tmp_path / "recording"))
    with monkeypatch.context() as patch:
        change(patch)
        assert requests_of(sqs, url) == 1
    assert requests_of(sqs, url) == 0


def test_a_region_that_the_service_does_not_know(lab, url):
    client = boto3.client("sqs", region_name="us-east-9")
    with counting() as sent, ExitStack() as stack:
        stack.enter_context(pytest.raises(ClientError))
        client.send_message(QueueUrl=url, MessageBody="order-1")
    assert sent


def test_each_lab_and_each_client_has_ways_of_its_own(lab, sqs, url):
    assert requests_of(sqs, url) == 0
    with Lab(seed=8) as inner:
        other = inner.client("sqs")
        there = other.create_queue(QueueName="orders")["QueueUrl"]
        assert requests_of(other, there) == 0
        assert len(other.receive_message(QueueUrl=there)["Messages"]) == 1
    assert sqs.receive_message(QueueUrl=url)["Messages"]


def test_the_door_that_is_shut_sends_every_call_over_http(sqs, url, monkeypatch):
    monkeypatch.setattr("labkit.aws.calls.door", shut := Door())
    with shut.shut():
        assert requests_of(sqs, url) == 1
    assert requests_of(sqs, url) == 0
