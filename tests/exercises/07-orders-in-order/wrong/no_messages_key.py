"""An empty answer has no key Messages."""


def worker(sqs, queue_url, apply, is_applied):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=2, WaitTimeSeconds=20)
        for message in answer["Messages"]:
            if not is_applied(message["Body"]) and not apply(message["Body"]):
                break
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
