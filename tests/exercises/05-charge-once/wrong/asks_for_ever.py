"""Asks how many messages there are, again and again."""


def worker(sqs, queue_url, dynamodb):
    while True:
        sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])
