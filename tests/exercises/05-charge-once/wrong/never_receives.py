"""Looks at the queue and goes home."""


def worker(sqs, queue_url, dynamodb):
    sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])
