"""Three at a time fit into the visibility timeout."""


def worker(sqs, queue_url, pay, send):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20, MaxNumberOfMessages=3)
        for message in answer.get("Messages", []):
            try:
                pay(message["Body"], message["Body"])
                send(message["Body"])
            except (ConnectionError, ValueError):
                continue
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
