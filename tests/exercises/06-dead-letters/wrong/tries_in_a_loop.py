"""Tries the same order again until it works."""


def worker(sqs, queue_url, pay, send):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            order = message["Body"]
            while True:
                try:
                    pay(order, order)
                    send(order)
                    break
                except (ConnectionError, ValueError):
                    continue
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
