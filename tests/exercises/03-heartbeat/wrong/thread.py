"""A heartbeat in a thread of its own."""

import threading
import time


def worker(sqs, queue_url, render):
    def beat(handle):
        while True:
            time.sleep(20)
            sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=30)

    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            threading.Thread(target=beat, args=[message["ReceiptHandle"]]).start()
            list(render(message["Body"]))
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
