"""One poll, one order, and back: the supervisor starts it again."""


def worker(sqs, queue_url, handle, told_to_stop):
    if told_to_stop():
        return
    messages = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages")
    if messages:
        handle(messages[0]["Body"])
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=messages[0]["ReceiptHandle"])
