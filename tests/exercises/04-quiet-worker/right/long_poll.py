"""A long poll, one order at a time, and a look at the clock on the wall before each poll."""


def worker(sqs, queue_url, handle, told_to_stop):
    while not told_to_stop():
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            handle(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
