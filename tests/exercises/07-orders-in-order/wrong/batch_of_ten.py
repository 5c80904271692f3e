"""Ten events take longer than the visibility timeout."""


def worker(sqs, queue_url, apply, is_applied):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        waiting = set()
        for message in answer.get("Messages", []):
            order = message["Body"].split()[0]
            if order in waiting:
                continue
            if is_applied(message["Body"]) or apply(message["Body"]):
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            else:
                waiting.add(order)
