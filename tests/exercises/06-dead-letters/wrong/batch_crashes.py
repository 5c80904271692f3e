"""A batch of five, and the bad order ends the function in its middle."""


def worker(sqs, queue_url, pay, send):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20, MaxNumberOfMessages=5)
        for message in answer.get("Messages", []):
            order = message["Body"]
            pay(order, order)
            send(order)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
