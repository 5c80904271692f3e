"""Same seed, same bytes: in every process, whatever the day, the hash seed, the time zone or the folder."""

import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from functools import cache
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from labkit import Faults, Lab

ROOT = Path(__file__).parents[2]
STORY = """
import json, sys, time
from datetime import datetime, timezone
FAR = float(sys.argv[1])
if FAR:
    import time_machine
    day = time_machine.travel(datetime(2031, 7, 13, 3, 5, tzinfo=timezone.utc), tick=True)
    day.start()  # moto, boto3 and labkit are imported on another day
import boto3
if FAR:
    import labkit.aws.lab
    day.stop()
from labkit import Faults, Lab

out = []
with Lab(seed=7, faults=Faults.documented()) as lab:
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders", tags={"team": "shop"})["QueueUrl"]

    def worker():
        while True:
            got = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5, MaxNumberOfMessages=3, AttributeNames=["All"])
            out.append(got)
            for message in got.get("Messages", []):
                time.sleep(1.5)
                out.append(sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"]))

    for name in ("worker A", "worker B"):
        lab.start(worker, name=name)
    for number in range(20):
        out.append(sqs.send_message(QueueUrl=url, MessageBody=f"order-{number}"))
        time.sleep(0.7)
    lab.run(until="1 min")
    out.append(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]))
    for service, operation, given in [
        ("sns", "create_topic", {"Name": "orders"}),
        ("dynamodb", "list_tables", {}),
        ("s3", "create_bucket", {"Bucket": "orders"}),
        ("sts", "get_caller_identity", {}),
        ("kinesis", "list_streams", {}),
        ("stepfunctions", "list_state_machines", {}),
    ]:
        out.append(getattr(lab.client(service), operation)(**given))
    out.append([repr(event) for event in lab.history.in_order()])
print(json.dumps(out, default=str))
"""


def start_elsewhere(folder, *, day: str, **environment) -> subprocess.Popen:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
    return subprocess.Popen(
        [sys.executable, "-c", STORY, day],
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def answered(process: subprocess.Popen) -> bytes:
    printed, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors.decode()
    return printed


def test_two_processes_on_different_days_give_the_same_bytes(tmp_path):
    """Ids, receipt handles, timestamps, retries, whole ResponseMetadata and the history, on seven services."""
    one = start_elsewhere(tmp_path, day="0", PYTHONHASHSEED="1", TZ="UTC")
    two = start_elsewhere(
        ROOT, day="1", PYTHONHASHSEED="2", TZ="Asia/Seoul", AWS_REGION="eu-west-1", LANG="de_DE.UTF-8", HOME="/"
    )
    here, there = answered(one), answered(two)
    assert json.loads(here) == json.loads(there)
    assert here == there
    assert b'"RetryAttempts": 1' in here, "no response was lost, so no retry was compared"


def story(seed=7, extra=lambda lab, sqs, url: None, faults=None) -> dict[str, list]:
    """What each of three actors is answered; `extra` is done by a fourth in between."""
    answers: dict[str, list] = {"shop": [], "worker A": [], "worker B": []}
    with Lab(seed=seed, faults=faults) as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        pause = time.sleep

        def shop():
            for number in range(12):
                pause(1)
                answers["shop"].append(sqs.send_message(QueueUrl=url, MessageBody=f"order-{number}"))

        def worker(name):
            while True:
                pause(0.8)
                got = sqs.receive_message(QueueUrl=url, VisibilityTimeout=3, MaxNumberOfMessages=2)
                answers[name].append(got)
                for message in got.get("Messages", [])[:1]:
                    answers[name].append(sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"]))

        lab.start(shop, name="shop")
        for name in ("worker A", "worker B"):
            lab.start(worker, name, name=name)
        lab.start(lambda: extra(lab, sqs, url), name="observer")
        lab.run(until="16 s")
        answers["changes"] = list(map(repr_of_change, lab.history.changes()))
    return answers


def repr_of_change(change) -> tuple:
    return (change.at, change.by, change.queue, change.message, change.before, change.after, change.why)


@cache
def undisturbed(faults: Faults) -> dict[str, list]:
    return story(faults=faults)


READS = {
    "GetQueueAttributes": lambda lab, sqs, url: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]),
    "GetQueueUrl": lambda lab, sqs, url: sqs.get_queue_url(QueueName="orders"),
    "ListQueues": lambda lab, sqs, url: sqs.list_queues(),
    "a new client": lambda lab, sqs, url: boto3.client("sqs").list_queue_tags(QueueUrl=url),
    "another service": lambda lab, sqs, url: lab.client("dynamodb").list_tables(),
    "the history": lambda lab, sqs, url: lab.history.in_order(),
    "settle": lambda lab, sqs, url: lab.settle(),
}


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(
    "faults", [Faults.none(), Faults.documented(), Faults(lost_response=0.1)], ids=["none", "documented", "lost"]
)
def test_one_more_read_only_call_changes_nothing_else(read, faults):
    """Every answer to everybody else and every change of every message is the same, at each of 60 instants."""

    def reader(lab, sqs, url):
        for _ in range(60):
            time.sleep(0.2)
            READS[read](lab, sqs, url)

    assert story(extra=reader, faults=faults) == undisturbed(faults)


def test_another_seed_gives_other_ids_and_the_same_seed_the_same():
    """Chance and ids are named by the seed."""
    assert story() == story()
    assert story(seed=8)["shop"] != story()["shop"]


# The SDK's retries


def lost(sqs_config: Config | None, rate=0.25, seed=7):
    """A shop that sends 20 orders over a network that loses answers; another actor ticks meanwhile."""
    pause = time.sleep
    with Lab(seed=seed, faults=Faults(lost_response=rate)) as lab:
        sqs = boto3.client("sqs", config=sqs_config)
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        answers, ticks = [], []

        def shop():
            for number in range(20):
                answers.append(sqs.send_message(QueueUrl=url, MessageBody=f"order-{number}"))

        def ticking():
            while True:
                pause(0.01)
                ticks.append(lab.clock.now())

        shopping = lab.start(shop, name="shop")
        lab.start(ticking, name="ticking")
        lab.run(until=lambda: not shopping.alive)
        stored = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return answers, int(stored["ApproximateNumberOfMessages"]), ticks, lab.history.changes(), lab.clock.now()


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive", None])
def test_the_sdks_retry_after_a_lost_response_sends_a_duplicate_in_lab_time(mode):
    """It waits with jitter that is the same every time, the others run meanwhile, and the duplicate is the shop's."""
    config = Config(retries={"mode": mode, "max_attempts": 9}) if mode else None
    first, again = lost(config), lost(config)
    assert first == again
    answers, stored, ticks, changes, _ = first
    retries = sum(answer["ResponseMetadata"]["RetryAttempts"] for answer in answers)
    assert retries > 3
    assert stored == 20 + retries
    assert {change.by for change in changes if change.before is None} == {"shop"}
    assert len({change.message for change in changes if change.before is None}) == stored
    assert ticks[-1] - ticks[0] > timedelta(milliseconds=200)
    assert len(ticks) == (ticks[-1] - ticks[0]) / timedelta(milliseconds=10) + 1


def test_without_faults_nothing_is_retried():
    """The same story without lost responses: 20 messages, 200 ms of latency."""
    answers, stored, _, _, now = lost(None, rate=0)
    assert (len(answers), stored, now.microsecond) == (20, 20, 200_000)


def test_when_all_retries_are_lost_the_error_is_botocores():
    """A learner sees what they would see on AWS; the history names it."""
    from botocore.exceptions import ConnectionClosedError

    with Lab(faults=Faults(lost_response=1)) as lab:
        sqs = lab.client("sqs")
        with pytest.raises(ConnectionClosedError):
            sqs.create_queue(QueueName="orders")
        assert lab.history.calls()[-1].error == "ConnectionClosedError"


def test_an_answer_to_a_client_token_is_never_lost():
    """AWS answers the retry of a request with the same token as it did the first time; moto would refuse it."""
    with Lab(faults=Faults(lost_response=1)) as lab:
        made = lab.client("ec2").create_launch_template(
            LaunchTemplateName="packer", LaunchTemplateData={"InstanceType": "t3.micro"}
        )
        assert made["LaunchTemplate"]["LaunchTemplateName"] == "packer"
        assert lab.history.calls()[-1].error is None
