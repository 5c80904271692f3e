"""Hands the whole message to render."""


def worker(sqs, queue_url, render):
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            for _ in render(message):
                pass
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
