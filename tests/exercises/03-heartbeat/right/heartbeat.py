"""A heartbeat every fourth scene: 20 s after the last one, the message is hidden for 30 s more."""


def worker(sqs, queue_url, render):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            handle = message["ReceiptHandle"]
            for scene in render(message["Body"]):
                if scene % 4 == 0:
                    sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=30)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=handle)
