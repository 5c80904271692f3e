"""One very long timeout at the start of the work."""


def worker(sqs, queue_url, render):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            sqs.change_message_visibility(
                QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=150
            )
            for scene in render(message["Body"]):
                pass
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
