"""Rows about FIFO queues: order, deduplication, handles, attempts, through boto3."""

import time
from contextlib import contextmanager, suppress
from hashlib import sha256

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from labkit import Faults, Lab
from labkit.causes import Done, Effect
from tests.aws.sqs.labs import attributes_of, bodies, invalid, receive, receive_one, refused

FIFO = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
NO_ID = "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
NO_GROUP = "The request must contain the parameter MessageGroupId."


@contextmanager
def fifo_queue(attributes=None, **options):
    """Yields the lab, its SQS client and the URL of a new FIFO queue that tells duplicates by their bodies."""
    with Lab(**({"seed": 7} | options)) as lab:
        sqs = lab.client("sqs")
        yield lab, sqs, create(sqs, "orders.fifo", **(attributes or {}))


def create(sqs, name, **attributes):
    return sqs.create_queue(QueueName=name, Attributes=FIFO | attributes)["QueueUrl"]


def send(sqs, url, *texts, **parameters):
    """Send messages whose group is their first letter; return the answers."""
    return [sqs.send_message(**({"QueueUrl": url, "MessageBody": text, "MessageGroupId": text[0]} | parameters))
            for text in texts]  # fmt: skip


def test_row_07_a_long_poll_on_a_blocked_group_waits_in_lab_time_and_wakes_at_the_delete():
    with fifo_queue() as (lab, sqs, url):
        send(sqs, url, "a1", "a2")
        handle = receive_one(sqs, url, MaxNumberOfMessages=1)["ReceiptHandle"]
        got = []

        def poll():
            got.append((bodies(receive(sqs, url, WaitTimeSeconds=20)), lab.clock.now().second))

        def delete():
            time.sleep(7)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)

        lab.start(poll, name="poller")
        lab.start(delete, name="worker")
        lab.run()
        assert got == [(["a2"], 7)]


def test_row_07_a_long_poll_on_a_group_that_stays_blocked_ends_empty_after_its_wait():
    with fifo_queue() as (lab, sqs, url):
        send(sqs, url, "a1", "a2")
        receive_one(sqs, url, MaxNumberOfMessages=1, VisibilityTimeout=600)
        turns = lab.scheduler.changed
        assert receive(sqs, url, WaitTimeSeconds=20) == []
        assert lab.clock.now().second == 20
        assert lab.scheduler.changed == turns


def test_row_25_an_entry_without_group_or_without_id_refuses_the_whole_batch():
    with fifo_queue({"ContentBasedDeduplication": "false"}) as (_, sqs, url):
        good = {"Id": "good", "MessageBody": "x", "MessageGroupId": "a", "MessageDeduplicationId": "1"}
        for missing, words in (("MessageGroupId", NO_GROUP), ("MessageDeduplicationId", NO_ID)):
            bad = {name: value for name, value in good.items() if name != missing} | {"Id": "bad"}
            assert invalid(sqs.send_message_batch, QueueUrl=url, Entries=[good, bad]) == words
        assert receive(sqs, url) == []


def test_row_25_other_faults_of_an_entry_fail_alone():
    with fifo_queue() as (_, sqs, url):
        good, late = ({"Id": id, "MessageBody": id, "MessageGroupId": "a"} for id in ("good", "late"))
        answer = sqs.send_message_batch(QueueUrl=url, Entries=[good, late | {"DelaySeconds": 2}])
        assert [entry["Id"] for entry in answer["Successful"]] == ["good"]
        assert answer["Successful"][0]["SequenceNumber"]
        assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [("late", "InvalidParameterValue")]


def test_row_37_a_group_resumes_from_its_head_after_the_visibility_timeout():
    with fifo_queue() as (_, sqs, url):
        send(sqs, url, "a0", "a1", "a2")
        for _ in range(3):
            assert bodies(receive(sqs, url)) == ["a0", "a1", "a2"]
            time.sleep(30)


def test_row_37_order_is_kept_with_every_documented_fault():
    with fifo_queue(faults=Faults.documented()) as (_, sqs, url):
        send(sqs, url, *(f"a{number}" for number in range(9)))
        got = []
        while batch := receive(sqs, url, WaitTimeSeconds=1):
            got += bodies(batch)
            for message in batch:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        assert got == [f"a{number}" for number in range(9)]


def test_row_38_everything_up_to_the_first_still_invisible_message_comes():
    with fifo_queue() as (_, sqs, url):
        send(sqs, url, "a0", "a1", "a2", "a3")
        batch = receive(sqs, url)
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=batch[2]["ReceiptHandle"], VisibilityTimeout=60)
        time.sleep(31)
        assert bodies(receive(sqs, url)) == ["a0", "a1"]


def test_row_39_as_many_as_possible_of_one_group_come_first():
    with fifo_queue() as (_, sqs, url):
        send(sqs, url, "a1", "b1", "a2")
        assert bodies(receive(sqs, url)) == ["a1", "a2", "b1"]


def test_row_40_a_duplicate_after_the_delete_is_not_delivered_until_five_minutes_are_over():
    with fifo_queue() as (_, sqs, url):
        send(sqs, url, "a1")
        sqs.delete_message(QueueUrl=url, ReceiptHandle=receive_one(sqs, url)["ReceiptHandle"])
        time.sleep(299)
        send(sqs, url, "a1")
        assert receive(sqs, url) == []
        time.sleep(1)
        send(sqs, url, "a1")
        assert bodies(receive(sqs, url)) == ["a1"]


def test_row_40_a_purge_forgets():
    with fifo_queue() as (_, sqs, url):
        send(sqs, url, "a1")
        sqs.purge_queue(QueueUrl=url)
        send(sqs, url, "a1")
        assert bodies(receive(sqs, url)) == ["a1"]


def test_row_40_the_sdks_own_retry_after_a_lost_answer_sends_nothing_twice():
    with fifo_queue(faults=Faults(lost_response=0.2)) as (lab, sqs, url):
        send(sqs, url, *(f"a{number}" for number in range(20)))
        sends = [call for call in lab.history.calls() if call.operation == "SendMessage"]
        assert Done(Effect.DUPLICATE, seconds=300) in [done for call in sends for done in call.effects]
        assert any(call.answer.startswith("ok, not stored: ") and "5 minutes" in call.answer for call in sends)
        stored = attributes_of(sqs, url, "ApproximateNumberOfMessages")
        assert stored == {"ApproximateNumberOfMessages": "20"}


def test_row_41_a_duplicate_is_answered_with_the_first_message():
    with fifo_queue() as (_, sqs, url):
        first, again = send(sqs, url, "a1", "a1")
        for name in ("MessageId", "SequenceNumber", "MD5OfMessageBody"):
            assert first[name] == again[name]
        (other,) = send(sqs, url, "a2", MessageDeduplicationId=sha256(b"a1").hexdigest())
        assert other["MessageId"] == first["MessageId"]
        assert other["MD5OfMessageBody"] != first["MD5OfMessageBody"]


def test_row_41_a_duplicates_attributes_do_not_replace_the_firsts():
    with fifo_queue() as (_, sqs, url):
        for value in ("book", "film"):
            send(sqs, url, "a1", MessageAttributes={"kind": {"DataType": "String", "StringValue": value}})
        message = receive_one(sqs, url, MessageAttributeNames=["All"])
        assert message["MessageAttributes"]["kind"]["StringValue"] == "book"


@pytest.mark.parametrize(("scope", "expected"), [("queue", 1), ("messageGroup", 2)])
def test_row_42_the_scope_tells_whether_one_id_in_two_groups_is_one_message(scope, expected):
    with fifo_queue({"DeduplicationScope": scope}) as (_, sqs, url):
        send(sqs, url, "a1", "b1", MessageDeduplicationId="one")
        assert len(receive(sqs, url)) == expected


def test_row_42_values_and_their_combination_are_checked_on_create_and_set():
    high = {"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
    with fifo_queue() as (_, sqs, url):
        for wrong in ({"DeduplicationScope": "group"}, {"FifoThroughputLimit": "perGroup"}, {"FifoQueue": "yes"},
                      {"ContentBasedDeduplication": "1"}, {"FifoThroughputLimit": "perMessageGroupId"}):  # fmt: skip
            for answer in (
                refused(create, sqs=sqs, name="payments.fifo", **wrong),
                refused(sqs.set_queue_attributes, QueueUrl=url, Attributes=wrong),
            ):
                if answer[0] != "InvalidParameterValue":  # a name that ends in .fifo without FifoQueue=true
                    assert answer[0] == "InvalidAttributeValue"
                    assert answer[1].startswith(f"Invalid value for the parameter {next(iter(wrong))}.")
        sqs.set_queue_attributes(QueueUrl=url, Attributes=high)
        assert attributes_of(sqs, url, *high) == high
        back = {"DeduplicationScope": "queue"}
        assert refused(sqs.set_queue_attributes, QueueUrl=url, Attributes=back)[0] == "InvalidAttributeValue"


def test_row_42_a_new_fifo_queue_tells_its_modes():
    with fifo_queue() as (_, sqs, url):
        found = attributes_of(sqs, url)
        assert {name: found[name] for name in ("FifoQueue", "DeduplicationScope", "FifoThroughputLimit")} == {
            "FifoQueue": "true",
            "DeduplicationScope": "queue",
            "FifoThroughputLimit": "perQueue",
        }


def test_row_42_a_scope_changed_in_the_queues_life_acts_a_minute_later():
    with fifo_queue() as (_, sqs, url):
        send(sqs, url, "a1", MessageDeduplicationId="one")
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"DeduplicationScope": "messageGroup"})
        send(sqs, url, "b1", MessageDeduplicationId="one")
        assert bodies(receive(sqs, url)) == ["a1"]
        time.sleep(60)
        send(sqs, url, "c1", MessageDeduplicationId="one")
        assert bodies(receive(sqs, url)) == ["a1", "c1"]


def test_row_42_a_fifo_queue_stays_one():
    with fifo_queue() as (_, sqs, url):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"FifoQueue": "true"})
        code, words, _ = refused(sqs.set_queue_attributes, QueueUrl=url, Attributes={"FifoQueue": "false"})
        assert code == "InvalidAttributeValue"
        assert words == "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported."


def test_row_43_every_answer_has_a_growing_sequence_number_of_twenty_digits():
    with fifo_queue() as (_, sqs, url):
        numbers = [answer["SequenceNumber"] for answer in send(sqs, url, "a1", "b1", "a2")]
        assert [len(number) for number in numbers] == [20, 20, 20]
        assert numbers == sorted(numbers)
        system = receive_one(sqs, url, MaxNumberOfMessages=1, MessageSystemAttributeNames=["All"])["Attributes"]
        assert system["SequenceNumber"] == numbers[0]
        assert system["MessageGroupId"] == "a"
        assert system["MessageDeduplicationId"] == sha256(b"a1").hexdigest()


def test_row_44_a_delete_after_the_timeout_is_refused():
    with fifo_queue() as (_, sqs, url):
        send(sqs, url, "a1")
        handle = receive_one(sqs, url)["ReceiptHandle"]
        time.sleep(30)
        words = f"Value {handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
        assert invalid(sqs.delete_message, QueueUrl=url, ReceiptHandle=handle) == words
        batch = sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": "1", "ReceiptHandle": handle}])
        assert batch["Failed"] == [{"Id": "1", "SenderFault": True, "Code": "InvalidParameterValue", "Message": words}]
        assert bodies(receive(sqs, url)) == ["a1"]


def test_row_45_a_messages_own_delay_is_refused_and_zero_means_the_queues():
    with fifo_queue({"DelaySeconds": "2"}) as (_, sqs, url):
        words = "Reason: The request include parameter that is not valid for this queue type."
        expected = f"Value 2 for parameter DelaySeconds is invalid. {words}"
        assert invalid(sqs.send_message, QueueUrl=url, MessageBody="a", MessageGroupId="a", DelaySeconds=2) == expected
        send(sqs, url, "a1", DelaySeconds=0)
        assert receive(sqs, url) == []
        time.sleep(2)
        assert bodies(receive(sqs, url)) == ["a1"]


@pytest.mark.parametrize("id", ["", "a" * 129, "group 123", "é"])
def test_row_46_ids_of_other_characters_or_length_are_refused(id):
    with fifo_queue() as (_, sqs, url):
        end = "can only include alphanumeric and punctuation characters. 1 to 128 in length."
        for name in ("MessageGroupId", "MessageDeduplicationId"):
            given = {"MessageBody": "x", "MessageGroupId": "a"} | {name: id}
            words = f"Value {id} for parameter {name} is invalid. Reason: {name} {end}"
            assert invalid(sqs.send_message, QueueUrl=url, **given) == words
        send(sqs, url, "a1", MessageDeduplicationId="a" * 128, MessageGroupId="!~" * 64)


def test_row_46_a_send_without_group_or_without_id_is_refused():
    with fifo_queue({"ContentBasedDeduplication": "false"}) as (_, sqs, url):
        given = {"QueueUrl": url, "MessageBody": "x"}
        assert refused(sqs.send_message, **given, MessageDeduplicationId="1") == ("MissingParameter", NO_GROUP, 400)
        assert invalid(sqs.send_message, **given, MessageGroupId="a") == NO_ID


def test_row_46_a_deduplication_id_on_a_standard_queue_is_refused():
    with Lab(seed=7) as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        words = invalid(sqs.send_message, QueueUrl=url, MessageBody="x", MessageDeduplicationId="1")
        assert words.endswith("is not valid for this queue type.")


def test_row_47_the_same_attempt_id_brings_the_same_messages_and_handles():
    with fifo_queue() as (_, sqs, url):
        send(sqs, url, "a1", "a2")
        first = receive(sqs, url, ReceiveRequestAttemptId="try-1")
        time.sleep(20)
        assert receive(sqs, url, ReceiveRequestAttemptId="try-2") == []
        assert receive(sqs, url, ReceiveRequestAttemptId="try-1") == first
        time.sleep(29)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=first[0]["ReceiptHandle"])
        assert receive(sqs, url, ReceiveRequestAttemptId="try-1") == []


def test_row_47_an_attempt_id_of_other_characters_is_refused():
    with fifo_queue() as (_, sqs, url):
        words = invalid(sqs.receive_message, QueueUrl=url, ReceiveRequestAttemptId="try 1")
        assert words.startswith("Value try 1 for parameter ReceiveRequestAttemptId is invalid.")


def test_row_47_a_long_poll_with_the_attempt_id_of_a_blocked_batch_does_not_wait():
    with fifo_queue() as (lab, sqs, url):
        send(sqs, url, "a1")
        first = receive(sqs, url, ReceiveRequestAttemptId="try-1")
        assert receive(sqs, url, ReceiveRequestAttemptId="try-1", WaitTimeSeconds=20) == first
        assert lab.clock.now().second == 0


def throttled(lab):
    return [event for event in lab.history.events if getattr(event, "error", None) == "ThrottlingException"]


@pytest.mark.parametrize(("attributes", "expected"), [
    ({}, True), ({"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}, False),
])  # fmt: skip
def test_row_48_a_fleet_that_sends_more_than_300_a_second_is_throttled_unless_throughput_is_high(attributes, expected):
    with fifo_queue(attributes, latency="10 ms") as (lab, _, url):
        sqs = boto3.client("sqs", config=Config(retries={"total_max_attempts": 1}))

        def produce(letter):
            for number in range(100):
                with suppress(ClientError):
                    send(sqs, url, f"{letter}{number}", MessageGroupId=letter)

        for letter in "abcd":
            lab.start(produce, letter, name=f"producer {letter}")
        lab.run()
        assert len(throttled(lab)) == (100 if expected else 0)


def test_row_48_the_sdk_tries_again_in_lab_time_until_it_is_served():
    with fifo_queue(latency="10 ms") as (lab, sqs, url):

        def produce(letter):
            send(sqs, url, *(f"{letter}{number}" for number in range(100)))

        for letter in "abcd":
            lab.start(produce, letter, name=f"producer {letter}")
        began = lab.clock.now()
        lab.run()
        assert throttled(lab) == []
        assert (lab.clock.now() - began).total_seconds() > 1
        assert attributes_of(sqs, url, "ApproximateNumberOfMessages") == {"ApproximateNumberOfMessages": "400"}


def test_row_48_batches_bring_ten_times_as_many_messages():
    with fifo_queue(latency="10 ms") as (lab, sqs, url):

        def produce(letter):
            for start in range(0, 1_000, 10):
                entries = [{"Id": str(n), "MessageBody": f"{letter}{n}", "MessageGroupId": letter}
                           for n in range(start, start + 10)]  # fmt: skip
                sqs.send_message_batch(QueueUrl=url, Entries=entries)

        for letter in "abc":
            lab.start(produce, letter, name=f"producer {letter}")
        began = lab.clock.now()
        lab.run()
        assert (lab.clock.now() - began).total_seconds() == 1
        assert attributes_of(sqs, url, "ApproximateNumberOfMessages") == {"ApproximateNumberOfMessages": "3000"}


def test_row_48_calls_in_a_cell_take_no_time_and_are_not_counted():
    with fifo_queue() as (lab, sqs, url):
        send(sqs, url, *(f"a{number}" for number in range(310)))
        assert lab.clock.now().microsecond == 0
        assert throttled(lab) == []
