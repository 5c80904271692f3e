"""Asks before each poll whether it is to stop, and polls all the time."""


def worker(sqs, queue_url, handle, told_to_stop):
    while not told_to_stop():
        for message in sqs.receive_message(QueueUrl=queue_url).get("Messages", []):
            handle(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
