"""Reads the key that an empty answer has not."""


def worker(sqs, queue_url, handle, told_to_stop):
    while not told_to_stop():
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)["Messages"]:
            handle(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
