"""What a lesson says in AWS CLI is a command that exists, and works against `labkit serve`."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.aws.served.cli_lines import lines, problem
from tests.aws.served.process import serving
from tests.conftest import program_or_skip

RUN = ("aws sqs ", "aws sns ")
LESSONS = sorted({line.lesson for line in lines() if line.text.startswith(RUN)})


@pytest.mark.parametrize("line", lines(), ids=lambda line: f"{line.lesson}: {line.text}")
def test_the_command_exists_with_these_options(line):
    assert problem(line.text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("aws sqs send-messages --queue-url $URL", "sqs has no operation send-messages"),
        ("aws sqs send-message --queue-url $URL", "it lacks MessageBody"),
        ("aws sqs send-message --queue $URL --message-body hi", "no option --queue"),
        (
            "aws sqs receive-message --queue-url $URL --wait-time-seconds long",
            "--wait-time-seconds is a number, not long",
        ),
        ("aws queues list-queues", "there is no service queues"),
        ("aws sqs list-queues --output json", None),
        ("aws kinesis wait stream-exists --stream-name clicks", None),
        ("aws kinesis wait stream-there --stream-name clicks", "kinesis has no operation stream-there"),
    ],
)
def test_a_command_that_does_not_is_found(text, found):
    assert problem(text) == found


@pytest.fixture(scope="module")
def fast():
    """A server on which a long poll of twenty seconds takes a fifth of one."""
    with serving("--speed", "100") as running:
        yield running


@pytest.mark.live
@pytest.mark.parametrize("lesson", LESSONS)
def test_the_sqs_and_sns_lines_of_a_lesson_run_as_they_stand(fast, lesson, tmp_path):
    commands = [line.text for line in lines() if line.lesson == lesson and line.text.startswith(RUN)]
    program = program_or_skip("AWS CLI")
    surroundings = story(fast, lesson, any(".fifo" in command for command in commands), tmp_path)
    wrapped = f'aws() {{ "{program}" --endpoint-url {fast.url} "$@"; }}'
    script = "\n".join(
        ["set -eu", wrapped, *(command.replace("-name orders", f"-name orders-cli-{lesson}") for command in commands)]
    )
    ran = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


def story(served, lesson, fifo, folder):
    """A queue with its dead-letter queue and a message in flight, and a topic, as the variables that lessons use."""
    sqs = served.client()
    settings = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} if fifo else {}
    names = [f"{name}-{lesson}" + (".fifo" if fifo else "") for name in ("orders", "dead-orders")]
    url, dead = (sqs.create_queue(QueueName=name, Attributes=settings)["QueueUrl"] for name in names)
    arn, dead_arn = (
        sqs.get_queue_attributes(QueueUrl=one, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        for one in (url, dead)
    )
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": "3"})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})
    Path(folder, "redrive-policy.json").write_text(json.dumps({"RedrivePolicy": policy}))
    kind = {"Attributes": {"FifoTopic": "true"}} if fifo else {}
    topic = served.client("sns").create_topic(Name=f"orders-{lesson}" + (".fifo" if fifo else ""), **kind)["TopicArn"]
    allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    statement = allow | {"Resource": arn, "Condition": {"ArnEquals": {"aws:SourceArn": topic}}}
    Path(folder, "queue-policy.json").write_text(json.dumps({"Policy": json.dumps({"Statement": [statement]})}))
    Path(folder, "policy.json").write_text(json.dumps({"kind": ["gift"]}))
    subscribed = served.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=dead_arn)["SubscriptionArn"]
    for number in (1, 2):
        group = {"MessageGroupId": f"customer-{number}"} if fifo else {}
        sqs.send_message(QueueUrl=url, MessageBody=f"order-{number}", **group)
    handle = sqs.receive_message(QueueUrl=url, VisibilityTimeout=43_200)["Messages"][0]["ReceiptHandle"]
    variables = {"URL": url, "DEAD_URL": dead, "HANDLE": handle, "QUEUE_ARN": arn, "DEAD_ARN": dead_arn}
    variables |= {"TOPIC": topic, "SUBSCRIPTION": subscribed}
    keys = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_PAGER": "",
    }
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | variables | keys
