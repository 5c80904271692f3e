"""Rows about dead-letter queues: what may be one, and the tasks that move messages back."""

import base64
import json

import boto3
import pytest
from botocore.config import Config

from labkit.words import LabError
from tests.aws.sqs.labs import ACCOUNT, attributes_of, bodies, invalid, orders_queue, receive, receive_one, refused

ORDERS = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"
DEAD = f"arn:aws:sqs:us-east-1:{ACCOUNT}:dead-orders"


def policy(arn=DEAD, receives=1):
    return json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": receives})


def allow(permission, *sources):
    return json.dumps({"redrivePermission": permission} | ({"sourceQueueArns": list(sources)} if sources else {}))


def with_dead_letters(lab, sqs, url, number=4, name="dead-orders"):
    """The URL of a dead-letter queue that holds this many orders; receiving once moves an order there."""
    dead = sqs.create_queue(QueueName=name)["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy(DEAD.replace("dead-orders", name))})
    for each in range(number):
        sqs.send_message(QueueUrl=url, MessageBody=f"order-{each}")
    for _ in range(2):
        while receive(sqs, url, VisibilityTimeout=0):
            pass
    return dead


def task_of(sqs):
    (task,) = sqs.list_message_move_tasks(SourceArn=DEAD)["Results"]
    return task


# Row 22: who may be a dead-letter queue


def test_row_22_a_moved_message_names_its_source():
    with orders_queue() as (lab, sqs, url):
        dead = with_dead_letters(lab, sqs, url, 1)
        message = receive_one(sqs, dead, MessageSystemAttributeNames=["All"])
        assert message["Attributes"]["DeadLetterQueueSourceArn"] == ORDERS
        assert message["Attributes"]["ApproximateReceiveCount"] == "2"


@pytest.mark.parametrize(
    ("arn", "reason"),
    [
        (DEAD.replace(ACCOUNT, "111122223333"), "Dead-letter target owner should be same as the source."),
        (DEAD.replace("us-east-1", "eu-west-1"), "Dead-letter target must be in same region as the source."),
    ],
)
def test_row_22_a_dead_letter_queue_is_in_the_same_account_and_region(arn, reason):
    with orders_queue() as (lab, sqs, url):
        lab.client("sqs", account=arn.split(":")[4], region=arn.split(":")[3]).create_queue(QueueName="dead-orders")
        message = invalid(sqs.set_queue_attributes, QueueUrl=url, Attributes={"RedrivePolicy": policy(arn)})
        assert message == f"Value {policy(arn)} for parameter RedrivePolicy is invalid. Reason: {reason}"


def test_row_22_a_redrive_policy_has_no_other_member():
    with orders_queue() as (_, sqs, url):
        given = json.dumps({"deadLetterTargetArn": ORDERS, "maxReceiveCount": 1, "color": "red"})
        message = invalid(sqs.set_queue_attributes, QueueUrl=url, Attributes={"RedrivePolicy": given})
        assert message.endswith("Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].")


def test_row_22_without_its_dead_letter_queue_a_queue_keeps_what_it_would_have_moved():
    with orders_queue() as (lab, sqs, url):
        dead = with_dead_letters(lab, sqs, url, 0)
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        sqs.delete_queue(QueueUrl=dead)
        for _ in range(3):
            assert bodies(receive(sqs, url, VisibilityTimeout=0)) == ["order-1"]
        lab.clock.advance("60 s")
        sqs.create_queue(QueueName="dead-orders")
        assert receive(sqs, url) == []
        assert bodies(receive(sqs, dead)) == ["order-1"]


# Row 23: RedriveAllowPolicy


@pytest.mark.parametrize("given", ["{nope", "[1]", "{}", allow("some"), '{"redrivePermission": "denyAll", "color": 1}',
                                   '{"redrivePermission": "byQueue", "sourceQueueArns": "arn"}'])  # fmt: skip
def test_row_23_an_allow_policy_of_another_form_is_refused(given):
    with orders_queue() as (_, sqs, url):
        code, message, _ = refused(sqs.set_queue_attributes, QueueUrl=url, Attributes={"RedriveAllowPolicy": given})
        assert code == "InvalidAttributeValue"
        assert message.startswith("Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (allow("byQueue"), "you must also specify one or more sourceQueueArns values."),
        (allow("denyAll", ORDERS), "you must set redrivePermission to byQueue."),
        (allow("byQueue", *(f"{ORDERS}{n}" for n in range(11))),
         "The maximum number of source queue ARNs you can specify is 10."),
    ],
)  # fmt: skip
def test_row_23_sources_go_with_by_queue_and_are_at_most_ten(given, reason):
    with orders_queue() as (_, sqs, url):
        message = invalid(sqs.set_queue_attributes, QueueUrl=url, Attributes={"RedriveAllowPolicy": given})
        assert message.startswith(f"Value {given} for parameter RedriveAllowPolicy is invalid. Reason: ")
        assert message.endswith(reason)


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ("", True),
        (allow("allowAll"), True),
        (allow("denyAll"), False),
        (allow("byQueue", ORDERS), True),
        (allow("byQueue", f"{ORDERS}-2", *(f"{ORDERS}{n}" for n in range(9))), False),
    ],
)
def test_row_23_a_queue_that_is_not_allowed_may_not_name_the_dead_letter_queue(given, allowed):
    with orders_queue() as (_, sqs, url):
        sqs.create_queue(QueueName="dead-orders", Attributes={"RedriveAllowPolicy": given} if given else {})
        change = {"QueueUrl": url, "Attributes": {"RedrivePolicy": policy()}}
        if allowed:
            sqs.set_queue_attributes(**change)
            assert attributes_of(sqs, url, "RedrivePolicy")
        else:
            assert "does not let" in invalid(sqs.set_queue_attributes, **change)
            assert attributes_of(sqs, url, "RedrivePolicy") is None


def test_row_23_create_asks_the_allow_policy_as_well():
    with orders_queue({"RedriveAllowPolicy": allow("byQueue", f"{ORDERS}-2")}) as (_, sqs, _url):
        sqs.create_queue(QueueName="orders-2", Attributes={"RedrivePolicy": policy(ORDERS)})
        assert "does not let" in invalid(
            sqs.create_queue, QueueName="orders-3", Attributes={"RedrivePolicy": policy(ORDERS)}
        )


def test_row_23_a_queue_that_named_it_before_goes_on():
    with orders_queue() as (lab, sqs, url):
        dead = with_dead_letters(lab, sqs, url, 0)
        sqs.set_queue_attributes(QueueUrl=dead, Attributes={"RedriveAllowPolicy": allow("denyAll")})
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        receive(sqs, url, VisibilityTimeout=0)
        assert receive(sqs, url) == []
        assert bodies(receive(sqs, dead)) == ["order-1"]


def test_the_sources_of_a_dead_letter_queue_are_listed_in_pages_where_asked():
    with orders_queue() as (lab, sqs, url):
        dead = with_dead_letters(lab, sqs, url, 0)
        others = [
            sqs.create_queue(QueueName=f"orders-{n}", Attributes={"RedrivePolicy": policy()})["QueueUrl"]
            for n in range(4)
        ]
        assert sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [url, *others]
        pages = [page["queueUrls"] for page in sqs.get_paginator("list_dead_letter_source_queues").paginate(
            QueueUrl=dead, PaginationConfig={"PageSize": 2})]  # fmt: skip
        assert pages == [[url, others[0]], others[1:3], others[3:]]
        assert "Value range is 1 to 1000." in invalid(
            sqs.list_dead_letter_source_queues, QueueUrl=dead, MaxResults=1_001
        )


# Row 24: message move tasks


def test_row_24_a_task_brings_messages_back_to_their_source():
    with orders_queue() as (lab, sqs, url):
        dead = with_dead_letters(lab, sqs, url)
        handle = sqs.start_message_move_task(SourceArn=DEAD)["TaskHandle"]
        assert json.loads(base64.b64decode(handle))["sourceArn"] == DEAD
        assert task_of(sqs) == {
            "TaskHandle": handle,
            "Status": "RUNNING",
            "SourceArn": DEAD,
            "ApproximateNumberOfMessagesMoved": 0,
            "ApproximateNumberOfMessagesToMove": 4,
            "StartedTimestamp": 1_767_225_600_000,
        }
        lab.clock.advance("1 s")
        assert task_of(sqs) == {
            "Status": "COMPLETED",
            "SourceArn": DEAD,
            "ApproximateNumberOfMessagesMoved": 4,
            "ApproximateNumberOfMessagesToMove": 4,
            "StartedTimestamp": 1_767_225_600_000,
        }
        assert bodies(receive(sqs, url)) == ["order-0", "order-1", "order-2", "order-3"]
        assert receive(sqs, dead) == []


def test_row_24_a_message_that_is_back_is_a_new_one_and_keeps_its_passport():
    with orders_queue() as (lab, sqs, url):
        dead = with_dead_letters(lab, sqs, url, 1)
        before = receive_one(sqs, dead, VisibilityTimeout=0, MessageSystemAttributeNames=["All"])
        lab.clock.advance("1 h")
        sqs.start_message_move_task(SourceArn=DEAD, MaxNumberOfMessagesPerSecond=1)
        lab.clock.advance("1 s")
        after = receive_one(sqs, url, MessageSystemAttributeNames=["All"])
        assert after["MessageId"] != before["MessageId"]
        assert after["Attributes"] == {
            "SenderId": before["Attributes"]["SenderId"],
            "SentTimestamp": str(1_767_225_600_000 + 3_601_000),
            "ApproximateReceiveCount": "1",
            "ApproximateFirstReceiveTimestamp": str(1_767_225_600_000 + 3_601_000),
        }
        one, other = (lab.passport(message["MessageId"]).sentences() for message in (before, after))
        assert one == other
        states = [change.after for change in lab.passport(after["MessageId"]).life.changes]
        assert states == ["visible"] * 2 + ["dead-lettered"] + ["visible"] * 2 + ["redriven", "visible", "in flight"]


def test_row_24_each_message_goes_back_to_the_queue_that_it_came_from():
    with orders_queue() as (lab, sqs, url):
        payments = sqs.create_queue(QueueName="payments")["QueueUrl"]
        with_dead_letters(lab, sqs, url, 2)
        with_dead_letters(lab, sqs, payments, 3)
        sqs.start_message_move_task(SourceArn=DEAD)
        lab.clock.advance("1 s")
        assert len(receive(sqs, url)), len(receive(sqs, payments)) == (2, 3)


def test_row_24_a_task_brings_messages_to_the_queue_it_is_given():
    with orders_queue() as (lab, sqs, url):
        repair = sqs.create_queue(QueueName="repair")["QueueUrl"]
        dead = with_dead_letters(lab, sqs, url, 2)
        sqs.send_message(QueueUrl=dead, MessageBody="sent here")
        sqs.start_message_move_task(SourceArn=DEAD, DestinationArn=attributes_of(sqs, repair)["QueueArn"])
        lab.clock.advance("1 s")
        assert bodies(receive(sqs, repair)) == ["order-0", "order-1", "sent here"]
        assert task_of(sqs)["DestinationArn"].endswith(":repair")


def test_row_24_a_message_sent_straight_to_the_dead_letter_queue_has_no_source():
    with orders_queue() as (lab, sqs, url):
        dead = with_dead_letters(lab, sqs, url, 1)
        sqs.send_message(QueueUrl=dead, MessageBody="sent here")
        sqs.start_message_move_task(SourceArn=DEAD)
        lab.clock.advance("1 s")
        task = task_of(sqs)
        assert (task["Status"], task["FailureReason"]) == ("FAILED", "CouldNotDetermineMessageSource")
        assert bodies(receive(sqs, dead)) == ["sent here"]


def test_row_24_a_long_poll_has_each_message_at_its_own_instant():
    with orders_queue() as (lab, sqs, url):
        with_dead_letters(lab, sqs, url, 3)
        got = []

        def worker():
            while batch := receive(sqs, url, WaitTimeSeconds=20):
                got.extend((message["Body"], (lab.clock.now() - begun).total_seconds()) for message in batch)
                for message in batch:
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

        begun = lab.clock.now()
        lab.start(worker)
        lab.run(until="4 s")
        sqs.start_message_move_task(SourceArn=DEAD, MaxNumberOfMessagesPerSecond=2)
        lab.run()
        assert got == [("order-0", 4.5), ("order-1", 5), ("order-2", 5.5)]


def test_row_24_looking_often_changes_nothing():
    def history(looks):
        with orders_queue() as (lab, sqs, url):
            with_dead_letters(lab, sqs, url)
            sqs.start_message_move_task(SourceArn=DEAD, MaxNumberOfMessagesPerSecond=2)
            for _ in range(looks):
                lab.clock.advance(3 / looks)
                attributes_of(sqs, url)
            lab.table()
            return [(one.at, one.queue, one.message, one.after) for one in lab.history.changes()]

    assert history(1) == history(7)


def test_row_24_a_cancelled_task_stops():
    with orders_queue() as (lab, sqs, url):
        dead = with_dead_letters(lab, sqs, url)
        handle = sqs.start_message_move_task(SourceArn=DEAD, MaxNumberOfMessagesPerSecond=1)["TaskHandle"]
        lab.clock.advance("2 s")
        assert sqs.cancel_message_move_task(TaskHandle=handle)["ApproximateNumberOfMessagesMoved"] == 2
        assert task_of(sqs)["Status"] == "CANCELLING"
        assert "TaskHandle" not in task_of(sqs)
        lab.clock.advance("5 s")
        assert task_of(sqs)["Status"] == "CANCELLED"
        assert (len(receive(sqs, url)), len(receive(sqs, dead))) == (2, 2)
        assert "only a task whose status is RUNNING" in invalid(sqs.cancel_message_move_task, TaskHandle=handle)


def test_row_24_a_task_whose_destination_is_deleted_fails():
    with orders_queue() as (lab, sqs, url):
        dead = with_dead_letters(lab, sqs, url)
        sqs.start_message_move_task(SourceArn=DEAD, MaxNumberOfMessagesPerSecond=1)
        lab.clock.advance("1 s")
        sqs.delete_queue(QueueUrl=url)
        lab.clock.advance("5 s")
        task = task_of(sqs)
        assert (task["Status"], task["FailureReason"]) == ("FAILED", "AWS.SimpleQueueService.NonExistentQueue")
        assert task["ApproximateNumberOfMessagesMoved"] == 1
        assert bodies(receive(sqs, dead)) == ["order-1", "order-2", "order-3"]


def test_row_24_a_queue_has_one_active_task_and_lists_ten():
    with orders_queue() as (lab, sqs, url):
        with_dead_letters(lab, sqs, url)
        handles = []
        for rate in range(1, 13):
            handles.append(sqs.start_message_move_task(SourceArn=DEAD, MaxNumberOfMessagesPerSecond=rate)["TaskHandle"])
            text = invalid(sqs.start_message_move_task, SourceArn=DEAD)
            assert text.startswith(
                "There is already a task running. Only one active task is allowed for a source queue"
            )
            lab.clock.advance("5 s")
        assert len(set(handles)) == 12
        rates = [task["MaxNumberOfMessagesPerSecond"]
                 for task in sqs.list_message_move_tasks(SourceArn=DEAD, MaxResults=10)["Results"]]  # fmt: skip
        assert rates == list(range(12, 2, -1))
        assert "between 1 and 10." in invalid(sqs.list_message_move_tasks, SourceArn=DEAD, MaxResults=11)


def test_row_24_an_account_has_100_active_tasks():
    with orders_queue() as (_, sqs, _url):
        for number in range(101):
            name = f"dead-{number}"
            sqs.create_queue(QueueName=name)
            arn = DEAD.replace("dead-orders", name)
            sqs.create_queue(QueueName=f"orders-{number}", Attributes={"RedrivePolicy": policy(arn)})
            if number < 100:
                sqs.start_message_move_task(SourceArn=arn)
        impatient = boto3.client("sqs", region_name="us-east-1", config=Config(retries={"total_max_attempts": 1}))
        assert refused(impatient.start_message_move_task, SourceArn=arn)[0] == "RequestThrottled"
        assert sqs.start_message_move_task(SourceArn=arn), "the SDK's retries wait until another task has ended"


SOURCE_GONE = "The resource that you specified for the SourceArn parameter doesn't exist."
HANDLE = base64.b64encode(json.dumps({"taskId": "10f57157-fc38-4da9-a113-4de7e12d05aa", "sourceArn": DEAD}).encode())


@pytest.mark.parametrize(
    ("parameters", "code", "text"),
    [
        ({"SourceArn": "dead-orders"}, "InvalidParameterValue", "You must use this format to specify the SourceArn:"),
        ({"SourceArn": DEAD + "x"}, "ResourceNotFoundException", SOURCE_GONE),
        ({"SourceArn": DEAD.replace(ACCOUNT, "111122223333")}, "ResourceNotFoundException", SOURCE_GONE),
        ({"SourceArn": DEAD.replace("us-east-1", "mars-1")}, "ResourceNotFoundException", SOURCE_GONE),
        ({"SourceArn": ORDERS}, "InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue."),
        ({"SourceArn": DEAD, "DestinationArn": ORDERS + "x"}, "ResourceNotFoundException",
         "The resource that you specified for the DestinationArn parameter doesn't exist."),
        ({"SourceArn": DEAD, "DestinationArn": DEAD}, "InvalidParameterValue",
         "Source queue arn and destination queue arn cannot be the same."),
        ({"SourceArn": DEAD, "DestinationArn": ORDERS + ".fifo"}, "InvalidParameterValue",
         "The source queue and destination queue must be of the same queue type."),
        ({"SourceArn": DEAD, "MaxNumberOfMessagesPerSecond": 0}, "InvalidParameterValue", "between 1 and 500."),
        ({"SourceArn": DEAD, "MaxNumberOfMessagesPerSecond": 501}, "InvalidParameterValue", "between 1 and 500."),
    ],
)  # fmt: skip
def test_row_24_a_task_that_aws_does_not_start_is_refused(parameters, code, text):
    with orders_queue() as (lab, sqs, url):
        with_dead_letters(lab, sqs, url, 1)
        sqs.create_queue(QueueName="orders.fifo", Attributes={"FifoQueue": "true"})
        found, message, status = refused(sqs.start_message_move_task, **parameters)
        assert (found, status) == (code, 404 if code.startswith("Resource") else 400)
        assert text in message
        assert "Results" not in sqs.list_message_move_tasks(SourceArn=DEAD)


@pytest.mark.parametrize(
    ("handle", "code", "text"),
    [
        ("foobared", "InvalidParameterValue", "Value for parameter TaskHandle is invalid."),
        ("bm8gSlNPTg==", "InvalidParameterValue", "Value for parameter TaskHandle is invalid."),
        (HANDLE.decode(), "ResourceNotFoundException", "Task does not exist."),
        (base64.b64encode(b'{"taskId": "1", "sourceArn": "arn:aws:sqs:us-east-1:123456789012:none"}').decode(),
         "ResourceNotFoundException", SOURCE_GONE),
    ],
)  # fmt: skip
def test_row_24_a_handle_of_no_task_cancels_nothing(handle, code, text):
    with orders_queue() as (lab, sqs, url):
        with_dead_letters(lab, sqs, url, 1)
        assert refused(sqs.cancel_message_move_task, TaskHandle=handle)[:2] == (code, text)


def test_a_labs_tasks_are_its_own():
    with orders_queue() as (lab, sqs, url):
        with_dead_letters(lab, sqs, url, 1)
        sqs.start_message_move_task(SourceArn=DEAD)
        with orders_queue() as (inner, client, address):
            with_dead_letters(inner, client, address, 1)
            assert "Results" not in client.list_message_move_tasks(SourceArn=DEAD)
            with pytest.raises(LabError):
                task_of(sqs)
        assert task_of(sqs)["Status"] == "RUNNING"
