"""Calls render but never loops over the scenes."""


def worker(sqs, queue_url, render):
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            render(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
