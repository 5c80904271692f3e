"""What is not booked is given back at once, the last first."""

import time


def worker(sqs, queue_url, apply, is_applied):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=2, WaitTimeSeconds=20)
        messages = answer.get("Messages", [])
        while messages and (is_applied(messages[0]["Body"]) or apply(messages[0]["Body"])):
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=messages.pop(0)["ReceiptHandle"])
        for message in reversed(messages):
            handle = message["ReceiptHandle"]
            sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=0)
        if messages:
            time.sleep(5)
