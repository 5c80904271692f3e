"""A queue that lets SNS in for a topic, as AWS's guide writes its policy."""

import json


def policy_for(queue_arn, topic_arn):
    return json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
            "Resource": queue_arn, "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
        }],
    })  # fmt: skip


def let_sns(sqs, url, topic_arn):
    """Let the topic's messages into the queue; returns the queue's ARN."""
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy_for(arn, topic_arn)})
    return arn
