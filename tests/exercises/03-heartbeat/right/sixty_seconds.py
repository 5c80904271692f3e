"""Another route: 60 s from the receive on, renewed by the clock instead of by scenes, with a batch receive loop."""

import time


def worker(sqs, queue_url, render):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20, VisibilityTimeout=55)
        for message in answer.get("Messages", []):
            extended = time.time()
            for _ in render(message["Body"]):
                if time.time() - extended >= 40:
                    sqs.change_message_visibility(
                        QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=55
                    )
                    extended = time.time()
            sqs.delete_message_batch(
                QueueUrl=queue_url, Entries=[{"Id": "done", "ReceiptHandle": message["ReceiptHandle"]}]
            )
