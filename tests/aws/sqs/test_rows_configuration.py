"""Rows about queues: names, attributes, policies, deletion, error texts."""

import json

import pytest

from tests.aws.sqs.labs import attributes_of, bodies, invalid, orders_queue, receive, refused

RANGES = {
    "VisibilityTimeout": (0, 43_200),
    "DelaySeconds": (0, 900),
    "MessageRetentionPeriod": (60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "MaximumMessageSize": (1_024, 1_048_576),
}
POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}]}  # fmt: skip


def create(sqs, **attributes):
    return sqs.create_queue(QueueName="payments", Attributes=attributes)


def change(sqs, url, **attributes):
    return sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)


@pytest.mark.parametrize("name", RANGES)
def test_row_11_a_value_outside_its_range_is_refused_on_create_and_on_set(name):
    low, high = RANGES[name]
    with orders_queue() as (_, sqs, url):
        expected = ("InvalidAttributeValue", f"Invalid value for the parameter {name}.", 400)
        for value in (low - 1, high + 1, "abc", ""):
            assert refused(create, sqs=sqs, **{name: str(value)}) == expected
            assert refused(change, sqs=sqs, url=url, **{name: str(value)}) == expected
        for value in (low, high):
            change(sqs, url, **{name: str(value)})
            assert attributes_of(sqs, url, name) == {name: str(value)}


@pytest.mark.parametrize(
    ("parameter", "value", "reason"),
    [
        ("MaxNumberOfMessages", 0, "Must be between 1 and 10, if provided."),
        ("MaxNumberOfMessages", 11, "Must be between 1 and 10, if provided."),
        ("WaitTimeSeconds", 21, "Must be >= 0 and <= 20, if provided."),
        ("WaitTimeSeconds", -1, "Must be >= 0 and <= 20, if provided."),
        ("VisibilityTimeout", 43_201, "Must be >= 0 and <= 43200, if provided."),
        ("VisibilityTimeout", -1, "Must be >= 0 and <= 43200, if provided."),
    ],
)
def test_row_11_a_receive_parameter_outside_its_range_is_refused(parameter, value, reason):
    with orders_queue() as (_, sqs, url):
        message = invalid(sqs.receive_message, QueueUrl=url, **{parameter: value})
        assert message == f"Value {value} for parameter {parameter} is invalid. Reason: {reason}"


@pytest.mark.parametrize("name", ["invalid/name", "a" * 81, "", "orders.fifo"])
def test_row_11_a_queue_name_of_other_letters_or_length_is_refused(name):
    with orders_queue() as (_, sqs, _url):
        expected = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
        assert invalid(sqs.create_queue, QueueName=name) == expected


@pytest.mark.parametrize("name", ["Nope", "FifoQueue", "ContentBasedDeduplication", "QueueArn"])
def test_row_12_an_unknown_attribute_and_one_of_fifo_queues_are_refused(name):
    with orders_queue() as (_, sqs, url):
        expected = ("InvalidAttributeName", f"Unknown Attribute {name}.", 400)
        assert refused(create, sqs=sqs, **{name: "false"}) == expected
        assert refused(change, sqs=sqs, url=url, **{name: "false"}) == expected


def test_row_12_a_standard_queues_name_with_the_attribute_of_fifo_queues_makes_no_fifo_queue():
    with orders_queue() as (_, sqs, url):
        invalid(create, sqs=sqs, FifoQueue="true")
        assert sqs.list_queues()["QueueUrls"] == [url]


@pytest.mark.usefixtures("either_door")
@pytest.mark.parametrize("name", ["orders", "orders/new.fifo", "a" * 76 + ".fifo", ".fifo", "orders.FIFO"])
def test_row_11_a_fifo_queues_name_of_another_form_is_refused_with_awss_fifo_sentence(name):
    with orders_queue() as (_, sqs, _url):
        expected = "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, "
        expected += "must end with .fifo suffix and be 1 to 80 in length."
        assert invalid(sqs.create_queue, QueueName=name, Attributes={"FifoQueue": "true"}) == expected
        sqs.create_queue(QueueName="a" * 75 + ".fifo", Attributes={"FifoQueue": "true"})


@pytest.mark.usefixtures("either_door")
@pytest.mark.parametrize(
    ("prefix", "found"),
    [("", ["a-1", "a_2", "b-a-1"]), ("a", ["a-1", "a_2"]), ("a-1", ["a-1"]), ("a.1", []), (".*", []), ("A", []),
     ("[", []), ("b|a", []), ("*", []), ("(", [])],
)  # fmt: skip
def test_the_prefix_of_list_queues_is_compared_letter_by_letter(sqs, prefix, found):
    for name in ("a-1", "a_2", "b-a-1"):
        sqs.create_queue(QueueName=name)
    urls = sqs.list_queues(QueueNamePrefix=prefix).get("QueueUrls", [])
    assert [url.rpartition("/")[2] for url in urls] == found


def test_row_12_modes_of_fifo_queues_are_refused_with_their_own_words():
    with orders_queue() as (_, sqs, _url):
        assert refused(create, sqs=sqs, DeduplicationScope="queue") == (
            "InvalidAttributeName",
            "You can specify the DeduplicationScope only when FifoQueue is set to true.",
            400,
        )


def test_row_12_an_unknown_name_is_refused_when_read():
    with orders_queue() as (_, sqs, url):
        expected = ("InvalidAttributeName", "Unknown Attribute Nope.", 400)
        assert refused(sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["Nope"]) == expected


def test_row_20_a_deleted_queues_name_is_free_after_60_s():
    with orders_queue() as (lab, sqs, url):
        sqs.delete_queue(QueueUrl=url)
        expected = (
            "AWS.SimpleQueueService.QueueDeletedRecently",
            "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
            400,
        )
        assert refused(sqs.create_queue, QueueName="orders") == expected
        lab.clock.advance("59 s")
        assert refused(sqs.create_queue, QueueName="orders") == expected
        lab.clock.advance("1 s")
        assert sqs.create_queue(QueueName="orders")["QueueUrl"] == url


def test_row_20_a_queue_made_again_does_not_have_the_messages_of_the_deleted_one():
    with orders_queue() as (lab, sqs, url):
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        sqs.delete_queue(QueueUrl=url)
        lab.clock.advance("60 s")
        sqs.create_queue(QueueName="orders")
        assert receive(sqs, url) == []


def redrive(arn="arn:aws:sqs:us-east-1:123456789012:orders", receives=5):
    return json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": receives})


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (redrive(arn="dummy"), "Invalid value for deadLetterTargetArn."),
        (redrive(arn="arn:aws:sqs:us-east-1:123456789012:none"), "Dead letter target does not exist."),
        ("{}", "Redrive policy does not contain mandatory attribute: maxReceiveCount."),
        (redrive(receives=0),
         "Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive."),
        (redrive(receives=1001),
         "Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive."),
        ("[1]", "Redrive policy is not a valid JSON map."),
    ],
)  # fmt: skip
def test_row_22_a_redrive_policy_that_aws_does_not_take_is_refused(policy, reason):
    with orders_queue() as (_, sqs, _url):
        message = invalid(create, sqs=sqs, RedrivePolicy=policy)
        assert message == f"Value {policy} for parameter RedrivePolicy is invalid. Reason: {reason}"


def test_row_22_a_standard_queue_may_not_name_a_fifo_queue_as_its_dead_letter_queue():
    with orders_queue() as (_, sqs, _url):
        fifo = sqs.create_queue(QueueName="dead.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        policy = redrive(arn=attributes_of(sqs, fifo)["QueueArn"])
        assert "Dead-letter queue must be same type of queue as the source.." in invalid(
            create, sqs=sqs, RedrivePolicy=policy
        )


def test_row_22_an_empty_redrive_policy_removes_the_one_before():
    with orders_queue() as (_, sqs, _url):
        made = create(sqs, RedrivePolicy=redrive())["QueueUrl"]
        assert "RedrivePolicy" in attributes_of(sqs, made)
        change(sqs, made, RedrivePolicy="")
        assert "RedrivePolicy" not in attributes_of(sqs, made)


def test_row_23_a_redrive_allow_policy_can_be_read():
    allow = json.dumps({"redrivePermission": "denyAll"})
    with orders_queue({"RedriveAllowPolicy": allow}) as (_, sqs, url):
        assert attributes_of(sqs, url, "RedriveAllowPolicy") == {"RedriveAllowPolicy": allow}
        assert attributes_of(sqs, url)["RedriveAllowPolicy"] == allow


def test_row_29_timestamps_are_whole_seconds_of_lab_time():
    with orders_queue() as (lab, sqs, url):
        lab.clock.advance(1.5)
        change(sqs, url, VisibilityTimeout="40")
        attributes = attributes_of(sqs, url)
        assert int(attributes["CreatedTimestamp"]) == 1_767_225_600
        assert int(attributes["LastModifiedTimestamp"]) == 1_767_225_601


def test_row_30_the_two_types_of_encryption_exclude_each_other():
    with orders_queue() as (_, sqs, url):
        both = {"KmsMasterKeyId": "alias/aws/sqs", "SqsManagedSseEnabled": "true"}
        expected = "You can use one type of server-side encryption (SSE) at one time. "
        expected += "You can either enable KMS SSE or SQS SSE."
        assert refused(change, sqs=sqs, url=url, **both) == ("InvalidAttributeValue", expected, 400)
        change(sqs, url, KmsMasterKeyId="alias/aws/sqs")
        assert attributes_of(sqs, url)["SqsManagedSseEnabled"] == "false"


def test_row_32_a_policy_that_is_no_json_is_an_error_of_the_api():
    with orders_queue() as (_, sqs, url):
        expected = ("InvalidAttributeValue", "Invalid value for the parameter Policy.", 400)
        assert refused(change, sqs=sqs, url=url, Policy="{nope") == expected
        assert refused(create, sqs=sqs, Policy="{nope") == expected
        assert invalid(change, sqs=sqs, url=url, RedrivePolicy="{nope").endswith(
            "Reason: Redrive policy is not a valid JSON map."
        )


def test_row_36_a_queue_that_exists_with_another_value_names_the_attribute():
    with orders_queue() as (_, sqs, url):
        expected = "A queue already exists with the same name and a different value for attribute DelaySeconds"
        with pytest.raises(sqs.exceptions.QueueNameExists) as failure:
            sqs.create_queue(QueueName="orders", Attributes={"DelaySeconds": "1"})
        assert failure.value.response["Error"]["Code"] == "QueueAlreadyExists"
        assert failure.value.response["Error"]["Message"] == expected
        assert sqs.create_queue(QueueName="orders", Attributes={"DelaySeconds": "0"})["QueueUrl"] == url
        assert sqs.create_queue(QueueName="orders")["QueueUrl"] == url


def test_row_36_a_queue_that_does_not_exist_is_the_sdks_own_exception_with_clean_text():
    with orders_queue() as (_, sqs, url):
        for method, parameters in (
            (sqs.get_queue_url, {"QueueName": "none"}),
            (sqs.receive_message, {"QueueUrl": url + "x", "WaitTimeSeconds": 1}),
            (sqs.delete_queue, {"QueueUrl": url + "x"}),
        ):
            with pytest.raises(sqs.exceptions.QueueDoesNotExist) as failure:
                method(**parameters)
            error = failure.value.response["Error"]
            assert error["Code"] == "AWS.SimpleQueueService.NonExistentQueue"
            assert error["QueryErrorCode"] == "QueueDoesNotExist"
            assert error["Message"] == "The specified queue does not exist."


# Beside the rows: recorded on AWS


def test_all_attributes_of_a_new_queue_are_the_recorded_ones():
    with orders_queue() as (_, sqs, url):
        assert attributes_of(sqs, url) == {
            "ApproximateNumberOfMessages": "0",
            "ApproximateNumberOfMessagesNotVisible": "0",
            "ApproximateNumberOfMessagesDelayed": "0",
            "CreatedTimestamp": "1767225600",
            "LastModifiedTimestamp": "1767225600",
            "DelaySeconds": "0",
            "MaximumMessageSize": "1048576",
            "MessageRetentionPeriod": "345600",
            "QueueArn": "arn:aws:sqs:us-east-1:123456789012:orders",
            "ReceiveMessageWaitTimeSeconds": "0",
            "SqsManagedSseEnabled": "true",
            "VisibilityTimeout": "30",
        }


def test_answers_without_content_have_no_key_for_it():
    with orders_queue() as (_, sqs, url):
        for answer in (
            sqs.get_queue_attributes(QueueUrl=url),
            sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"]),
            sqs.list_queue_tags(QueueUrl=url),
            sqs.list_queues(QueueNamePrefix="none"),
        ):
            assert set(answer) == {"ResponseMetadata"}
        sqs.tag_queue(QueueUrl=url, Tags={"team": "shop"})
        assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "shop"}


def test_a_tag_without_a_key_is_refused():
    with orders_queue() as (_, sqs, url):
        message = invalid(sqs.tag_queue, QueueUrl=url, Tags={"": "shop"})
        assert message == "Tag keys must be between 1 and 128 characters in length."


def test_a_policy_stays_when_another_attribute_changes_and_goes_when_it_is_emptied():
    with orders_queue({"Policy": json.dumps(POLICY)}) as (_, sqs, url):
        change(sqs, url, VisibilityTimeout="40")
        assert json.loads(attributes_of(sqs, url, "Policy")["Policy"]) == POLICY
        change(sqs, url, Policy="")
        assert attributes_of(sqs, url, "Policy") is None


def test_a_bare_queue_name_is_accepted_as_its_url():
    with orders_queue() as (lab, sqs, _url):
        sqs.send_message(QueueUrl="orders", MessageBody="order-1")
        assert bodies(receive(sqs, "orders", WaitTimeSeconds=1)) == ["order-1"]
        assert lab.history.calls()[-1].resource == "orders"


def test_a_send_on_a_standard_queue_answers_no_sequence_number():
    with orders_queue() as (_, sqs, url):
        answer = sqs.send_message(QueueUrl=url, MessageBody="order-1")
        assert set(answer) == {"MessageId", "MD5OfMessageBody", "ResponseMetadata"}
