"""Puts the failed order at the end of the queue as a new message."""


def worker(sqs, queue_url, pay, send):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            order = message["Body"]
            try:
                pay(order, order)
                send(order)
            except (ConnectionError, ValueError):
                sqs.send_message(QueueUrl=queue_url, MessageBody=order, DelaySeconds=30)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
