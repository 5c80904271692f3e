"""Lab(endpoint=...): the same code in real time against another endpoint, with queues of its own that go with it."""

import threading
import time
from datetime import UTC, datetime

import boto3
import pytest
from botocore.exceptions import ClientError

from labkit import Faults, Lab, LabError, queue_depth, swimlanes, what_if
from labkit.aws.process import process
from labkit.clock.switch import switch
from labkit.rules import StandardQueue
from tests.aws.endpoint.conftest import SPEED
from tests.patience import FAR

pytestmark = pytest.mark.live
REAL_TIME_NS = time.time_ns


@pytest.fixture
def lab(served):
    """An open lab on the served endpoint."""
    with Lab(endpoint=served.url) as lab:
        yield lab


@pytest.fixture
def sqs(lab):
    """A plain boto3 client of it."""
    return lab.client("sqs")


@pytest.fixture
def orders(sqs):
    """The URL of its queue."""
    return sqs.create_queue(QueueName="orders")["QueueUrl"]


def test_queues_carry_the_labs_prefix_and_go_with_it(served, journals):
    with Lab(endpoint=served.url) as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        assert url.endswith(f"/{lab.prefix}orders")
        assert sqs.get_queue_url(QueueName="orders")["QueueUrl"] == url
        assert boto3.client("sqs").list_queues(QueueNamePrefix="ord")["QueueUrls"] == [url]
        assert sqs.get_queue_attributes(QueueUrl="orders", AttributeNames=["QueueArn"])["Attributes"]
        assert f"{lab.prefix}orders" in served.queue_names()
        assert len(list(journals.iterdir())) == 1
    assert f"{lab.prefix}orders" not in served.queue_names()
    assert list(journals.iterdir()) == []


def test_errors_of_the_endpoint_are_its_own(sqs, orders):
    with pytest.raises(ClientError, match=r"can only contain|Can only include"):
        sqs.create_queue(QueueName="orders of today")
    with pytest.raises(sqs.exceptions.ReceiptHandleIsInvalid):
        sqs.delete_message(QueueUrl=orders, ReceiptHandle="mine")


def test_advance_really_waits_and_says_how_long(lab, capsys):
    began, at = time.perf_counter(), lab.clock.now()
    lab.clock.advance("30 s")
    assert capsys.readouterr().out == "Waiting 30 s, which takes 0.5 s.\n"
    assert time.perf_counter() - began >= 0.5
    assert 30 <= (lab.clock.now() - at).total_seconds() < FAR * SPEED


def test_sleep_and_time_are_the_endpoints_in_cell_and_actors_and_real_elsewhere(lab):
    seen = {}

    def worker():
        began = time.time()
        time.sleep(30)
        seen["actor"] = time.time() - began

    stranger = threading.Thread(target=lambda: seen.update(stranger=time.time()))
    lab.start(worker)
    began, real = time.time(), time.perf_counter()
    lab.run()
    assert 0.5 <= time.perf_counter() - real < FAR
    assert 30 <= seen["actor"] <= time.time() - began < FAR * SPEED
    stranger.start()
    stranger.join()
    assert abs(seen["stranger"] - REAL_TIME_NS() / 1e9) < 1 or abs(lab.clock.now().timestamp() - seen["stranger"]) > 1


def test_actors_share_the_work_and_stop_between_runs(lab, sqs, orders):
    done = []

    def worker(name):
        while True:
            for message in sqs.receive_message(QueueUrl=orders, WaitTimeSeconds=20).get("Messages", []):
                time.sleep(2)
                sqs.delete_message(QueueUrl=orders, ReceiptHandle=message["ReceiptHandle"])
                done.append((name, message["Body"]))

    for n in range(6):
        sqs.send_message(QueueUrl=orders, MessageBody=f"order-{n}")
    for name in ("Ann", "Bob"):
        lab.start(worker, name, name=name)
    lab.run(until=lambda: len(done) == 6)
    assert sorted(order for _, order in done) == [f"order-{n}" for n in range(6)]
    assert {name for name, _ in done} == {"Ann", "Bob"}
    calls = {call.by for call in lab.history.calls()}
    assert calls == {"you", "Ann", "Bob"}
    assert "SendMessage" in str(lab.table())


def test_an_actors_error_is_raised_by_the_run(lab):
    lab.start(lambda: {}["order"], name="Ann")
    with pytest.raises(KeyError):
        lab.run()


def test_another_lab_inside_works_and_the_outer_one_waits(lab, sqs, orders):
    with Lab() as inner:
        inner.client("sqs").create_queue(QueueName="payments")
        with pytest.raises(LabError, match="Another lab was opened after this one"):
            sqs.list_queues()
    assert sqs.send_message(QueueUrl=orders, MessageBody="order-1")["MessageId"]


def test_closing_leaves_no_trace_in_the_process(served):
    before = (time.sleep, time.time, boto3.Session.client, threading.active_count())
    lab = Lab(endpoint=served.url)
    lab.start(time.sleep, 3600)
    lab.run(until="1 s")
    lab.close()
    assert (time.sleep, time.time, boto3.Session.client, threading.active_count()) == before
    assert process.labs == []
    assert not switch.is_on
    assert abs(time.time() - REAL_TIME_NS() / 1e9) < 1


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda lab: lab.passport("a-message"), "sees its own calls"),
        (lambda lab: lab.history.changes(), "sees its own calls"),
        (lambda lab: setattr(lab, "faults", Faults.documented()), "leave faults= out"),
        (swimlanes, "sees its own calls"),
        (queue_depth, "sees its own calls"),
        (lambda lab: what_if(lab, lambda lab, n: None, "n", [1, 2]), "real and has passed"),
        (lambda lab: lab.client("sns").create_topic(Name="orders"), "sns CreateTopic"),
        (lambda lab: lab.client("s3").create_bucket(Bucket="orders"), "s3 CreateBucket"),
        (
            lambda lab: lab.client("sqs").delete_queue(QueueUrl="http://127.0.0.1/1/orders"),
            "is not a queue of this lab",
        ),
        (lambda lab: lab.client("sqs").start_message_move_task(SourceArn="arn:aws:sqs:us-east-1:1:orders"), "is not a"),
    ],
)
def test_what_real_time_cannot_do_is_refused_in_one_sentence(lab, ask, sentence):
    with pytest.raises(LabError, match=sentence):
        ask(lab)


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"faults": Faults.documented()}, "faults"),
        ({"start": datetime(2026, 1, 1, tzinfo=UTC)}, "start"),
        ({"latency": "20 ms"}, "latency"),
        ({"rules": {"sqs": StandardQueue}}, "rules"),
        ({"access": boto3.Session()}, "credentials"),
    ],
)
def test_options_of_virtual_time_are_refused_in_one_sentence(served, options, name):
    with pytest.raises(LabError, match=name):
        Lab(endpoint=served.url, **options)
    assert process.labs == []
