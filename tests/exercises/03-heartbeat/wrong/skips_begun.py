"""Passes over a video that some worker has begun before, and so never takes over."""

BEGUN = set()


def worker(sqs, queue_url, render):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            if message["Body"] in BEGUN:
                continue
            BEGUN.add(message["Body"])
            handle = message["ReceiptHandle"]
            for scene in render(message["Body"]):
                if scene % 4 == 0:
                    sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=30)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=handle)
