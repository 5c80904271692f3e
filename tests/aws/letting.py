"""A queue that lets a service of AWS in for one of its resources, as AWS's guides write such a policy."""

import json


def policy_for(queue_arn, source_arn, service="sns.amazonaws.com"):
    return json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Principal": {"Service": service}, "Action": "sqs:SendMessage",
            "Resource": queue_arn, "Condition": {"ArnEquals": {"aws:SourceArn": source_arn}},
        }],
    })  # fmt: skip


def let(sqs, url, service, source_arn):
    """Let what a service sends for a resource into the queue; returns the queue's ARN."""
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy_for(arn, source_arn, service)})
    return arn


def let_sns(sqs, url, topic_arn):
    """Let the topic's messages into the queue; returns the queue's ARN."""
    return let(sqs, url, "sns.amazonaws.com", topic_arn)


def key_policy(*statements):
    """The policy of a KMS key: its account, as usual, and these statements."""
    own = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [own, *statements]})
