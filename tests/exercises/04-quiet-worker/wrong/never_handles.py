"""Receives and deletes, and nobody makes the orders."""


def worker(sqs, queue_url, handle, told_to_stop):
    while not told_to_stop():
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
