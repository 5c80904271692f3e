"""A list in memory dies with its machine."""

booked = []


def worker(sqs, queue_url, apply, is_applied):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=2, WaitTimeSeconds=20)
        waiting = set()
        for message in answer.get("Messages", []):
            order = message["Body"].split()[0]
            if order in waiting:
                continue
            if message["Body"] in booked or apply(message["Body"]):
                booked.append(message["Body"])
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            else:
                waiting.add(order)
