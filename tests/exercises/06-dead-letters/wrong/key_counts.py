"""A new key for each payment."""

from itertools import count

NUMBERS = count(1)


def worker(sqs, queue_url, pay, send):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            try:
                pay(message["Body"], f"payment-{next(NUMBERS)}")
                send(message["Body"])
            except (ConnectionError, ValueError):
                continue
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
