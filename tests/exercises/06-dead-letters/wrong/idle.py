"""Looks at the queue and never receives."""


def worker(sqs, queue_url, pay, send):
    sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])
