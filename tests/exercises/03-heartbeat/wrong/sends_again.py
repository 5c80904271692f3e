"""Sends what it could not finish as a new message instead of extending."""

import time


def worker(sqs, queue_url, render):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            began = time.time()
            for _ in render(message["Body"]):
                if time.time() - began > 20:
                    sqs.send_message(QueueUrl=queue_url, MessageBody=message["Body"])
                    break
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
