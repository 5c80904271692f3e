"""An empty answer taken for an empty queue: after it the worker waits for orders that it does not ask for."""

import time


def worker(sqs, queue_url, handle, told_to_stop):
    while messages := sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages"):
        handle(messages[0]["Body"])
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=messages[0]["ReceiptHandle"])
    while not told_to_stop():
        time.sleep(10)
