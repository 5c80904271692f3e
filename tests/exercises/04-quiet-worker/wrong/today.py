"""The worker as it runs today: it asks all the time, and whether it is to stop it never asks."""


def worker(sqs, queue_url, handle, told_to_stop):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url)
        for message in answer.get("Messages", []):
            handle(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
