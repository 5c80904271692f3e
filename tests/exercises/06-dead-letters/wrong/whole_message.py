"""Gives the message instead of its body."""


def worker(sqs, queue_url, pay, send):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            pay(message, message["MessageId"])
            send(message)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
