"""Does something, but never receives."""


def worker(sqs, queue_url, render):
    sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])
