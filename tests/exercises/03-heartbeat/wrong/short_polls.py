"""A good heartbeat, but it asks an empty queue all the time."""

import time


def worker(sqs, queue_url, render):
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url).get("Messages", []):
            for scene in render(message["Body"]):
                if scene % 4 == 0:
                    sqs.change_message_visibility(
                        QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=30
                    )
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        time.sleep(0.2)
