"""A worker that handles one message and returns: its supervisor starts it again."""


def keep(sqs, queue_url, handle):
    sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=45)


def worker(sqs, queue_url, render):
    messages = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages")
    if not messages:
        return
    (message,) = messages
    keep(sqs, queue_url, message["ReceiptHandle"])
    for number, _ in enumerate(render(message["Body"]), start=1):
        if number % 6 == 0:
            keep(sqs, queue_url, message["ReceiptHandle"])
    sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
