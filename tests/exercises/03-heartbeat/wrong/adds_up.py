"""Believes that each call adds its seconds to what is left."""


def worker(sqs, queue_url, render):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            for scene in render(message["Body"]):
                if scene % 2 == 0:
                    sqs.change_message_visibility(
                        QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=10
                    )
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
