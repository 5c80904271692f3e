"""Deletes before the work, so that nobody else can take it."""


def worker(sqs, queue_url, render):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            for scene in render(message["Body"]):
                pass
