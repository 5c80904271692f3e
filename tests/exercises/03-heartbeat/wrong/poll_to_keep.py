"""Believes that polling keeps its message in flight."""


def worker(sqs, queue_url, render):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            for scene in render(message["Body"]):
                if scene % 4 == 0:
                    sqs.receive_message(QueueUrl=queue_url)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
