"""Passes over a video that it has rendered before, and forgets that the new delivery needs its own delete."""

DONE = set()


def worker(sqs, queue_url, render):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            if message["Body"] in DONE:
                continue
            handle = message["ReceiptHandle"]
            for scene in render(message["Body"]):
                if scene % 4 == 0:
                    sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=30)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=handle)
            DONE.add(message["Body"])
