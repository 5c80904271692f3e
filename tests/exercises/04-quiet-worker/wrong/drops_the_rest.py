"""Stops in the middle of a batch and gives nothing back."""


def worker(sqs, queue_url, handle, told_to_stop):
    while not told_to_stop():
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            if told_to_stop():
                return
            handle(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
