"""Sorts what SQS had in order."""


def worker(sqs, queue_url, apply, is_applied):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=3, WaitTimeSeconds=20)
        for message in sorted(answer.get("Messages", []), key=lambda message: message["Body"]):
            if not is_applied(message["Body"]) and not apply(message["Body"]):
                break
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
