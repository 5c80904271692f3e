"""One very long timeout at the receive; believes that a crash gives the message back."""


def worker(sqs, queue_url, render):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20, VisibilityTimeout=600)
        for message in answer.get("Messages", []):
            for scene in render(message["Body"]):
                pass
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
