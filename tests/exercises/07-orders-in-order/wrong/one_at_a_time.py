"""Right, and too dear."""


def worker(sqs, queue_url, apply, is_applied):
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            if is_applied(message["Body"]) or apply(message["Body"]):
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
