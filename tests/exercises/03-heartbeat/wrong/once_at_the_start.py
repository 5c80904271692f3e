"""One extension at the start, as if it lasted for the whole work."""


def worker(sqs, queue_url, render):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            handle = message["ReceiptHandle"]
            sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=60)
            list(render(message["Body"]))
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=handle)
