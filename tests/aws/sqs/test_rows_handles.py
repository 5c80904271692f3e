"""Rows about receipt handles, visibility, dead letters and purge."""

import json

from labkit.ledger import quota
from tests.aws.sqs.labs import attributes_of, bodies, invalid, orders_queue, receive, receive_one, refused

LONGEST = quota("sqs.visibility_timeout.maximum")


def taken(sqs, url, **parameters):
    sqs.send_message(QueueUrl=url, MessageBody="order-1")
    return receive_one(sqs, url, **parameters)["ReceiptHandle"]


def test_row_13_the_12_hours_count_from_the_receive_and_a_message_that_waited_can_be_extended():
    with orders_queue() as (lab, sqs, url):
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        lab.clock.advance("13 h")
        handle = receive_one(sqs, url)["ReceiptHandle"]
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=LONGEST)
        lab.clock.advance("1 s")
        message = invalid(sqs.change_message_visibility, QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=LONGEST)
        assert message == (
            "Value 43200 for parameter VisibilityTimeout is invalid. Reason: "
            "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]."
        )
        lab.clock.advance(LONGEST - 2)
        assert receive(sqs, url) == []
        lab.clock.advance(1)
        assert bodies(receive(sqs, url)) == ["order-1"]


def test_row_14_a_stale_receipt_handle_succeeds_and_deletes_nothing():
    with orders_queue() as (lab, sqs, url):
        stale = taken(sqs, url)
        lab.clock.advance("30 s")
        latest = receive_one(sqs, url)["ReceiptHandle"]
        assert stale != latest
        sqs.delete_message(QueueUrl=url, ReceiptHandle=stale)
        assert attributes_of(sqs, url)["ApproximateNumberOfMessagesNotVisible"] == "1"
        sqs.delete_message(QueueUrl=url, ReceiptHandle=latest)
        assert attributes_of(sqs, url)["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_row_14_a_lapsed_handle_that_is_still_the_latest_deletes():
    with orders_queue() as (lab, sqs, url):
        handle = taken(sqs, url)
        lab.clock.advance("31 s")
        sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
        assert receive(sqs, url) == []


def test_row_14_a_handle_of_more_than_12_hours_is_refused():
    with orders_queue() as (lab, sqs, url):
        handle = taken(sqs, url)
        lab.clock.advance("12 h")
        lab.clock.advance("1 s")
        assert invalid(sqs.delete_message, QueueUrl=url, ReceiptHandle=handle) == (
            f"Value {handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
        )


def test_row_15_a_change_after_the_timeout_ended_succeeds_and_the_message_stays_visible():
    with orders_queue() as (lab, sqs, url):
        handle = taken(sqs, url)
        lab.clock.advance("30 s")
        answer = sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=60)
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
        assert bodies(receive(sqs, url)) == ["order-1"]


def test_row_16_a_change_on_a_deleted_message_is_an_invalid_parameter_value():
    with orders_queue() as (_, sqs, url):
        handle = taken(sqs, url)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
        assert invalid(sqs.change_message_visibility, QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=5) == (
            f"Value {handle} for parameter ReceiptHandle is invalid. Reason: "
            "Message does not exist or is not available for visibility timeout change."
        )


def test_row_16_a_text_that_is_no_handle_is_refused_by_name():
    with orders_queue() as (_, sqs, url):
        expected = ("ReceiptHandleIsInvalid", 'The input receipt handle "x" is not a valid receipt handle.', 404)
        assert refused(sqs.delete_message, QueueUrl=url, ReceiptHandle="x") == expected
        change = {"QueueUrl": url, "ReceiptHandle": "x", "VisibilityTimeout": 5}
        assert refused(sqs.change_message_visibility, **change) == expected


def test_row_16_a_handle_of_another_queue_or_with_one_letter_changed_is_not_valid():
    with orders_queue() as (_, sqs, url):
        handle = taken(sqs, url)
        other = sqs.create_queue(QueueName="payments")["QueueUrl"]
        code, message, status = refused(sqs.delete_message, QueueUrl=other, ReceiptHandle=handle)
        assert (code, status) == ("ReceiptHandleIsInvalid", 404)
        assert message == f'The receipt handle "{handle}" is not valid for this queue.'
        wrong = handle[:40] + ("B" if handle[40] == "A" else "A") + handle[41:]
        assert refused(sqs.delete_message, QueueUrl=url, ReceiptHandle=wrong)[0] == "ReceiptHandleIsInvalid"


def test_row_19_purge_is_refused_within_60_s_and_removes_messages_in_flight_too():
    with orders_queue() as (lab, sqs, url):
        taken(sqs, url)
        sqs.purge_queue(QueueUrl=url)
        assert refused(sqs.purge_queue, QueueUrl=url) == (
            "AWS.SimpleQueueService.PurgeQueueInProgress",
            "Only one PurgeQueue operation on orders is allowed every 60 seconds.",
            403,
        )
        lab.clock.advance("60 s")
        sqs.purge_queue(QueueUrl=url)
        assert receive(sqs, url) == []


def with_dead_letters(sqs, url, receives):
    dead = sqs.create_queue(QueueName="dead-orders")["QueueUrl"]
    policy = {"deadLetterTargetArn": attributes_of(sqs, dead)["QueueArn"], "maxReceiveCount": receives}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(policy)})
    return dead


def test_row_21_the_receive_after_max_receive_count_moves_the_message_and_the_count_goes_on():
    with orders_queue() as (lab, sqs, url):
        dead = with_dead_letters(sqs, url, 2)
        identity = sqs.send_message(QueueUrl=url, MessageBody="order-1")["MessageId"]
        sent = lab.clock.now()
        for _ in range(2):
            assert bodies(receive(sqs, url)) == ["order-1"]
            lab.clock.advance("30 s")
        assert receive(sqs, url) == []
        moved = receive_one(sqs, dead, MessageSystemAttributeNames=["All"])
        assert moved["MessageId"] == identity
        assert moved["Attributes"]["ApproximateReceiveCount"] == "3"
        assert moved["Attributes"]["SentTimestamp"] == str(int(sent.timestamp() * 1000))


def test_row_21_a_long_poll_that_finds_only_an_exhausted_message_moves_it_and_waits_on():
    with orders_queue() as (lab, sqs, url):
        dead = with_dead_letters(sqs, url, 1)
        sqs.send_message(QueueUrl=url, MessageBody="bad")
        receive_one(sqs, url, VisibilityTimeout=1)
        lab.clock.advance("1 s")
        began = lab.clock.now()
        assert receive(sqs, url, WaitTimeSeconds=5) == []
        assert (lab.clock.now() - began).total_seconds() == 5
        assert bodies(receive(sqs, dead)) == ["bad"]


def test_row_21_a_deleted_dead_letter_queue_takes_no_more_messages():
    with orders_queue() as (lab, sqs, url):
        dead = with_dead_letters(sqs, url, 1)
        sqs.delete_queue(QueueUrl=dead)
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        for _ in range(3):
            assert bodies(receive(sqs, url)) == ["order-1"]
            lab.clock.advance("30 s")


def test_row_22_a_moved_message_names_the_queue_it_comes_from():
    with orders_queue() as (lab, sqs, url):
        dead = with_dead_letters(sqs, url, 1)
        taken(sqs, url)
        lab.clock.advance("30 s")
        receive(sqs, url)
        moved = receive_one(sqs, dead, MessageSystemAttributeNames=["DeadLetterQueueSourceArn"])
        assert moved["Attributes"] == {"DeadLetterQueueSourceArn": attributes_of(sqs, url)["QueueArn"]}
