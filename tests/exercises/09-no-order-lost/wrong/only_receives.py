"""Receives, and does nothing with it."""


def worker(sqs, queue_url, database):
    while True:
        sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
