"""Booked, and never deleted."""


def worker(sqs, queue_url, apply, is_applied):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=2, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            if not is_applied(message["Body"]) and not apply(message["Body"]):
                break
