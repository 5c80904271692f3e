"""Asks after the poll instead of before it, and so leaves with an order in its hands."""


def worker(sqs, queue_url, handle, told_to_stop):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        if told_to_stop():
            break
        for message in answer.get("Messages", []):
            handle(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
