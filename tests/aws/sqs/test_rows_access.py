"""Rows about who may use a queue, and with which key its messages are encrypted."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.aws.sqs.labs import ACCOUNT, attributes_of, bodies, orders_queue, receive, refused

PARTNER = "111122223333"
ARN = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"


def policy(*actions, principal=PARTNER, effect="Allow"):
    statement = {"Effect": effect, "Principal": {"AWS": principal}, "Action": list(actions), "Resource": ARN}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def denied(method, action, **parameters):
    """Whether AWS's API answers AccessDenied in its own words."""
    user = f"User: arn:aws:iam::{PARTNER}:root is not authorized to perform: sqs:{action}"
    text = f"{user} on resource: {ARN} because no resource-based policy allows the sqs:{action} action"
    return refused(method, **parameters) == ("AccessDenied", text, 403)


# Row 33: queues of other accounts


def test_row_33_the_account_in_the_url_says_whose_queue_it_is():
    with orders_queue({"Policy": policy("sqs:*")}) as (lab, sqs, url):
        partner = lab.client("sqs", account=PARTNER)
        own = partner.create_queue(QueueName="orders")["QueueUrl"]
        assert PARTNER in own
        partner.send_message(QueueUrl=url, MessageBody="order-1")
        assert receive(partner, own) == []
        assert bodies(receive(sqs, url)) == ["order-1"]
        partner.send_message(QueueUrl="orders", MessageBody="order-2")
        assert bodies(receive(partner, own)) == ["order-2"]


def test_row_33_the_url_is_found_by_the_owners_account():
    with orders_queue({"Policy": policy("sqs:GetQueueUrl")}) as (lab, sqs, url):
        partner = lab.client("sqs", account=PARTNER)
        found = partner.get_queue_url(QueueName="orders", QueueOwnerAWSAccountId=ACCOUNT)
        assert found["QueueUrl"] == url
        assert sqs.get_queue_url(QueueName="orders", QueueOwnerAWSAccountId=ACCOUNT)["QueueUrl"] == url
        with pytest.raises(partner.exceptions.QueueDoesNotExist):
            partner.get_queue_url(QueueName="orders")


@pytest.mark.parametrize("name", ["orders", "none"])
def test_row_33_without_permission_a_url_is_not_found(name):
    with orders_queue() as (lab, _, _url):
        partner = lab.client("sqs", account=PARTNER)
        with pytest.raises(partner.exceptions.QueueDoesNotExist):
            partner.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=ACCOUNT)


def test_row_33_an_unknown_queue_of_another_account_does_not_exist():
    with orders_queue() as (lab, _, url):
        partner = lab.client("sqs", account=PARTNER)
        for address in (url + "x", url.replace(ACCOUNT, "444455556666")):
            with pytest.raises(partner.exceptions.QueueDoesNotExist):
                partner.send_message(QueueUrl=address, MessageBody="order-1")


def test_row_33_without_a_policy_another_account_is_refused():
    with orders_queue() as (lab, sqs, url):
        partner = lab.client("sqs", account=PARTNER)
        entries = [{"Id": "1", "MessageBody": "order-1"}]
        assert denied(partner.send_message, "sendmessage", QueueUrl=url, MessageBody="order-1")
        assert denied(partner.send_message_batch, "sendmessage", QueueUrl=url, Entries=entries)
        assert denied(partner.receive_message, "receivemessage", QueueUrl=url, WaitTimeSeconds=20)
        assert denied(partner.get_queue_attributes, "getqueueattributes", QueueUrl=url, AttributeNames=["All"])
        assert receive(sqs, url) == []


@pytest.mark.parametrize(
    ("given", "sends", "receives"),
    [
        (policy("sqs:SendMessage"), True, False),
        (policy("SQS:sendmessage"), True, False),
        (policy("sqs:Send*", "sqs:Receive*"), True, True),
        (policy("*", principal="*"), True, True),
        (policy("sqs:*", principal=f"arn:aws:iam::{PARTNER}:role/shop"), True, True),
        (policy("sqs:*", principal="444455556666"), False, False),
        (policy("sqs:*", effect="Deny"), False, False),
    ],
)
def test_row_33_a_policy_lets_in_whom_it_names_for_what_it_names(given, sends, receives):
    with orders_queue({"Policy": given}) as (lab, _, url):
        partner = lab.client("sqs", account=PARTNER)
        for method, more, allowed in (
            (partner.send_message, {"MessageBody": "order-1"}, sends),
            (partner.receive_message, {}, receives),
        ):
            if allowed:
                assert method(QueueUrl=url, **more)["ResponseMetadata"]["HTTPStatusCode"] == 200
            else:
                assert refused(method, QueueUrl=url, **more)[0] == "AccessDenied"


def test_row_33_a_permission_added_lets_the_account_in():
    with orders_queue() as (lab, sqs, url):
        partner = lab.client("sqs", account=PARTNER)
        sqs.add_permission(QueueUrl=url, Label="shop", AWSAccountIds=[PARTNER], Actions=["SendMessage"])
        partner.send_message(QueueUrl=url, MessageBody="order-1")
        sqs.remove_permission(QueueUrl=url, Label="shop")
        assert refused(partner.send_message, QueueUrl=url, MessageBody="order-2")[0] == "AccessDenied"


def test_row_33_what_is_for_the_owner_alone_no_policy_gives():
    with orders_queue({"Policy": policy("sqs:*")}) as (lab, sqs, url):
        partner = lab.client("sqs", account=PARTNER)
        for method, more in (
            (partner.set_queue_attributes, {"Attributes": {"VisibilityTimeout": "1"}}),
            (partner.delete_queue, {}),
            (partner.tag_queue, {"Tags": {"team": "shop"}}),
        ):
            assert refused(method, QueueUrl=url, **more)[0] == "AccessDenied"
        assert attributes_of(sqs, url, "VisibilityTimeout") == {"VisibilityTimeout": "30"}


def test_row_33_a_long_poll_on_another_accounts_queue_waits_for_its_messages():
    with orders_queue({"Policy": policy("sqs:ReceiveMessage")}) as (lab, sqs, url):
        partner = lab.client("sqs", account=PARTNER)
        sqs.send_message(QueueUrl=url, MessageBody="order-1", DelaySeconds=5)
        begun = lab.clock.now()
        assert bodies(receive(partner, url, WaitTimeSeconds=20)) == ["order-1"]
        assert (lab.clock.now() - begun).total_seconds() == 5


# Row 30: encryption


def encrypted(sqs, url, key):
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": key})


def test_row_30_a_queue_with_a_key_that_exists_works_by_id_arn_and_alias():
    with orders_queue() as (lab, sqs, url):
        kms = lab.client("kms")
        key = kms.create_key()["KeyMetadata"]
        kms.create_alias(AliasName="alias/orders", TargetKeyId=key["KeyId"])
        for name in (key["KeyId"], key["Arn"], "alias/orders", "alias/aws/sqs"):
            encrypted(sqs, url, name)
            sqs.send_message(QueueUrl=url, MessageBody="order-1")
            assert bodies(receive(sqs, url)) == ["order-1"]
            sqs.purge_queue(QueueUrl=url)
            lab.clock.advance("60 s")


@pytest.mark.parametrize("key", ["alias/none", "11111111-2222-3333-4444-555555555555"])
@pytest.mark.parametrize("kms_is_used", [True, False])
def test_row_30_a_key_that_does_not_exist_fails_the_send_and_the_receive(key, kms_is_used):
    with orders_queue() as (lab, sqs, url):
        if kms_is_used:
            lab.client("kms").create_key()
        encrypted(sqs, url, key)
        for method, more in ((sqs.send_message, {"MessageBody": "order-1"}), (sqs.receive_message, {})):
            with pytest.raises(sqs.exceptions.KmsNotFound) as failure:
                method(QueueUrl=url, **more)
            assert failure.value.response["Error"]["Code"] == "KmsNotFound"


def test_row_30_a_disabled_key_and_one_to_be_deleted_fail_the_send():
    with orders_queue() as (lab, sqs, url):
        kms = lab.client("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        encrypted(sqs, url, key)
        kms.disable_key(KeyId=key)
        with pytest.raises(sqs.exceptions.KmsDisabled):
            sqs.send_message(QueueUrl=url, MessageBody="order-1")
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        with pytest.raises(sqs.exceptions.KmsInvalidState):
            sqs.send_message(QueueUrl=url, MessageBody="order-1")
        with pytest.raises(ClientError, match="KmsInvalidState"):
            sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "order-1"}])


def check_managed(sqs, url):
    """The queue is encrypted by SQS without a key of anybody's, and takes messages."""
    found = attributes_of(sqs, url)
    assert found["SqsManagedSseEnabled"] == "true"
    assert "KmsMasterKeyId" not in found
    sqs.send_message(QueueUrl=url, MessageBody="order-1")


def test_row_30_managed_encryption_takes_the_place_of_a_key():
    with orders_queue({"KmsMasterKeyId": "alias/none"}) as (_, sqs, url):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"SqsManagedSseEnabled": "true"})
        check_managed(sqs, url)


@pytest.mark.usefixtures("either_door")
@pytest.mark.parametrize("first", [{}, {"SqsManagedSseEnabled": "false"}])
def test_row_30_managed_encryption_comes_back_when_a_key_is_taken_away(first):
    with orders_queue({"KmsMasterKeyId": "alias/none"} | first) as (_, sqs, url):
        assert attributes_of(sqs, url)["SqsManagedSseEnabled"] == "false"
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": ""})
        check_managed(sqs, url)


@pytest.mark.usefixtures("either_door")
def test_row_30_managed_encryption_stays_off_where_no_key_is_taken_away_or_the_call_says_so():
    with orders_queue({"SqsManagedSseEnabled": "false"}) as (_, sqs, url):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": ""})
        assert attributes_of(sqs, url)["SqsManagedSseEnabled"] == "false"
        encrypted(sqs, url, "alias/aws/sqs")
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": "", "SqsManagedSseEnabled": "false"})
        assert attributes_of(sqs, url)["SqsManagedSseEnabled"] == "false"


@pytest.mark.parametrize(("name", "values"), [("SqsManagedSseEnabled", ["yes", "1"]),
                                              ("KmsDataKeyReusePeriodSeconds", ["59", "86401", "x"])])  # fmt: skip
def test_row_30_values_outside_what_aws_takes_are_refused(name, values):
    with orders_queue() as (_, sqs, url):
        for value in values:
            expected = ("InvalidAttributeValue", f"Invalid value for the parameter {name}.", 400)
            assert refused(sqs.set_queue_attributes, QueueUrl=url, Attributes={name: value}) == expected
