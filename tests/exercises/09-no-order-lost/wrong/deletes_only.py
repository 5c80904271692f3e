"""Deletes what it receives and stores nothing."""


def entries(messages, **more):
    return [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"], **more} for n, one in enumerate(messages)]


def worker(sqs, queue_url, database):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        if messages := answer.get("Messages"):
            sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries(messages))
