"""An upgrade of moto or botocore that changes what labkit stands on speaks up in one line, naming the function."""

import json
import random

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from botocore.retries.standard import ExponentialBackoff
from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.responses import method_names_from_class
from moto.core.utils import camelcase_to_underscores
from moto.sqs.exceptions import SQSException
from moto.sqs.models import Queue, sqs_backends
from moto.sqs.responses import SQSResponse

from labkit.aws.sqs.adapter import COUNTS
from labkit.aws.sqs.from_services import STORES
from labkit.aws.sqs.stores import LiveSettings
from tests.aws import canaries

WATCHED = json.loads(canaries.STORED.read_text("utf-8"))
ANSWERS = [name.rsplit(".", 1)[1] for name in canaries.replaced() if ".SQSResponse." in name]
NO_OPERATION = ("serialized", "sqs_backend", "_determine_resource")


def test_the_installed_moto_and_botocore_are_the_watched_ones():
    assert canaries.present()["versions"] == WATCHED["versions"], "read the changes, then: python -m tests.aws.canaries"


@pytest.mark.parametrize("name", canaries.names())
def test_a_function_that_labkit_stands_on_is_as_it_was(name):
    assert canaries.source_hash(name) == WATCHED["sources"].get(name), f"{name} has changed: see tests/aws/canaries.py"


def test_a_changed_source_is_noticed(monkeypatch):
    monkeypatch.setattr(Queue, "__init__", lambda queue: None)
    assert (
        canaries.source_hash("moto.sqs.models.Queue.__init__") != WATCHED["sources"]["moto.sqs.models.Queue.__init__"]
    )


def test_a_function_that_is_gone_is_noticed():
    assert canaries.source_hash("moto.sqs.models.SQSBackend.no_such_method") is None


# One behaviour each of what labkit stands on


@pytest.mark.parametrize("name", [name for name in ANSWERS if name not in NO_OPERATION])
def test_moto_finds_the_method_of_an_operation_by_its_name(name):
    operation = "".join(word.title() for word in name.split("_"))
    assert camelcase_to_underscores(operation) == name
    assert name in method_names_from_class(SQSResponse)


@pytest.fixture
def mock_queue():
    """One of moto's own queues, without a lab."""
    with mock_aws():
        sqs = boto3.client("sqs", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        sqs.create_queue(QueueName="orders")
        yield sqs_backends["123456789012"]["us-east-1"].queues["orders"]


def test_moto_keeps_every_backend_in_one_list(mock_queue):
    assert any(backend is sqs_backends for backend in BackendDict._instances)


def test_motos_queue_has_the_settings_that_the_rules_read(mock_queue):
    live = LiveSettings(mock_queue, lab=None)
    assert (live.visibility_timeout, live.delay_seconds, live.message_retention_period) == (30, 0, 345_600)
    assert (live.max_receive_count, live.dead_letter_queue) == (None, None)
    assert (mock_queue.maximum_message_size, mock_queue.receive_message_wait_time_seconds) == (1_048_576, 0)


def test_motos_queue_keeps_its_messages_where_the_doors_are_shut(mock_queue):
    assert set(STORES) <= set(vars(mock_queue))
    assert all(isinstance(getattr(Queue, name), property) for name in COUNTS)
    assert {"created_timestamp", "last_modified_timestamp"} <= set(vars(mock_queue))


def test_motos_exception_carries_code_and_message():
    error = SQSException("OverLimit", "too many")
    assert (error.code, error.message) == ("OverLimit", "too many")


def test_moto_answers_a_prepared_request_with_status_headers_and_body():
    headers = HTTPHeaders()
    headers["X-Amz-Target"], headers["Content-Type"] = "AmazonSQS.ListQueues", "application/x-amz-json-1.0"
    request = AWSPreparedRequest("POST", "https://sqs.us-east-1.amazonaws.com/", headers, b"{}", stream_output=False)
    with mock_aws():
        status, _, body = BotocoreStubber().process_request(request)
    assert (status, json.loads(body)) == (200, {})


def test_botocores_retries_take_their_random_numbers_from_a_default():
    assert random.random in ExponentialBackoff.__init__.__defaults__
