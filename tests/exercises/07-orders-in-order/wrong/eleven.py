"""More than a receive can bring."""


def worker(sqs, queue_url, apply, is_applied):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=11, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            apply(message["Body"])
