"""Reads the answer of an empty receive as if it held messages."""


def worker(sqs, queue_url, render):
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=1)["Messages"]:
            for scene in render(message["Body"]):
                if scene % 4 == 0:
                    sqs.change_message_visibility(
                        QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=30
                    )
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
