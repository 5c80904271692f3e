"""What queues are made of, called well and badly through both doors: attributes, tags, policies, keys, prefixes."""

import json

from tests.aws.door.calls import POLICY, orders
from tests.aws.door.twins import through_both


def configuring(lab, call):
    sqs, url = orders(lab)
    for attributes in (
        {},
        {"VisibilityTimeout": "30"},
        {"VisibilityTimeout": "40"},
        {"KmsDataKeyReusePeriodSeconds": "60"},
    ):
        call(sqs.create_queue, QueueName="orders", Attributes=attributes)
    for tags in ({}, {"team": "checkout"}, {"aws:team": "checkout"}, {"": "checkout"}, {"team?": ""}):
        call(sqs.create_queue, QueueName="orders", tags=tags)
        call(sqs.create_queue, QueueName="tagged", tags=tags)
        call(sqs.tag_queue, QueueUrl=url, Tags=tags)
    call(sqs.create_queue, QueueName="orders", Attributes={"FifoQueue": "true"})
    for policy in (json.dumps(POLICY), "[1]", "5", "{}", '{"Statement": []}', ""):
        call(sqs.set_queue_attributes, QueueUrl=url, Attributes={"Policy": policy})
        call(sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["Policy"])
        for label in ("partner", "partner", "not a label"):
            named = {"Label": label, "AWSAccountIds": ["222222222222"], "Actions": ["SendMessage"]}
            call(sqs.add_permission, QueueUrl=url, **named)
        call(sqs.remove_permission, QueueUrl=url, Label="partner")
    for key in ("alias/none", "", "alias/aws/sqs"):
        call(sqs.set_queue_attributes, QueueUrl=url, Attributes={"KmsMasterKeyId": key})
        call(sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["All"])
        call(sqs.send_message, QueueUrl=url, MessageBody="order-1")
    for prefix in ("ord", "Ord", "o.d", "[", ""):
        call(sqs.list_queues, QueueNamePrefix=prefix)


def test_a_queues_configuration_comes_out_the_same():
    _, over_http = through_both(configuring)
    refused = [answer[2]["Error"]["Code"] for _, answer in over_http.outcomes if isinstance(answer, list)]
    assert set(refused) == {"QueueAlreadyExists", "InvalidParameterValue", "InvalidAttributeValue",
                            "MissingParameter", "KmsNotFound"}  # fmt: skip
