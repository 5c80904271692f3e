"""The message instead of its body."""


def worker(sqs, queue_url, apply, is_applied):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=2, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            if apply(message):
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
